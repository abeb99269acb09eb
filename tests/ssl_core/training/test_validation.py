"""Validation rows judge the teacher, decide when to stop and which one is returned."""

import math
from copy import deepcopy

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.data.sources import ImageData
from ssl_core.errors import SSLError
from ssl_core.fingerprint import state_hash
from ssl_core.training.steps import Steps
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.training.validation import Validation
from ssl_core.types import Epoch, Stopped
from tests.ssl_core.networks import plane_network
from tests.ssl_core.runs import listen

HELD = torch.arange(150, 200)


def labels(truth):
    """The truth of the first ten rows."""
    return torch.where(torch.arange(len(truth)) < 10, truth, -1)


def trainer(method="supervised", seed=0, **settings):
    """A trainer that reports every step, with a learning rate that overshoots."""
    settings = {"steps": 30, "epoch_steps": 1, "batch_size": 5, "lr": 0.1} | settings
    return SemiSupervisedTrainer(plane_network(seed=seed), method, device="cpu", **settings)


def teachers(monkeypatch):
    """Every teacher there was at a report, as it was then."""
    kept = []
    advance = Steps.advance

    def watched(self, number):
        means = advance(self, number)
        kept.append(deepcopy(self.teacher))
        return means

    monkeypatch.setattr(Steps, "advance", watched)
    return kept


def score(model, data, truth):
    """Balanced accuracy and mean log-likelihood on the held rows, row by row."""
    with torch.no_grad():
        p = model(data.clean(HELD)).softmax(1).tolist()
    right, chance = {0: [], 1: []}, []
    for row, found in zip(HELD.tolist(), p, strict=True):
        label = int(truth[row])
        right[label].append(found.index(max(found)) == label)
        chance.append(math.log(found[label]))
    return sum(sum(each) / len(each) for each in right.values()) / 2, sum(chance) / len(chance)


@pytest.mark.parametrize("patience", [0, 3])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_teacher_is_returned_and_patience_ends_the_run(moons, monkeypatch, seed, patience):
    """All teachers are scored again by naive loops; the first best one is what comes back."""
    data, truth = moons
    kept = teachers(monkeypatch)
    events, best = listen(
        trainer(seed=seed, patience=patience).run(
            data, labels(truth), validation=(HELD, truth[HELD])
        )
    )
    scores = [score(each, data, truth) for each in kept]
    reports = [event for event in events if isinstance(event, Epoch)]
    assert [each.validation for each in reports] == pytest.approx([each[0] for each in scores])
    winner = max(range(len(scores)), key=lambda at: (round(scores[at][0], 6), scores[at][1]))
    assert state_hash(best.model) == state_hash(kept[winner])
    assert f"the teacher of step {winner + 1} was best" in events[-1].reason
    if patience and len(reports) < 30:
        assert len(reports) == winner + 1 + patience
        assert events[-1].reason.startswith(f"no better for 3 reports, at step {len(reports)} of")
    else:
        assert len(reports) == 30
        assert events[-1].reason.startswith("all 30 steps are done")


def test_some_run_does_stop_early(moons):
    """With a patience of 1 the test above has something to show."""
    data, truth = moons
    events, _ = listen(trainer(patience=1).run(data, labels(truth), validation=(HELD, truth[HELD])))
    assert len(events) < 30


def test_judging_does_not_change_training(moons):
    """The same rows with and without judgment: the students are equal to the bit."""
    data, truth = moons
    pool = torch.arange(200) < 150
    one, other = trainer("fixmatch"), trainer("fixmatch")
    listen(one.run(data, labels(truth), pool))
    listen(other.run(data, labels(truth), validation=(HELD, truth[HELD])))
    assert state_hash(one.model) == state_hash(other.model)


@pytest.mark.parametrize("patience", [0, 4])
def test_a_cut_run_with_validation_goes_on_to_the_bit(moons, tmp_path, patience):
    """The best teacher, the score and the waiting are in the checkpoint."""
    data, truth = moons

    def run(name):
        return trainer("fixmatch", patience=patience, checkpoint=tmp_path / name).run(
            data, labels(truth), validation=(HELD, truth[HELD])
        )

    whole, straight = listen(run("straight.pt"))
    cut = run("cut.pt")
    before = [next(cut) for _ in range(3)]
    cut.close()
    after, resumed = listen(run("cut.pt"))
    assert before + after == whole
    assert state_hash(resumed.model) == state_hash(straight.model)
    again, returned = listen(run("cut.pt"))
    assert again == whole[-1:]
    assert state_hash(returned.model) == state_hash(straight.model)


class Watched(ImageData):
    """Images that remember which rows were trained on."""

    def view(self, name, rows, generator):
        self.seen = getattr(self, "seen", set()) | set(rows.tolist())
        return super().view(name, rows, generator)


def test_validation_rows_are_never_trained_on(images):
    """They are taken out of the unlabeled rows; every other row is seen."""
    data, truth = images
    watched = Watched(data.pixels, "handwriting")
    y = torch.where(torch.arange(24) < 8, truth, -1)
    held = torch.arange(8, 14)
    run = SemiSupervisedTrainer(
        build("small_cnn", 1, 2), steps=12, batch_size=4, device="cpu"
    ).run(watched, y, validation=(held, truth[held]))  # fmt: skip
    listen(run)
    assert watched.seen == set(range(24)) - set(held.tolist())


def test_a_tie_of_accuracies_goes_to_the_likelier_and_an_equal_never_wins(moons):
    """Two teachers that are right alike: the surer one is better, and once is enough."""
    data, _ = moons
    rows = torch.arange(200)
    model = plane_network()
    found = model(data.clean(rows)).argmax(1)
    judge = Validation(data, (rows, found), torch.empty(0, dtype=torch.int64), 2, patience=2)
    assert judge.judge(model, 1) == 1
    surer = deepcopy(model)
    with torch.no_grad():
        surer.head.weight *= 2
        surer.head.bias *= 2
    assert judge.judge(surer, 2) == 1
    assert judge.step == 2
    judge.judge(surer, 3)
    assert not judge.exhausted
    judge.judge(model, 4)
    assert judge.exhausted
    assert judge.step == 2


@pytest.mark.parametrize(
    ("validation", "words"),
    [
        ((torch.tensor([9, 50]), torch.tensor([0, 1])), r"1 validation rows are labeled.*\(9\)"),
        ((torch.tensor([50, 51]), torch.tensor([0])), "2 rows and 1 labels"),
        ((torch.tensor([]).long(), torch.tensor([]).long()), "at least one: there are 0 rows"),
        ((torch.tensor([50]), torch.tensor([2])), "Validation labels must be classes 0 to 1"),
        ((torch.tensor([50]), torch.tensor([[0.5, 0.5]])), "must be classes, not probabilities"),
        ((torch.tensor([200]), torch.tensor([1])), "Rows must be 0 to 199"),
    ],
)
def test_validation_that_cannot_be_is_refused(moons, validation, words):
    """Each mistake has its own message, before anything is trained."""
    data, truth = moons
    with pytest.raises(SSLError, match=words):
        next(trainer().run(data, labels(truth), validation=validation))


def test_patience_needs_someone_to_judge(moons):
    """Waiting for a better score without any score would wait for ever."""
    data, truth = moons
    with pytest.raises(SSLError, match=r"patience of 2 needs rows to judge by"):
        next(trainer(patience=2).run(data, labels(truth)))


def test_without_validation_nothing_is_judged(moons):
    """The reports say None, and the reason is that all steps are done."""
    data, truth = moons
    events, _ = listen(trainer(steps=2).run(data, labels(truth)))
    assert [event.validation for event in events[:-1]] == [None, None]
    assert events[-1] == Stopped("all 2 steps are done")
