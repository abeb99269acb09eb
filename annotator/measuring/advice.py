"""When to stop labeling: advice from the test curve and from how much rounds still change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.measuring.accuracy import interval
from annotator.measuring.goal import reached
from annotator.measuring.stretches import stretches
from annotator.model import Advice, CurvePoint, Look

Floats = NDArray[np.float64]

SAME = 0.99  # Cohen's kappa from which two rounds say the same
STEADY = 3  # rounds in a row that must
ENOUGH = 4  # rounds with different numbers of labels that a forecast needs
MORE = 100  # labels that it looks ahead
WIDEST = 0.2  # interval of the newest accuracy beside which a few points of gain say nothing
Z = 1.96  # standard deviations on each side of a 95 % interval
DRAWS = 400  # curves drawn for its interval
EXPONENTS = np.geomspace(0.05, 3, 60)  # c of a - b n^-c


@dataclass(frozen=True, slots=True)
class Forecast:
    """What further labels would add to the test accuracy, as shares."""

    more: int  # labels
    gain: float
    low: float  # 95 % interval
    high: float


def kappa(first: NDArray[np.int64], second: NDArray[np.int64]) -> float | None:
    """Cohen's kappa (1960) of the classes (n,) that two give the same images; None without any.

    1: the same throughout; 0: no better than chance. Where both name one class only, it is 1.
    """
    n = len(first)
    if not n:
        return None
    observed = int((first == second).sum()) / n
    one, other = (dict(zip(*_counted(each), strict=True)) for each in (first, second))
    chance = sum(one[key] * other.get(key, 0) for key in one) / n**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def _counted(classes: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """The classes there are, and how often each is there."""
    there, counts = np.unique(classes, return_counts=True)
    return there.tolist(), counts.tolist()


def forecast(points: Sequence[CurvePoint], more: int = MORE, seed: int = 0) -> Forecast | None:
    """Extend the curve by the power law a - b n^-c; None with fewer than ENOUGH rounds.

    The interval: the same fit to DRAWS curves whose accuracies are drawn from what their counts
    leave open (see `_drawn`), its 2.5 and 97.5 % quantiles. Where rounds scatter about the fit more
    than their counts explain, the draws scatter as much more.

    Args:
        points: of one model, any order.
        more: labels beyond the largest number so far.
        seed: of the draws.
    """
    if len({each.labels for each in points}) < ENOUGH:
        return None
    labels = np.array([each.labels for each in points], np.float64)
    trials = np.array([each.n for each in points], np.float64)
    right = np.array([each.accuracy for each in points]) * trials
    width = np.array([each.high - each.low for each in points])
    weights = 1 / np.maximum(width, 1e-6) ** 2
    rng = np.random.default_rng(seed)
    measured = right / trials
    between = np.array([labels.max(), labels.max() + more])
    gains, error = _gains(labels, measured[None], weights, between)
    scatter = error[0] * (2 * Z) ** 2 / max(len(points) - 3, 1)  # chi-square by its freedom
    drawn = _drawn(labels, right, trials, rng)
    drawn = np.clip(measured + (drawn - measured) * max(scatter, 1.0) ** 0.5, 0, 1)
    low, high = np.quantile(_gains(labels, drawn, weights, between)[0], [0.025, 0.975])
    last = max(points, key=lambda each: (each.labels, each.round))
    gain = min(float(gains[0]), 1 - last.accuracy)  # nobody gets more than all of them right
    return Forecast(more, gain, min(float(low), gain), max(min(float(high), 1 - last.low), gain))


def _drawn(labels: Floats, right: Floats, trials: Floats, rng: np.random.Generator) -> Floats:
    """Draw DRAWS curves (DRAWS, r), each point from Beta(k + 1, n - k + 1).

    All rounds are judged on the same test images, so neighbors err alike and many rounds together
    know little more than few: the first and the last error are independent, and those between are
    mixed of the two. Each round adds an error of its own, of half the variance.
    """
    from scipy.special import betaincinv, ndtr  # only where it is used, as in `interval`

    order = labels.argsort(kind="stable").argsort(kind="stable")
    toward_last = order / max(len(labels) - 1, 1)
    first, last = rng.standard_normal((2, DRAWS, 1))
    own = rng.standard_normal((DRAWS, len(labels)))
    error = first * np.sqrt(1 - toward_last) + last * np.sqrt(toward_last) + own * np.sqrt(0.5)
    curves: Floats = betaincinv(right + 1, trials - right + 1, ndtr(error))
    return curves


def _gains(labels: Floats, curves: Floats, weights: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Fit each curve (m, r): its rise (m,) between two numbers of labels, and its error (m,)."""
    best = np.full(len(curves), np.inf)
    gains = np.zeros(len(curves))
    for exponent in EXPONENTS:
        x = labels**-exponent
        a, b = _line(x, curves, weights)
        error = (weights * (curves - (a[:, None] - b[:, None] * x)) ** 2).sum(1)
        better = error < best
        best[better] = error[better]
        rise = b * (at[0] ** -exponent - at[1] ** -exponent)
        gains[better] = rise[better]
    return gains, best


def _line(x: Floats, curves: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted least squares of a - b x with a at most 1 and b at least 0: (m,), (m,)."""
    share = weights / weights.sum()
    middle, mean = share @ x, curves @ share
    spread = max(float(share @ (x - middle) ** 2), 1e-30)
    b = -((curves - mean[:, None]) * (x - middle)) @ share / spread
    a = mean + b * middle
    capped = ((1 - curves) * x) @ share / (share @ x**2)  # the best b where a is 1
    b = np.where(a > 1, capped, b)
    falling = b < 0
    a = np.where(falling, mean, np.minimum(a, 1.0))
    return a, np.where(falling, 0.0, b)


def enough_tests(point: CurvePoint) -> int:
    """How many test labels narrow the interval of this accuracy to WIDEST."""
    n = point.n
    while np.diff(interval(round(point.accuracy * n), n))[0] > WIDEST:
        n += 1
    return n


def advise(
    points: Sequence[CurvePoint],
    looks: Sequence[Look],
    agreements: Sequence[float | None],
    goal: float,
    unjudged: int = 0,
) -> list[Advice]:
    """What speaks for stopping and what against it, in sentences.

    Args:
        points: the semi-supervised model's test accuracy, by round.
        looks: how right it was when the round ended, of each finished round, oldest first.
        agreements: of each finished round with the one before, oldest first.
        goal: the accuracy that is wanted.
        unjudged: test images that were put off or that nobody can tell.
    """
    if not points:
        return [Advice("No test image has been labeled and judged by a round yet.", False)]
    return [reached(looks, goal, unjudged), _steady(agreements), _ahead(points)]


def _steady(agreements: Sequence[float | None]) -> Advice:
    known = [each for each in agreements if each is not None]
    last = agreements[-STEADY:]
    if len(last) == STEADY and all(each is not None and each >= SAME for each in last):
        told = ", ".join(f"{each:.3f}" for each in last if each is not None)
        return Advice(f"{STEADY} rounds in a row said the same (kappa {told}).", True)
    if not known:
        return Advice("One round alone cannot tell whether the model still changes.", False)
    return Advice(
        f"The model still changes, or did a moment ago: the last two rounds agree with a kappa of "
        f"{known[-1]:.3f}; {STEADY} rounds in a row at {SAME} would say that it has settled.",
        False,
    )


def _ahead(points: Sequence[CurvePoint]) -> Advice:
    *earlier, newest = stretches(points)
    found = forecast(newest)
    if found is None:
        rounds = len({each.labels for each in newest})
        since = " measured on the same test images" if earlier else ""
        return Advice(
            f"Too few rounds{since} to say what more labels would bring: {rounds} of {ENOUGH}.",
            False,
        )
    last = newest[-1]
    if last.high - last.low > WIDEST:
        return Advice(
            f"Too few test labels to say what more labels would bring: {last.n:,} of about "
            f"{enough_tests(last):,}.",
            False,
        )
    return Advice(
        f"The next {found.more} labels would bring about {100 * found.gain:+.1f} points "
        f"({100 * found.low:.1f} to {100 * found.high:.1f}).",
        found.high < 0.01,
    )
