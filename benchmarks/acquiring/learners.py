"""What learns from the labels: logistic regression, label spreading, both, a round's ensemble."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from acquiring.sets import Split
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from ssl_core.backbones import build
from ssl_core.evidence.folds import TINY, folds
from ssl_core.parts.graph.spreading import diffuse, shares
from ssl_core.recipes.label_spreading import LabelSpreading
from ssl_core.recipes.logistic import Logistic as Balanced
from ssl_core.start import start
from ssl_core.types import finish

Probabilities = tuple[NDArray[np.float64], NDArray[np.float64]]  # of pool and of test rows, (., C)

STRENGTH = Balanced().strength  # its default
GATES = np.linspace(0, 1, 11)  # shares of the graph


class Learner(Protocol):
    """Learns some labels of a split's pool."""

    name: str

    def __init__(self, part: Split) -> None: ...

    def fit(self, rows: NDArray[np.int64]) -> Probabilities:
        """Learn the labels of these rows of the pool; say what all others are."""
        ...


class Logistic:
    """scikit-learn's logistic regression with its defaults."""

    name = "logistic regression"

    def __init__(self, part: Split) -> None:
        self.part = part

    def fit(self, rows: NDArray[np.int64]) -> Probabilities:
        """Learn the labels of these rows of the pool; say what all others are."""
        part, seen = self.part, np.unique(self.part.y[rows])
        found = (
            np.full((len(part.x), part.classes), 1e-9),
            np.full((len(part.test_x), part.classes), 1e-9),
        )
        if len(seen) == 1:  # which it refuses to learn
            for p in found:
                p[:, seen] = 1
            return found
        model = LogisticRegression().fit(part.x[rows], part.y[rows])
        for p, x in zip(found, (part.x, part.test_x), strict=True):
            p[:, seen] = model.predict_proba(x)
        return found


class Spreading:
    """Label spreading on one graph of the pool: what `Spread` computes, with the graph kept."""

    name = "label spreading, test rows outside the graph"
    recipe = LabelSpreading()  # its defaults

    def __init__(self, part: Split) -> None:
        self.part = part
        pool, test = _directions(part.x), _directions(part.test_x)
        near = NearestNeighbors(n_neighbors=self.recipe.k).fit(pool)
        self.graph = near.kneighbors_graph(pool)
        self.nearest = near.kneighbors(test, return_distance=False)

    def fit(self, rows: NDArray[np.int64]) -> Probabilities:
        """Spread the labels of these rows over the pool, and on to the test rows, new to it."""
        found = self._spread(rows)
        return found, found[self.nearest].mean(1)

    def _spread(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the probabilities of each row of the graph, (n, C)."""
        given = np.zeros((self.graph.shape[0], self.part.classes))
        given[rows, self.part.y[rows]] = 1
        return shares(diffuse(self.graph, given, self.recipe.alpha), given)


class Within(Spreading):
    """The same with the test rows in the graph, without their labels, as it is meant to be used.

    They can't be asked about.
    """

    name = "label spreading, test rows in the graph"

    def __init__(self, part: Split) -> None:
        self.part = part
        x = _directions(np.concatenate([part.x, part.test_x]))
        self.graph = NearestNeighbors(n_neighbors=self.recipe.k).fit(x).kneighbors_graph(x)

    def fit(self, rows: NDArray[np.int64]) -> Probabilities:
        """Spread the labels of these rows of the pool over all."""
        found = self._spread(rows)
        return found[: len(self.part.x)], found[len(self.part.x) :]


class Gated:
    """Label spreading and balanced logistic regression, weighed by what each says out of fold.

    A cheap form of the default ensemble. The share of the graph is that of GATES with the least
    log loss on the labeled rows, each judged by learners that have not seen its label.
    """

    name = "gated pair"

    def __init__(self, part: Split) -> None:
        self.part, self.graph = part, Spreading(part)
        self.x, self.test_x = part.x, part.test_x
        if part.images is not None:  # all that the network sees, not its principal components
            seen = part.images.view("clean").astype(np.float32)
            self.x, self.test_x = (seen[rows] for rows in part.rows)
        middle, spread = self.x.mean(0), self.x.std(0) + TINY
        self.x, self.test_x = (self.x - middle) / spread, (self.test_x - middle) / spread

    def fit(self, rows: NDArray[np.int64]) -> Probabilities:
        """Learn the labels of these rows of the pool; say what all others are."""
        share = self._gate(rows)
        pairs = zip(self.graph.fit(rows), self._linear(rows, self.x, self.test_x), strict=True)
        pool, test = (share * graph + (1 - share) * linear for graph, linear in pairs)
        return pool, test

    def _gate(self, rows: NDArray[np.int64]) -> float:
        """Return the share of the graph that the labels earn; of one label, half."""
        y = self.part.y[rows]
        fold = folds(torch.from_numpy(y)).numpy()
        said = np.zeros((2, len(rows)))  # probability of the truth, by either
        for number in np.unique(fold):
            out = fold == number
            if out.all():
                return 0.5
            kept = rows[~out]
            graph = self.graph.fit(kept)[0][rows[out]]
            [linear] = self._linear(kept, self.x[rows[out]])
            said[:, out] = [each[np.arange(out.sum()), y[out]] for each in (graph, linear)]
        mixed = GATES[:, None] * said[0] + (1 - GATES[:, None]) * said[1]
        return float(GATES[np.log(np.maximum(mixed, TINY)).mean(1).argmax()])

    def _linear(self, rows: NDArray[np.int64], *asked: NDArray[np.float32]) -> list[NDArray]:
        """Return the probabilities (m, C) of each array of standardized rows."""
        seen = np.unique(self.part.y[rows])
        found = [np.zeros((len(x), self.part.classes)) for x in asked]
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
        if len(seen) > 1:
            model.fit(self.x[rows], self.part.y[rows])
        for p, x in zip(found, asked, strict=True):
            p[:, seen] = model.predict_proba(x) if len(seen) > 1 else 1
        return found


class Ensemble:
    """The default recipe as a round trains it on frozen features: the test rows are never seen."""

    name = "ensemble"
    steps = 300  # of each fit, the default of a round

    def __init__(self, part: Split) -> None:
        assert part.images is not None  # sets of bare features have no views
        self.part, self.data = part, part.images.features()

    def fit(self, rows: NDArray[np.int64]) -> Probabilities:
        """Learn the labels of these rows of the pool, beside the others without theirs."""
        part, data = self.part, self.data
        pool, test = map(torch.from_numpy, part.rows)
        seen = torch.zeros(len(data), dtype=torch.bool)
        seen[pool] = True
        y = torch.full((len(data),), -1)
        y[pool[rows]] = torch.from_numpy(part.y[rows])
        network = build("mlp", data.num_features, part.classes)
        model = finish(
            start("ensemble", data, y, network, pool=seen, device="cpu", steps=self.steps)
        )
        return model.probabilities(pool).numpy(), model.probabilities(test).numpy()


def _directions(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return x / np.linalg.norm(x, axis=1, keepdims=True)


LEARNERS: dict[str, type[Learner]] = {
    "logistic": Logistic, "spreading": Spreading, "within": Within, "gated": Gated,
    "ensemble": Ensemble,
}  # fmt: skip
