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


def calibration_error(truth: Classes, said: NDArray[np.floating[Any]], bins: int = 15) -> float:
    """Return by how much confidence and accuracy differ on the mean, 0 to 1; NaN for no rows.

    The expected calibration error (Naeini et al., 2015; Guo et al., 2017, equation 3): rows are
    put into equal bins by the largest of their probabilities `said` (n, C).

    Raises:
        SSLError: there is not one row of probabilities for each of `truth` (n,).
    """
    _paired(truth, said.argmax(1))
    if not len(truth):
        return float("nan")
    confidence, right = said.max(1), said.argmax(1) == truth
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = np.bincount(place, right - confidence, minlength=bins)  # sums, so each bin by its rows
    return float(np.abs(gap).sum() / len(truth))


def _paired(truth: Classes, predicted: Classes) -> None:
    if truth.shape != predicted.shape:
        raise SSLError(f"{len(truth)} true classes cannot be compared with {len(predicted)}.")
