"""What every recipe must keep, as checks that can be run on any recipe and any fit, also broken."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from sklearn.naive_bayes import GaussianNB
from torch import Tensor

from ssl_core.fits.sklearn import SklearnFit
from ssl_core.methods import METHODS
from ssl_core.parts.graph.spreading import Spread
from ssl_core.recipes import RECIPES, build_recipe
from ssl_core.recipes.ensemble import ON_FEATURES
from ssl_core.types import Round

CLASSES = 3
# How many of the trained models decide in the end, and who may be taught an image several times
VOICES = {
    "co_training": 2,
    "ensemble": len(ON_FEATURES),
    "label_spreading": 0,
    "logistic": 0,
    "tri_training": 3,
}
EVENED = {"ensemble", "noisy_student"}


class Voice:
    """A predictor whose answer can be bent, to hear whether anyone listens."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.bent = inner, False

    def probabilities(self, rows: Tensor) -> Tensor:
        found: Tensor = self.inner.probabilities(rows)
        return found.flip(1) if self.bent else found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@dataclass
class Lesson:
    """One fit: what it was given, and what came of it."""

    rows: Tensor
    labels: Tensor
    marks: dict[str, Any]
    model: Voice

    def classes(self) -> Tensor:
        """The labels, (n,), the likeliest where they are probabilities."""
        return self.labels.argmax(1) if self.labels.is_floating_point() else self.labels


class Watched:
    """A fit that writes its lessons down among the events; every method is the same to it."""

    methods = tuple(METHODS)
    num_classes = CLASSES
    kept = None

    def __init__(self, inner: SklearnFit, log: list[Any]) -> None:
        self.inner, self.log, self.marks = inner, log, {"noise": False, "view": None}

    @property
    def groups(self) -> Any:
        return self.inner.groups

    @property
    def embed(self) -> Any:
        return self.inner.embed

    def __call__(self, rows: Tensor, labels: Tensor) -> Any:
        model = Voice((yield from self.inner(rows, labels)))
        self.log.append(Lesson(rows, labels, self.marks, model))
        return model

    def by(self, method: str) -> Watched:
        return self._with(self.inner, method=method)

    def toward(self, prior: Tensor) -> Watched:
        return self._with(self.inner.toward(prior))

    def standardized(self) -> Watched:
        return self._with(self.inner.standardized())

    def noised(self) -> Watched:
        return self._with(self.inner, noise=True)

    def views(self) -> tuple[Watched, Watched]:
        one, other = self.inner.views()
        return self._with(one, view=0), self._with(other, view=1)

    def _with(self, inner: SklearnFit, **marks: Any) -> Watched:
        other = copy(self)
        other.inner, other.marks = inner, self.marks | marks
        return other


@dataclass
class Story:
    """A recipe that was run to its end: who knew what, and all that happened, in order."""

    name: str
    known: dict[int, int]
    unknown: set[int]
    log: list[Any] = field(default_factory=list)
    model: Any = None

    @property
    def lessons(self) -> list[Lesson]:
        return [entry for entry in self.log if isinstance(entry, Lesson)]


def tell(name: str, fit: type[Watched] = Watched) -> Story:
    """Run the named recipe on overlapping points of three classes, with a given kind of fit."""
    rng = np.random.default_rng(5)
    truth = np.arange(120) % CLASSES
    x = rng.normal(0, 1, (120, 6)) + 0.9 * rng.normal(0, 1, (CLASSES, 6))[truth]
    rows = torch.arange(0, 120, 2)
    y = torch.where(torch.arange(60) < 15, torch.from_numpy(truth)[rows], -1)
    asked = {"threshold": 0.5, "max_iter": 4}
    taken = RECIPES[name].__init__.__kwdefaults__ or {}
    recipe = build_recipe(name, **{key: asked[key] for key in taken if key in asked})
    known = {int(row): int(label) for row, label in zip(rows, y, strict=True) if label >= 0}
    story = Story(name, known, set(rows[y < 0].tolist()))
    run = recipe.run(rows, y, fit(SklearnFit(GaussianNB(var_smoothing=0.3), x, CLASSES), story.log))
    while True:
        try:
            story.log.append(next(run))
        except StopIteration as end:
            story.model = end.value
            return story


def check_lessons(story: Story) -> None:
    """Given labels stay; an unlabeled row is taught once, with the label that was reported."""
    said: dict[int, int] = {}
    for entry in story.log:
        if isinstance(entry, Round):
            said |= dict(zip(entry.rows.tolist(), entry.labels.tolist(), strict=True))
        if not isinstance(entry, Lesson):
            continue
        pairs = list(zip(entry.rows.tolist(), entry.classes().tolist(), strict=True))
        given = [(row, label) for row, label in pairs if row in story.known]
        taught = [(row, label) for row, label in pairs if row not in story.known]
        assert all(story.known[row] == label for row, label in given), "a given label was changed"
        assert all(said.get(row) == label for row, label in taught), "not what was reported"
        assert not taught or {row for row, _ in given} == story.known.keys(), "labels were left out"
        if story.name not in EVENED:
            assert len(dict(taught)) == len(taught), "a row is taught twice"
    assert said.keys() <= story.unknown, "a row was labeled that was not asked"


def check_reports(story: Story) -> None:
    """A reported label is what a model trained so far, or the committee, says of the row."""
    models: list[Any] = []
    for entry in story.log:
        if isinstance(entry, Lesson):
            models = [*models, entry.model]
        elif isinstance(entry, Round) and len(entry.rows):
            guesses = torch.stack(
                [m.probabilities(entry.rows).argmax(1) for m in (*models, story.model)]
            )
            assert (guesses == entry.labels).any(0).all(), "nobody says what was reported"


def check_noise(story: Story) -> None:
    """Noisy students learn with noise, every one of them, and nobody else does."""
    noisy = {lesson.marks["noise"] for lesson in story.lessons}
    assert noisy <= {story.name == "noisy_student"}, "noise is missing, or where none belongs"


def check_voices(story: Story) -> None:
    """Each model of a committee counts: if one answered otherwise, so would the committee."""
    rows = torch.arange(120)
    before, heard = story.model.probabilities(rows), 0
    for lesson in story.lessons:
        lesson.model.bent = True
        heard += not torch.equal(story.model.probabilities(rows), before)
        lesson.model.bent = False
    assert heard == VOICES.get(story.name, 1), f"{heard} of the models have a say"


def check_views(story: Story) -> None:
    """Two views take turns, and both learn every row that either of them labeled."""
    views = [lesson.marks["view"] for lesson in story.lessons]
    assert views == [None] * len(views) or views == [0, 1] * (len(views) // 2)
    for one, other in zip(story.lessons[::2], story.lessons[1::2], strict=False):
        if None not in views:
            assert torch.equal(one.rows, other.rows), "the views do not teach each other"


def check_given_labels_hold(model: type[Spread]) -> None:
    """A labeled row keeps its label among neighbors that all have the other one."""
    angle = torch.linspace(0, 0.5, 12)
    x = torch.stack([angle.cos(), angle.sin()], 1)
    y = torch.zeros(12, dtype=torch.int64)
    y[5], y[11] = 1, 1
    spread = model(lambda rows: x[rows], torch.arange(12), y, 2, k=5, alpha=0.2)
    said = spread.probabilities(torch.arange(12)).argmax(1)
    assert torch.equal(said, y), "a given label was overruled"


CHECKS = (check_lessons, check_reports, check_noise, check_voices, check_views)
