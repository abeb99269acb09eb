"""A warm start: half of the old weights, class by class, as long as what they learned stands."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from PIL import Image as Picture

from annotator.rounds.features import Features
from annotator.rounds.learn import Learned, keep, learn, start_from
from annotator.rounds.plan import Plan
from annotator.rounds.snapshot import take
from ssl_core.backbones import build
from ssl_core.data.sources import ImageData
from ssl_core.training.predict import NeuralPredictor
from tests.annotator.small import event, picture, workspace
from tests.annotator.workers import finish


def test_weights_move_half_way_and_a_new_class_stays_fresh(tmp_path):
    """Classes 7 and 9 were known, in the other order; class 8 is new."""
    old, fresh = build("small_cnn", 1, 2, seed=1), build("small_cnn", 1, 3, seed=2)
    before = {name: value.clone() for name, value in fresh.state_dict().items()}
    keep(Learned(NeuralPredictor(old, None), ""), tmp_path / "ssl.pt", [9, 7])
    start_from(fresh, tmp_path / "ssl.pt", [7, 8, 9])
    after, saved = fresh.state_dict(), old.state_dict()
    for name, value in after.items():
        if name.startswith("head."):
            assert torch.allclose(value[0], (before[name][0] + saved[name][1]) / 2)
            assert torch.equal(value[1], before[name][1])
            assert torch.allclose(value[2], (before[name][2] + saved[name][0]) / 2)
        elif value.is_floating_point():
            assert torch.allclose(value, (before[name] + saved[name]) / 2, atol=1e-7)


def test_without_an_earlier_file_nothing_changes(tmp_path):
    """The first round has nothing to start from."""
    model = build("small_cnn", 1, 2, seed=1)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    start_from(model, tmp_path / "none.pt", [1, 2])
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


@pytest.fixture
def service(tmp_path):
    """A workspace in which a small network was trained on enough gray images for a warm start."""
    opened = workspace(tmp_path / "ws", 60)
    images = [each.image for each in opened.lease("tab", "anna", 60)]
    opened.record([event(opened, image, seq=i) for i, image in enumerate(images, 1)], "anna")
    opened.start_round("supervised", "finetune")
    finish(opened)
    yield opened
    opened.close()


def test_color_that_comes_later_makes_the_next_round_start_afresh(service, tmp_path):
    """Weights for gray pixels do not fit; a round that tried would fail, or add the colors up."""
    folder = tmp_path / "late"
    folder.mkdir()
    for number in range(6):
        kind = ("dark", "light")[number % 2]
        red = np.asarray(picture(kind, number).convert("RGB")).copy()
        red[:, :, 1:] //= 2
        Picture.fromarray(red).save(folder / f"{number} {kind}.png")
    service.import_source(folder)
    service.start_round("supervised", "finetune")
    finish(service)
    first, second = service.rounds()
    assert (first.state, second.state) == ("done", "done"), service.last_job().error
    assert (first.details.channels, second.details.channels) == (1, 3)
    assert second.details.warm is None


def test_the_next_round_starts_from_the_one_before(service):
    """Nothing has changed, so half of what was learned is kept."""
    service.start_round("supervised", "finetune")
    finish(service)
    assert service.rounds()[1].details.warm == 1


@pytest.mark.parametrize("change", ["undo", "another class", "a class is removed"])
def test_a_label_that_was_withdrawn_is_not_handed_on(service, change):
    """The weights have learned it; starting from them would keep what an expert took back."""
    label = service.store.labels.current("pool")[0]
    image = service.image(label.image_id)
    names = [each.name for each in service.classes()]
    if change == "undo":
        service.record([event(service, image, "undo", seq=200)], "anna")
    elif change == "another class":
        other = next(name for name in names if name not in image.name)
        service.record([event(service, image, seq=200, name=other)], "anna")
    else:
        service.add_class("third")
        [third] = [each for each in service.classes() if each.name == "third"]
        service.record([event(service, image, seq=200, name="third")], "anna")
        service.start_round("supervised", "finetune")
        finish(service)
        service.remove_class(third.id)
    service.start_round("supervised", "finetune")
    finish(service)
    assert [each.state for each in service.rounds()][-1] == "done"
    assert service.rounds()[-1].details.warm is None


def test_students_start_from_scratch_whatever_was_learned_before(service):
    """The same seed gives the same fits, with and without an earlier round's weights."""
    earlier = service.workspace.round_folder(1) / "ssl.pt"
    losses = {
        (method, bool(warm)): first_loss(service, method, warm)
        for method in ("noisy_student", "self_training")
        for warm in (None, earlier)
    }
    assert losses["noisy_student", True] == losses["noisy_student", False]
    assert losses["self_training", True] != losses["self_training", False]


def first_loss(service, method, warm):
    """The first point of the loss curve of a round's model."""
    active = [each.id for each in service.classes()]
    data = take(service.workspace, service.store, 10**6, active, 10**6)
    plan = Plan("finetune", "small_cnn", 16, "handwriting", 40, torch.device("cpu"))
    features = Features(service.workspace.features, data.files, plan.device)
    images = ImageData(features.pixels(16).read(len(data.files)), "handwriting")
    with TemporaryDirectory() as folder:
        run = learn(
            plan, images, data, which="ssl", method=method, params={}, seed=3,
            folder=Path(folder), warm=warm,
        )  # fmt: skip
        return next(step.point.loss for step in run if step.point)
