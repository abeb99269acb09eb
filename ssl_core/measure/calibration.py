"""Calibration: is an answer as often right as it is sure, and what makes it so. Arrays alone.

`said` are probabilities (n, C) of rows that the model had not learned from, `y` (n,) their classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from ssl_core.errors import SSLError
from ssl_core.measure.proportion import interval

Floats: TypeAlias = NDArray[np.float64]
Said: TypeAlias = NDArray[np.floating[Any]]
Classes: TypeAlias = NDArray[np.integer[Any]]

BINS = 15
SPREAD = 0.5  # standard deviation of the logarithm of a temperature about 1, beforehand
SHIFT = 0.5  # likewise of the shift of a class about 0
WIDEST = 3.0  # greatest such logarithm
ROOM = 1e-9  # a probability counts as this at least
TINY = 1e-4  # likewise where a loss is fitted: no single row decides


@dataclass(frozen=True, slots=True)
class Calibration:
    """Answers p become softmax(slope * log p + shift), class by class.

    One slope for all and no shift is temperature scaling; one each is vector scaling (Guo et al.,
    2017, sections 4.2 and 5).
    """

    slopes: Floats  # (C,)
    shifts: Floats  # (C,)

    def applied(self, said: Said) -> Floats:
        """Return calibrated probabilities (n, C)."""
        found: Floats = softmax(self.slopes * _logs(said) + self.shifts, axis=1)
        return found


def tempered(said: Said, temperature: float) -> Floats:
    """Return probabilities (n, C) to the power of 1 / temperature, rows adding up to 1."""
    found: Floats = softmax(_logs(said) / temperature, axis=1)
    return found


def temperature(said: Said, y: Classes, weights: Floats | None = None) -> float:
    """Return the temperature at which the answers explain `y` best.

    By log loss, with weights (n,) of the rows, beside a prior about 1: a few labels that were all
    guessed right do not make anyone certain. Without rows it is 1.
    """
    _paired(said, y)
    weighs = np.ones(len(y)) if weights is None else weights

    def loss(log: float) -> float:
        given = tempered(said, math.exp(log))[np.arange(len(y)), y]
        return float(weighs @ -np.log(given.clip(TINY))) + 0.5 * (log / SPREAD) ** 2

    from scipy.optimize import minimize_scalar  # half a second, which pages do not need

    found = minimize_scalar(loss, bounds=(-WIDEST, WIDEST), method="bounded")
    return math.exp(float(found.x)) if len(y) else 1.0


def by_temperature(said: Said, y: Classes) -> Calibration:
    """Fit one temperature for all classes: no answer changes its class."""
    classes = said.shape[1]
    return Calibration(np.full(classes, 1 / temperature(said, y)), np.zeros(classes))


def by_class(said: Said, y: Classes) -> Calibration:
    """Fit a slope and a shift for each class; where labels are few, they stay near those of all.

    The prior: logarithms of slopes about that of the common one, shifts about 0.
    """
    common = by_temperature(said, y)
    logs, classes, middle = _logs(said), said.shape[1], np.log(common.slopes)
    given = np.eye(classes)[y]

    def loss(theta: Floats) -> tuple[float, Floats]:
        away, shifts = theta[:classes], theta[classes:]
        slopes = np.exp(middle + away)
        answers = log_softmax(slopes * logs + shifts, axis=1)
        gap = np.exp(answers) - given
        missed = -float((answers * given).sum())
        prior = 0.5 * float((away / SPREAD) @ (away / SPREAD) + (shifts / SHIFT) @ (shifts / SHIFT))
        slope = (gap * logs).sum(0) * slopes + away / SPREAD**2
        return missed + prior, np.concatenate([slope, gap.sum(0) + shifts / SHIFT**2])

    from scipy.optimize import minimize

    found = minimize(loss, np.zeros(2 * classes), jac=True, method="L-BFGS-B").x
    return Calibration(np.exp(middle + found[:classes]), found[classes:])


def calibration_error(y: Classes, said: Said, bins: int = BINS) -> float:
    """Return by how much confidence and accuracy differ on the mean, 0 to 1; NaN for no rows.

    The expected calibration error (Naeini et al., 2015) in bins of equal mass (Nguyen & O'Connor,
    2015): equally many rows each, by the largest of their probabilities. Rows that are equally sure
    share a bin, so that the order of rows does not matter.

    Raises:
        SSLError: there is not one row of probabilities for each of `y`.
    """
    _paired(said, y)
    return _error(said.max(1), said.argmax(1) == y, bins) if len(y) else float("nan")


def classwise_error(y: Classes, said: Said, bins: int = BINS) -> float:
    """Return the same for each class's own probability, the mean over classes; NaN for no rows.

    The classwise expected calibration error (Kull et al., 2019), in bins of equal mass.

    Raises:
        SSLError: there is not one row of probabilities for each of `y`.
    """
    _paired(said, y)
    if not len(y):
        return float("nan")
    return float(np.mean([_error(said[:, c], y == c, bins) for c in range(said.shape[1])]))


def brier(y: Classes, said: Said) -> float:
    """Return the mean squared distance of answers and truth, 0 to 2 (Brier, 1950)."""
    _paired(said, y)
    return float(((said - np.eye(said.shape[1])[y]) ** 2).sum(1).mean()) if len(y) else float("nan")


def log_loss(y: Classes, said: Said) -> float:
    """Return the mean negative log likelihood, in nats; a probability counts as ROOM at least."""
    _paired(said, y)
    return float(-_logs(said)[np.arange(len(y)), y].mean()) if len(y) else float("nan")


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows that are about equally sure.

    Attributes:
        n: rows.
        confidence: their mean confidence.
        right: the share of them that is right.
        low: lower end of its exact 95 % interval (Clopper & Pearson), for this bin alone.
        high: upper end.
    """

    n: int
    confidence: float
    right: float
    low: float
    high: float


def reliability(y: Classes, said: Said, bins: int = BINS) -> list[Bin]:
    """Return the bins of a reliability diagram, least sure first; none without rows.

    Raises:
        SSLError: there is not one row of probabilities for each of `y`.
    """
    _paired(said, y)
    confidence, right = said.max(1), said.argmax(1) == y
    place = _places(confidence, bins)
    found = []
    for each in np.unique(place):
        inside = place == each
        n, x = int(inside.sum()), int(right[inside].sum())
        found.append(Bin(n, float(confidence[inside].mean()), x / n, *interval(x, n)))
    return found


def _error(confidence: Said, right: NDArray[np.bool_], bins: int) -> float:
    gaps = np.bincount(_places(confidence, bins), right - confidence.astype(np.float64))
    return float(np.abs(gaps).sum() / len(right))  # of sums, so each bin counts by its rows


def _places(confidence: Said, bins: int) -> NDArray[np.int64]:
    """Return the bin (n,) of each row: about equally many each, ties together."""
    ranked = np.sort(confidence)
    starts = ranked[np.arange(1, bins) * len(ranked) // bins] if len(ranked) else ranked
    found: NDArray[np.int64] = np.searchsorted(np.unique(starts), confidence, side="right")
    return found


def _logs(said: Said) -> Floats:
    found: Floats = np.log(np.asarray(said, np.float64).clip(ROOM))
    return found


def _paired(said: Said, y: Classes) -> None:
    if said.ndim != 2 or len(said) != len(y):
        raise SSLError(
            f"{len(y):,} classes need as many rows of probabilities, not an array {said.shape}."
        )
