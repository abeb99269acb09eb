"""How good predictions are: arrays of classes in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Classes = NDArray[np.integer[Any]]


def accuracy(truth: Classes, predicted: Classes) -> float:
    """Return the share of (n,) predictions that are right; NaN for no rows."""
    _paired(truth, predicted)
    return float((truth == predicted).mean()) if len(truth) else float("nan")


def balanced_accuracy(truth: Classes, predicted: Classes) -> float:
    """Return the mean over the classes in `truth` of the share found; NaN for no rows."""
    _paired(truth, predicted)
    found = [float((predicted[truth == c] == c).mean()) for c in np.unique(truth)]
    return float(np.mean(found)) if found else float("nan")


def confusion(truth: Classes, predicted: Classes, num_classes: int) -> NDArray[np.int64]:
    """Count (C, C): rows are the true classes, columns the predicted ones."""
    _paired(truth, predicted)
    for name, classes in (("true", truth), ("predicted", predicted)):
        if len(classes) and not 0 <= classes.min() <= classes.max() < num_classes:
            raise SSLError(f"The {name} classes must be 0 to {num_classes - 1}.")
    cells = truth.astype(np.int64) * num_classes + predicted
    return np.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


@dataclass(frozen=True, slots=True)
class PseudoLabelQuality:
    """How many predictions are confident enough to be labels, and how many of those are right."""

    total: int
    kept: int
    ratio: float  # kept / total; NaN for no rows
    precision: float  # share of the kept that are right; NaN where none is


def pseudo_label_quality(
    truth: Classes, predicted: Classes, confidence: NDArray[np.floating[Any]], threshold: float
) -> PseudoLabelQuality:
    """Measure the pseudo-labels with (n,) confidence at or above `threshold` against the truth."""
    _paired(truth, predicted)
    kept = confidence >= threshold
    count, total = int(kept.sum()), len(truth)
    return PseudoLabelQuality(
        total, count, count / total if total else float("nan"),
        accuracy(truth[kept], predicted[kept]),
    )  # fmt: skip


def _paired(truth: Classes, predicted: Classes) -> None:
    if truth.shape != predicted.shape:
        raise SSLError(f"{len(truth)} true classes cannot be compared with {len(predicted)}.")
