"""How far people agree beyond chance: kappa of Cohen and of Fleiss, and Krippendorff's alpha.

Ratings are (N, R) class numbers of N items by R people, -1 where somebody did not answer. All three
are 1 where everybody agrees and 0 where no more do than chance alone would make. Where only one
class was ever named there is nothing to agree about, and they are NaN.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Ratings = NDArray[np.integer[Any]]
Counts = NDArray[np.integer[Any]]  # (N, C) how many people gave an item a class
Cells = NDArray[np.integer[Any]]  # (C, C) items that two people gave a class each

DRAWS = 2_000  # of a bootstrap


class Measured(NamedTuple):
    """A measure of agreement, its interval, and the items that it rests on."""

    value: float
    low: float
    high: float
    items: int


def cells(first: Ratings, second: Ratings, classes: int) -> Cells:
    """Return (classes, classes): of the items that both rated, how many got this and that class.

    Rows are what the first said, columns what the second did.

    Raises:
        SSLError: the two are not equally long, or a number is none of a class.
    """
    if first.shape != second.shape:
        raise SSLError(f"{len(first)} ratings cannot be compared with {len(second)}.")
    _numbers(np.concatenate([first, second]), classes)
    both = (first >= 0) & (second >= 0)
    found = np.zeros((classes, classes), np.int64)
    np.add.at(found, (first[both], second[both]), 1)
    return found


def counts(ratings: Ratings, classes: int) -> Counts:
    """Return (n, classes): how many people gave each class to each item that two or more rated.

    Raises:
        SSLError: a number is none of a class.
    """
    _numbers(ratings, classes)
    found: Counts = np.stack([(ratings == number).sum(1) for number in range(classes)], 1)
    several: Counts = found[found.sum(1) > 1]
    return several


def cohen(table: Cells, *, level: float = 0.95, seed: int = 0) -> Measured:
    """Return Cohen's kappa (1960, Educational and Psychological Measurement 20) of two people.

    The interval is that of the percentile bootstrap over items (Efron & Tibshirani, 1993).
    """
    size = int(table.sum())
    if not size:
        return _none()
    draws = np.random.default_rng(seed).multinomial(size, table.ravel() / size, DRAWS)
    drawn = _kappa(draws.reshape(DRAWS, *table.shape) / size)
    return _measured(float(_kappa(table[None] / size)[0]), drawn, size, level)


def fleiss(rated: Counts, *, level: float = 0.95, seed: int = 0) -> Measured:
    """Return Fleiss' kappa (1971, Psychological Bulletin 76) of `counts`.

    His items have equally many raters. Where they have not, each item's agreement is that among
    its own raters, items count alike, and a class's chance is its share of all ratings.
    """
    return _over_items(rated, _fleiss, level, seed)


def krippendorff(rated: Counts, *, level: float = 0.95, seed: int = 0) -> Measured:
    """Return Krippendorff's alpha for nominal data.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).

    An item counts by its pairs of ratings, so that missing ones do no harm; alpha allows for few
    items, where kappa's chance is too high.
    """
    return _over_items(rated, _alpha, level, seed)


def _over_items(rated: Counts, statistic: Any, level: float, seed: int) -> Measured:
    size = len(rated)
    if not size:
        return _none()
    # Items that were rated alike are drawn together: so many of them are drawn by one multinomial
    kinds, times = np.unique(rated, axis=0, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(size, times / size, DRAWS)
    drawn = statistic(draws, kinds)
    return _measured(float(statistic(times[None], kinds)[0]), drawn, size, level)


def _kappa(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(D, C, C) shares of all items -> (D,)."""
    observed = np.trace(shares, axis1=1, axis2=2)
    chance = (shares.sum(1) * shares.sum(2)).sum(1)
    return _beyond(observed, chance)


def _fleiss(times: NDArray[np.int64], kinds: Counts) -> NDArray[np.float64]:
    """(D, K) how often each kind of item occurs, (K, C) its counts -> (D,)."""
    raters = kinds.sum(1)
    agreeing = ((kinds**2).sum(1) - raters) / (raters * (raters - 1))
    share = times @ kinds / (times @ raters)[:, None]
    return _beyond(times @ agreeing / times.sum(1), (share**2).sum(1))


def _alpha(times: NDArray[np.int64], kinds: Counts) -> NDArray[np.float64]:
    """Likewise: one minus the observed disagreement over the expected."""
    raters = kinds.sum(1)
    apart = (raters**2 - (kinds**2).sum(1)) / (raters - 1)
    total = times @ raters
    expected = (total**2 - ((times @ kinds) ** 2).sum(1)) / (total - 1)
    return _beyond(1 - times @ apart / total, 1 - expected / total)


def _beyond(observed: NDArray[np.float64], chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The agreement beyond chance, as a share of what was possible; NaN where nothing was."""
    left = 1 - chance
    possible = left > 1e-12
    return np.where(possible, (observed - chance) / np.where(possible, left, 1), np.nan)


def _measured(value: float, drawn: NDArray[np.float64], items: int, level: float) -> Measured:
    known = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(known):
        return _none()._replace(items=items)
    tail = (1 - level) / 2
    low, high = np.quantile(known, (tail, 1 - tail))
    return Measured(value, float(low), float(high), items)


def _none() -> Measured:
    return Measured(float("nan"), float("nan"), float("nan"), 0)


def _numbers(ratings: Ratings, classes: int) -> None:
    if ratings.size and not (ratings.min() >= -1 and ratings.max() < classes):
        raise SSLError(f"Ratings are numbers from 0 to {classes - 1}, or -1 for none.")
