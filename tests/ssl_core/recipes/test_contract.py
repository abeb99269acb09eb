"""Every recipe keeps its contract, and one that is broken on purpose is found out."""

import sys

import numpy as np
import pytest
import torch

from ssl_core.backbones import build
from ssl_core.fits.neural import NeuralFit
from ssl_core.parts.graph.spreading import Spread
from ssl_core.recipes import RECIPES, build_recipe
from ssl_core.types import Epoch
from tests.ssl_core.recipe_contract import (
    CHECKS,
    Watched,
    check_given_labels_hold,
    check_lessons,
    check_noise,
    check_reports,
    check_views,
    check_voices,
    tell,
)

TEACHING = ["co_training", "noisy_student", "self_training", "tri_training"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_keeps_the_contract(name, check):
    """Lessons, reports, noise, voices and views are as the recipe promises."""
    check(tell(name))


@pytest.mark.parametrize("name", TEACHING)
def test_a_recipe_that_should_teach_does(name):
    """The checks look at something: unlabeled rows are in its lessons."""
    story = tell(name)
    assert story.unknown & {row for lesson in story.lessons for row in lesson.rows.tolist()}


class Twice(Watched):
    """Every row of a lesson, twice."""

    def __call__(self, rows, labels):
        return super().__call__(rows.repeat(2), torch.cat([labels, labels]))


class Hoarding(Watched):
    """Each lesson on top of all the lessons before."""

    def __call__(self, rows, labels):
        before = [entry for entry in self.log if hasattr(entry, "marks")]
        return super().__call__(
            torch.cat([*(each.rows for each in before), rows]),
            torch.cat([*(each.labels for each in before), labels]),
        )


class WrongSide(Watched):
    """What the others say is filed under another class."""

    def __call__(self, rows, labels):
        return super().__call__(rows, torch.cat([labels[:15], labels[15:].roll(1, -1)]))


@pytest.mark.parametrize("name", ["co_training", "self_training", "tri_training"])
def test_a_row_that_is_added_twice_is_found(name):
    """A lesson says it once."""
    with pytest.raises(AssertionError, match="taught twice"):
        check_lessons(tell(name, Twice))


def test_lessons_that_accumulate_are_found():
    """Tri-training gathers each lesson anew."""
    with pytest.raises(AssertionError, match=r"taught twice|what was reported"):
        check_lessons(tell("tri_training", Hoarding))


@pytest.mark.parametrize("name", TEACHING)
def test_a_pick_on_the_wrong_side_is_found(name):
    """Labels of a lesson are those that were reported, and given ones are not touched."""
    with pytest.raises(AssertionError, match=r"what was reported|given label"):
        check_lessons(tell(name, WrongSide))


def test_labels_that_nobody_gave_are_found(monkeypatch):
    """Co-training that files what both agree on under the next class."""
    from ssl_core.recipes import co_training

    right = co_training.agreed

    def wrong(one, other):
        label, sure = right(one, other)
        return torch.where(label >= 0, (label + 1) % 3, label), sure

    monkeypatch.setattr(co_training, "agreed", wrong)
    with pytest.raises(AssertionError, match="nobody says"):
        check_reports(tell("co_training"))


class Selfish(Watched):
    """A second view that learns nothing of what was labeled since."""

    def __call__(self, rows, labels):
        known = 15 if self.marks["view"] else len(rows)
        return super().__call__(rows[:known], labels[:known])


def test_a_view_that_keeps_to_itself_is_found():
    """What one view labels, the other must learn."""
    with pytest.raises(AssertionError, match="do not teach each other"):
        check_views(tell("co_training", Selfish))


class Quiet(Watched):
    """A fit that knows no noise."""

    def noised(self):
        return self


def test_a_student_without_noise_is_found():
    """It would be self-training under another name."""
    with pytest.raises(AssertionError, match="noise"):
        check_noise(tell("noisy_student", Quiet))


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in RECIPES
        # The ensemble counts its learners one by one, and would not work with one too few
        if n != "ensemble" and hasattr(sys.modules[RECIPES[n].__module__], "Committee")
    ],
)
def test_a_member_that_is_not_asked_is_found(name, monkeypatch):
    """Trained, and left out of the committee."""
    module = RECIPES[name].__module__
    whole = sys.modules[module].Committee
    monkeypatch.setattr(f"{module}.Committee", lambda each, *how: whole(list(each)[1:], *how))
    with pytest.raises(AssertionError, match="have a say"):
        check_voices(tell(name))


def test_a_network_of_the_ensemble_that_is_not_asked_is_found(monkeypatch):
    """Trained, and left out of the mean."""
    from ssl_core.recipes import ensemble

    whole = ensemble.Heard.together
    monkeypatch.setattr(
        ensemble.Heard, "together", lambda self, *others: whole(self, *others[:2], others[2][-1:])
    )
    with pytest.raises(AssertionError, match="have a say"):
        check_voices(tell("ensemble"))


def test_given_labels_hold_and_a_diffusion_without_them_is_found(monkeypatch):
    """Labels that only flow, and are not held where they were given, drown among neighbors."""
    check_given_labels_hold(Spread)

    def flow(graph, given, *_):
        yield from ()  # it says nothing on its way
        step = graph.toarray() / 5  # each row has five neighbors
        return np.linalg.matrix_power(step, 20) @ given

    monkeypatch.setattr("ssl_core.parts.graph.spreading.diffusing", flow)
    with pytest.raises(AssertionError, match="overruled"):
        check_given_labels_hold(Spread)


class Fresh(NeuralFit):
    """A fit that remembers the weights that each training began with."""

    began: list = []  # noqa: RUF012 - set anew by `beginnings`

    def __call__(self, rows, labels):
        self.began.append(torch.cat([p.detach().flatten() for p in self.model.parameters()]))
        return (yield from super().__call__(rows, labels))


class Warm(Fresh):
    """A fit that goes on from the weights of the one before."""

    def __call__(self, rows, labels):
        model = yield from super().__call__(rows, labels)
        self.model.load_state_dict(model.model.state_dict())
        return model


def beginnings(name, kind, images):
    """Run a recipe on images with few steps; return the first weights of every fit, stacked."""
    data, truth = images
    y = torch.where(torch.arange(24) < 8, truth, -1)
    kind.began = []
    fit = kind(data, build("small_cnn", 1, 2), steps=2, batch_size=4, mu=2, device="cpu")
    asked = {"threshold": 0.5, "max_iter": 1, "k": 4}
    taken = RECIPES[name].__init__.__kwdefaults__
    recipe = build_recipe(name, **{key: asked[key] for key in taken if key in asked})
    assert any(isinstance(event, Epoch) for event in recipe.run(torch.arange(24), y, fit))
    return torch.stack(kind.began)


@pytest.mark.parametrize("name", RECIPES)
def test_no_fit_starts_where_another_ended(name, images):
    """Students, members and pupils all start from the network as it was given; cheats are found."""
    began = beginnings(name, Fresh, images)
    assert (began == began[0]).all()
    if len(began) > 1:
        warm = beginnings(name, Warm, images)
        assert not (warm == warm[0]).all()
