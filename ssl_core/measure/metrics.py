"""How good predictions are: arrays of classes in, numbers out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Classes = NDArray[np.integer[Any]]


def accuracy(truth: Classes, predicted: Classes) -> float:
    """Return the share of (n,) predictions that are right; NaN for no rows.

    Raises:
        SSLError: the two are not equally long.
    """
    _paired(truth, predicted)
    return float((truth == predicted).mean()) if len(truth) else float("nan")


def balanced_accuracy(truth: Classes, predicted: Classes) -> float:
    """Return the mean over the classes in `truth` (n,) of the share found; NaN for no rows.

    Raises:
        SSLError: the two are not equally long.
    """
    _paired(truth, predicted)
    found = [float((predicted[truth == c] == c).mean()) for c in np.unique(truth)]
    return float(np.mean(found)) if found else float("nan")


def _paired(truth: Classes, predicted: Classes) -> None:
    if truth.shape != predicted.shape:
        raise SSLError(f"{len(truth)} true classes cannot be compared with {len(predicted)}.")
