"""Pools in a frozen order whose wrong rows are known: invented, built to trick, and real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import sets
import torch
from numpy.typing import NDArray
from scipy.special import expit

from ssl_core.measure.calibration import by_temperature
from ssl_core.measure.certificate import allowed, frozen
from ssl_core.measure.certificate.pilot import places
from ssl_core.parts.graph.spreading import Spread
from ssl_core.parts.linear import Linear

PILOT = 100  # validation rows that the plan is made from; not counted among the labels
NODES = 200_001
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """Rows by rank: which are wrong (N,), how sure the model was (N,), and the validation rows."""

    wrong: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    at: NDArray[np.float64]  # places (v,) of validation rows in the order
    wrong_at: NDArray[np.bool_]

    def counted(self) -> NDArray[np.int64]:
        """Wrong rows among the first k, for k = 0 to N."""
        return np.concatenate([[0], self.wrong.cumsum()])

    def oracle(self, epsilon: float) -> int:
        """The largest k of which no more are wrong than may be."""
        return int(np.flatnonzero(self.counted() <= limits(epsilon, len(self.wrong)))[-1])


@cache
def limits(epsilon: float, size: int) -> NDArray[np.int64]:
    """How many of the first k may be wrong, for k = 0 to `size`."""
    return np.array([allowed(epsilon, k) for k in range(size + 1)])


def invented(
    size: int, accuracy: float, spread: float, rng: np.random.Generator, *, noise: float = 0
) -> Pool:
    """The true logit of being right is Normal(mu, spread); the score is it, or it and noise."""
    logit = _middle(accuracy, spread) + spread * rng.standard_normal(size + PILOT)
    wrong = rng.random(len(logit)) >= expit(logit)
    score = logit + noise * rng.standard_normal(len(logit))
    return _ordered(score, wrong, expit(score))


def confidently_wrong(size: int, rng: np.random.Generator) -> Pool:
    """97 % right, and one in a hundred of the surest half is wrong all the same."""
    logit = _middle(0.97, 2.0) + 2.0 * rng.standard_normal(size + PILOT)
    wrong = rng.random(len(logit)) >= expit(logit)
    wrong |= (logit > np.median(logit)) & (rng.random(len(logit)) < 0.01)
    return _ordered(logit, wrong, expit(logit))


def imbalanced(size: int, rng: np.random.Generator) -> Pool:
    """Ten classes by Zipf's law; the rarer, the worse, and the more over-confident."""
    shares = 1 / np.arange(1, 11)
    of = rng.choice(10, size + PILOT, p=shares / shares.sum())
    logit = _middle(0.95, 2.0) - 0.25 * of + 2.0 * rng.standard_normal(len(of))
    wrong = rng.random(len(of)) >= expit(logit)
    return _ordered(logit + 0.2 * of, wrong, expit(logit + 0.2 * of))


@cache
def _middle(accuracy: float, spread: float) -> float:
    """The mean of a normal logit with that mean chance of being right."""
    nodes = np.sort(np.random.default_rng(0).standard_normal(NODES)) * spread
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(middle + nodes).mean() < accuracy else (low, middle)
    return low


def _ordered(score: Floats, wrong: NDArray[np.bool_], confidence: Floats) -> Pool:
    """The last PILOT rows are validation, the others the pool."""
    pool, at = score[:-PILOT], places(score[:-PILOT], score[-PILOT:])
    order = np.argsort(-pool, kind="stable")
    return Pool(wrong[:-PILOT][order], confidence[:-PILOT][order], at, wrong[-PILOT:])


def _built(wrong: NDArray[np.bool_], rng: np.random.Generator) -> Pool:
    """A pool in a given order, with validation rows that are as it is."""
    at = (rng.integers(len(wrong), size=PILOT) + 0.5) / len(wrong)
    return Pool(wrong, np.linspace(1, 0.5, len(wrong)), at, wrong[(at * len(wrong)).astype(int)])


def _up_to(limit: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Place wrong rows so that of the first k as many are wrong as `limit` (N,) says, or nearly."""
    wrong, count = np.zeros(len(limit), bool), 0
    for place, most in enumerate(limit):
        wrong[place] = count < most
        count += wrong[place]
    return wrong


def flat(n: int, epsilon: float, rng: np.random.Generator) -> Pool:
    """One wrong row too many, in every prefix."""
    return _built(_up_to(limits(epsilon, n)[1:] + 1), rng)


def coin(n: int, epsilon: float, rng: np.random.Generator) -> Pool:
    """Each row wrong by chance, a little more often than may be, wherever it stands."""
    return _built(rng.random(n) < 1.02 * epsilon, rng)


def late(n: int, epsilon: float, rng: np.random.Generator) -> Pool:
    """All right but for the end, which makes the whole one wrong row too bad."""
    wrong = np.zeros(n, bool)
    wrong[n - allowed(epsilon, n) - 1 :] = True
    return _built(wrong, rng)


def cliff(n: int, epsilon: float, rng: np.random.Generator) -> Pool:
    """All right up to three fifths, then wrong until it is one too many, and so from there on."""
    edge = 3 * n // 5
    return _built(_up_to((limits(epsilon, n)[1:] + 1) * (np.arange(1, n + 1) > edge)), rng)


def hump(n: int, epsilon: float, rng: np.random.Generator) -> Pool:
    """Too many wrong ones in the middle alone: the whole is good again."""
    share = np.arange(1, n + 1) / n
    limit = limits(epsilon, n)[1:].copy()
    limit[(share > 0.3) & (share < 0.7)] += 1
    limit[share <= 0.3] = 0
    return _built(_up_to(limit), rng)


def waves(n: int, epsilon: float, rng: np.random.Generator) -> Pool:
    """Good and bad by turns: at eight places of the order one wrong row too many."""
    ends = {n * turn // 8 for turn in range(1, 9)}
    wrong, count = np.zeros(n, bool), 0
    for end in sorted(ends):
        more = allowed(epsilon, end) + 1 - count
        wrong[end - more : end] = True
        count += more
    return _built(wrong, rng)


HOSTILE: dict[str, Callable[..., Pool]] = {
    "flat": flat, "coin": coin, "cliff": cliff, "late": late, "hump": hump, "waves": waves,
}  # fmt: skip
INVENTED: dict[str, Callable[[int, np.random.Generator], Pool]] = {
    "97 % right": lambda n, rng: invented(n, 0.97, 2, rng),
    "97 %, sharp": lambda n, rng: invented(n, 0.97, 3, rng),
    "97 %, 1 % wrong among the surest": confidently_wrong,
    "95 %": lambda n, rng: invented(n, 0.95, 2, rng),
    "95 %, sharp": lambda n, rng: invented(n, 0.95, 3, rng),
    "90 %": lambda n, rng: invented(n, 0.90, 2, rng),
    "90 %, sharp": lambda n, rng: invented(n, 0.90, 3, rng),
    "90 %, noisy scores": lambda n, rng: invented(n, 0.90, 2, rng, noise=2),
    "75 %": lambda n, rng: invented(n, 0.75, 2, rng),
    "75 %, sharp": lambda n, rng: invented(n, 0.75, 3, rng),
    "ten uneven classes": imbalanced,
}
REAL = {"digits": (40, 100), "demo": (100,), "blood cells": (20,), "five scripts": (120,)}


def real(name: str, labels: int, seed: int, data: Path | None) -> Pool | None:
    """What label spreading and logistic regression together make of an image set; None without it.

    Both are calibrated by one temperature on validation rows that are drawn at random, and the
    order is that of their mean.
    """
    found = sets.load(name, data)
    if found is None:
        return None
    rng = np.random.default_rng([seed, labels])
    features = torch.from_numpy(found.view("clean").astype(np.float32))
    rows, y = torch.arange(len(features)), torch.full((len(features),), -1)
    order = rng.permutation(len(features))
    known, validation, pool = np.split(order, [labels, labels + PILOT])
    y[torch.from_numpy(known)] = torch.from_numpy(found.y[known])
    learners = (
        Spread(features.__getitem__, rows, y, found.num_classes, k=8, alpha=0.9),
        Linear(features.__getitem__, rows, y, found.num_classes, strength=0.1),
    )
    said = []
    for each in learners:
        p = each.probabilities(rows).double().numpy()
        said.append(by_temperature(p[validation], found.y[validation]).applied(p))
    mean = np.mean(said, axis=0)
    confidence, wrong = mean.max(1), mean.argmax(1) != found.y
    at = places(confidence[pool], confidence[validation])
    ranked = pool[frozen(confidence[pool], pool.tolist())]
    return Pool(wrong[ranked], confidence[ranked], at, wrong[validation])
