"""Labels that may be wrong, by what models say that had not learned from them. Arrays alone.

Confident learning (Northcutt, Jiang & Chuang, 2021, "Confident Learning: Estimating Uncertainty in
Dataset Labels"): answers that are confident tell which share of each class's labels is wrong
(section 3.1), and so many of these are doubted, the least likely ones ("prune by class", 3.2). A
class is confident from a threshold of its own on, so that one of which the model is always sure
accuses nobody more than others do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Floats: TypeAlias = NDArray[np.float64]
Classes: TypeAlias = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Doubted:
    """Rows whose labels are doubted, the least likely label first.

    Attributes:
        rows: (k,) int64 places among the rows that were asked about.
        said: (k,) int64 the likeliest class of each, which is not its label.
        sure: (k,) how likely that is, 0 to 1.
        own: (k,) how likely the label itself is, 0 to 1 (its self-confidence).
    """

    rows: NDArray[np.int64]
    said: NDArray[np.int64]
    sure: Floats
    own: Floats


def thresholds(y: Classes, said: NDArray[np.floating[Any]]) -> Floats:
    """Return how sure answers (n, C) are of each class (C,) on the mean of the rows of its label.

    A class that is nobody's label has an infinite one: it accuses no label.
    """
    own = said[np.arange(len(y)), y].astype(np.float64)
    total = np.bincount(y, own, minlength=said.shape[1])
    count = np.bincount(y, minlength=said.shape[1])
    return np.where(count > 0, total / np.maximum(count, 1), np.inf)


def confident_joint(y: Classes, said: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Return how many rows of each label (row) are confidently of each class (column), (C, C).

    A row counts where a class reaches its threshold, for the likeliest of those that do.
    """
    reached = said >= thresholds(y, said)
    counted = reached.any(1)
    meant = np.where(reached, said, -1.0).argmax(1)
    joint = np.zeros((said.shape[1], said.shape[1]), np.int64)
    np.add.at(joint, (y[counted], meant[counted]), 1)
    return joint


def doubted(y: Classes, said: NDArray[np.floating[Any]]) -> Doubted:
    """Return the labels that are probably another class's.

    Of each class as many as the confident joint says are wrong, rounded, and no more than those of
    which the likeliest class is another one.

    Args:
        y: the labels (n,), 0 to C - 1.
        said: probabilities (n, C) for these rows by models that had not learned from their labels;
            of models that had, a label would vouch for itself.

    Raises:
        SSLError: there is not one row of probabilities for each label.
    """
    if said.ndim != 2 or len(said) != len(y):
        raise SSLError(
            f"{len(y):,} labels need as many rows of probabilities, not an array {said.shape}."
        )
    likeliest, own = said.argmax(1), said[np.arange(len(y)), y].astype(np.float64)
    joint = confident_joint(y, said)
    chosen = []
    for label in np.unique(y):
        counted = joint[label].sum()
        share = 1 - joint[label, label] / counted if counted else 0.0
        against = np.flatnonzero((y == label) & (likeliest != label))
        against = against[np.argsort(own[against], kind="stable")]
        chosen.append(against[: int(share * (y == label).sum() + 0.5)])
    rows = np.concatenate([np.empty(0, np.int64), *chosen])
    rows = rows[np.argsort(own[rows], kind="stable")]
    return Doubted(rows, likeliest[rows], said[rows, likeliest[rows]].astype(np.float64), own[rows])
