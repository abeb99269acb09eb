"""Two models on the same rows: how far one is ahead, and how much of that is chance."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError
from ssl_core.measure.metrics import Classes

Probabilities = NDArray[np.floating[Any]]

POWERS = np.geomspace(1 / 8, 8, 49)  # of probabilities: above 1 they become surer
TINY = 1e-6  # the least probability that is counted: no single row decides


def lead(truth: Classes, one: Probabilities, other: Probabilities) -> tuple[float, float]:
    """Return by how much `one` is ahead in mean log loss, and the standard error of that (nats).

    Both are probabilities (n, C) of rows whose classes are `truth` (n,). Every class weighs the
    same. Each side answers at the temperature that suits it best (Guo et al., 2017, "On Calibration
    of Modern Neural Networks"), for which of them is surer says little of which knows more. The
    error is that of models that are equally good: what one has gained on a row, the other could as
    well have.

    Raises:
        SSLError: they are not equally long.
    """
    if not len(truth) == len(one) == len(other):
        raise SSLError(
            f"{len(truth)} true classes cannot be compared with {len(one)} and {len(other)}."
        )
    weight = balance(truth)
    gain = weight * (surprise(truth, other) - surprise(truth, one))
    return float(gain.sum()), float(np.sqrt(np.square(gain).sum()))


def surprise(truth: Classes, said: Probabilities) -> NDArray[np.float64]:
    """Return -log p of each row's class (n,), in nats, at the best of several temperatures."""
    log = np.log(np.maximum(said.astype(np.float64), TINY))
    tempered = POWERS[:, None, None] * log
    top = tempered.max(2)
    whole = top + np.log(np.exp(tempered - top[:, :, None]).sum(2))
    each = whole - tempered[:, np.arange(len(truth)), truth]
    chosen: NDArray[np.float64] = each[(each @ balance(truth)).argmin()]
    return chosen


def balance(truth: Classes) -> NDArray[np.float64]:
    """Return weights (n,) of rows that add up to 1 and to the same for each class in `truth`."""
    classes, place, size = np.unique(truth, return_inverse=True, return_counts=True)
    weights: NDArray[np.float64] = 1 / (len(classes) * size[place])
    return weights
