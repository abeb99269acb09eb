"""Any method or recipe behind scikit-learn's fit, predict and predict_proba."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from torch import Tensor, nn

from ssl_core.chance import drawing, fresh
from ssl_core.data.labels import codes, given, numbered
from ssl_core.data.sources import FeatureData
from ssl_core.methods import METHODS
from ssl_core.start import start, start_sklearn
from ssl_core.types import Classifier, Predictor, Round, Run, Stopped, finish

WEAK, STRONG = 0.1, 0.35  # standard deviations of noise in the views of standardized features
COPIES = 4  # of every row in memory, for either kind of view
LR = 0.01


class SemiSupervisedClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learns from features (n, d) and labels (n,) of which most may be missing.

    As in sklearn.semi_supervised, y is -1 where a row has no label; a gap (None, NaN, NA, a masked
    place) says the same. Classes may be strings: use a list or dtype object then, with -1, the
    number, or a gap for rows without a label. The text "-1" is refused, whatever holds it: it is
    a class to one reader and a missing label to another. So -1 cannot be a class: of the checks of
    scikit-learn's check_estimator, check_classifiers_classes alone is not passed, from which
    scikit-learn exempts its own semi-supervised classifiers.

    Args:
        method: A name in METHODS or RECIPES.
        estimator: A scikit-learn classifier for recipes to fit, instead of a small network.
        options: Hyper-parameters of the method or recipe, by name.
        steps: Training steps of each network.
        batch_size: Labeled rows a step.
        hidden: Width of the network's one hidden layer.
        random_state: Of weights, batches and noise.

    Attributes:
        classes_: (C,) the classes, sorted.
        n_features_in_: The number of features, d.
        transduction_: (n,) given labels, then those that a recipe added, or that a method
            predicts; -1 for rows that a recipe left alone.
        labeled_iter_: (n,) 0 where a label was given, else the round that gave it, -1 for none.
        termination_condition_: Why training ended, in words.
    """

    def __init__(
        self,
        method: str = "fixmatch",
        *,
        estimator: Any = None,
        options: dict[str, Any] | None = None,
        steps: int = 300,
        batch_size: int = 32,
        hidden: int = 128,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.method, self.estimator, self.options = method, estimator, options
        self.steps, self.batch_size, self.hidden = steps, batch_size, hidden
        self.random_state = random_state

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:  # noqa: N803 - scikit-learn's names
        """Learn from X (n, d) and y (n,).

        Args:
            X: features.
            y: classes, -1 or a gap where there is none.
            groups: (n,) numbers or text: rows of one group belong together, such as a patient's
                images. A recipe that keeps labels from its learners to ask them about keeps whole
                groups from them. A gap (None, NaN) belongs to nothing else; by default all do so.

        Raises:
            ValueError: no label at all, a class called "-1", an unknown method, an option that
                it does not have, or groups of other rows.
        """
        X, y = validate_data(self, X, given(y))  # noqa: N806
        y = given(y)  # it may have been a column, of which only now the rows are seen
        self.classes_, code = codes(y)
        together = None if groups is None else torch.from_numpy(numbered(groups))
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self._mean, self._scale = X.mean(0), X.std(0)
        self._scale[self._scale < 1e-12] = 1
        self._x = X if self.estimator is not None else self._standard(X)
        self.labeled_iter_ = np.where(code >= 0, 0, -1)
        self._seen, run = self._run(torch.from_numpy(code.copy()), seed, together)
        self._model = self._follow(run, code)
        if self.method in METHODS:
            left = code < 0
            rows = torch.from_numpy(np.flatnonzero(left))
            code[left] = self._model.probabilities(rows).argmax(1).numpy()
            self.labeled_iter_[left] = 1
        self.transduction_ = y.copy()
        self.transduction_[code >= 0] = self.classes_[code[code >= 0]]
        return self

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return the likeliest class of each row, (m,)."""
        probabilities = self.predict_proba(X)
        likeliest: NDArray[Any] = self.classes_[probabilities.argmax(1)]
        return likeliest

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return probabilities (m, C), columns in the order of `classes_`."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)  # noqa: N806
        x = X if self.estimator is not None else self._standard(X)
        # A predictor answers for rows of the data that it holds: a copy of it that holds the new
        # rows as well, after those it learned from, which a graph must still find in their places
        rows = np.concatenate([self._x, x])
        seen = _Held(rows) if self.estimator is not None else _table(rows)
        model: Predictor = deepcopy(self._model, {id(self._seen): seen})
        asked = torch.arange(len(self._x), len(rows))
        return model.probabilities(asked).double().numpy()

    def _standard(self, x: NDArray[Any]) -> NDArray[np.float32]:
        standard: NDArray[np.float32] = ((x - self._mean) / self._scale).astype(np.float32)
        return standard

    def _run(self, y: Tensor, seed: int, groups: Tensor | None) -> tuple[object, Run]:
        """Return what predictors will hold (rows, or features and their views) and the run."""
        classes = len(self.classes_)
        if self.estimator is not None:
            held = _Held(self._x)
            return held, start_sklearn(
                self.method, held, y, self.estimator, classes, groups=groups, options=self.options
            )
        rng = np.random.default_rng(seed)
        data = _table(self._x, *(_jitter(self._x, noise, rng) for noise in (WEAK, STRONG)))
        model = _network(self._x.shape[1], self.hidden, classes, seed)
        return data, start(
            self.method, data, y, model, groups=groups, options=self.options,
            steps=self.steps, batch_size=self.batch_size, lr=LR, device="cpu", seed=seed,
        )  # fmt: skip

    def _follow(self, run: Run, codes: NDArray[np.int64]) -> Predictor:
        """Run to the end, writing down who was labeled when, and why it ended."""

        def hear(event: object) -> None:
            if isinstance(event, Round):
                codes[event.rows.numpy()] = event.labels.numpy()
                self.labeled_iter_[event.rows.numpy()] = event.number
            elif isinstance(event, Stopped):
                self.termination_condition_ = event.reason

        return finish(run, hear)


class _Held:
    """Rows (n, d) in a holder, which keeps its identity where a pickled array may not."""

    def __init__(self, rows: NDArray[Any]) -> None:
        self.rows = rows

    def __getitem__(self, key: Any, /) -> NDArray[Any]:
        found: NDArray[Any] = self.rows[key]
        return found


def _table(clean: NDArray[Any], *views: NDArray[Any]) -> FeatureData:
    """Return features with their weak and strong views; to predict, they need none."""
    weak, strong = views or (clean[None], clean[None])
    return FeatureData(clean, weak, strong)


def _jitter(x: NDArray[Any], noise: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return noisy copies of x (n, d): (copies, n, d)."""
    noises = noise * rng.standard_normal((COPIES, *x.shape), dtype=np.float32)
    copies: NDArray[np.float32] = x + noises
    return copies


def _network(width: int, hidden: int, classes: int, seed: int) -> Classifier:
    """Return one hidden layer on standardized features; the same seed, the same weights."""
    with drawing(fresh(seed)):
        encoder = nn.Sequential(nn.Linear(width, hidden), nn.ReLU())
        head = nn.Linear(hidden, classes)
    return Classifier(encoder, head, num_features=hidden, num_classes=classes)
