"""What asks: ours, and the peers' where they are installed, behind one call."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from ssl_core.acquire import ACQUIRE, Labels, Pool

Ids = NDArray[np.int64]
# features, classes of the pool, rows asked so far, probabilities or None, how many, generator
Ask = Callable[
    [NDArray[np.float32], Ids, Ids, NDArray[np.float64] | None, int, np.random.Generator], Ids
]


def ours(name: str) -> Ask:
    """A policy of ACQUIRE; one that needs predictions starts at random."""

    def ask(x, y, asked, p, n, rng):
        blind = p is None and name not in ("mix", "cold_start", "typiclust", "k_center")
        chosen = ACQUIRE["random" if blind else name].select(
            Pool(np.arange(len(x)), p, x), Labels(asked, y[asked]), n, rng
        )
        return chosen.ids

    return ask


def peers() -> dict[str, Ask]:
    """The peers' strategies by name, of those libraries that are installed."""
    found: dict[str, Ask] = {}
    if find_spec("skactiveml") is not None:
        from skactiveml import pool

        found |= {
            "scikit-activeml margin": _activeml(
                lambda seed: pool.UncertaintySampling("margin_sampling", random_state=seed)
            ),
            "scikit-activeml entropy": _activeml(
                lambda seed: pool.UncertaintySampling("entropy", random_state=seed)
            ),
            "scikit-activeml BADGE": _activeml(lambda seed: pool.Badge(random_state=seed)),
            "scikit-activeml TypiClust": _activeml(lambda seed: pool.TypiClust(random_state=seed)),
            "scikit-activeml CoreSet": _activeml(lambda seed: pool.CoreSet(random_state=seed)),
        }
    if find_spec("modAL") is not None:
        from modAL import batch, uncertainty

        found |= {
            "modAL margin": _modal(uncertainty.margin_sampling),
            "modAL entropy": _modal(uncertainty.entropy_sampling),
            "modAL ranked batch": _modal(batch.uncertainty_batch_sampling),
        }
    return found


def _activeml(make: Callable[[int], object]) -> Ask:
    def ask(x, y, asked, p, n, rng):
        from skactiveml.classifier import SklearnClassifier

        strategy = make(int(rng.integers(2**31)))
        given = np.full(len(x), np.nan)
        given[asked] = y[asked]
        options = {}
        if "clf" in inspect.signature(strategy.query).parameters:
            if p is None:
                return rng.permutation(len(x))[:n]
            model = SklearnClassifier(LogisticRegression(), classes=range(p.shape[1]))
            options["clf"] = model
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(strategy.query(x, given, batch_size=n, **options), np.int64)

    return ask


def _modal(query: Callable[..., object]) -> Ask:
    """A new learner each round: `teach` does not run on scikit-learn 1.8 and newer."""

    def ask(x, y, asked, p, n, rng):
        if p is None or len(np.unique(y[asked])) < 2:
            return rng.permutation(len(x))[:n]
        from modAL.models import ActiveLearner

        left = np.setdiff1d(np.arange(len(x)), asked)
        learner = ActiveLearner(LogisticRegression(), query, x[asked], y[asked])
        return left[np.asarray(learner.query(x[left], n_instances=n)[0], np.int64)]

    return ask
