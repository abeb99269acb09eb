"""Training that runs out of memory goes on with smaller pieces, to the same end, and says so."""

import pytest
import torch
from torch import nn

from ssl_core.backbones import build
from ssl_core.fingerprint import state_hash
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Adapted, Classifier, Epoch
from tests.ssl_core.networks import plane_network
from tests.ssl_core.runs import listen


class Narrow(nn.Module):
    """An encoder on a device that has room for so many rows at once, from some pass on."""

    def __init__(self, inner, room, after=0):
        super().__init__()
        self.inner, self.room, self.after, self.passes = inner, room, after, 0

    def forward(self, x):
        self.passes += 1
        if self.passes > self.after and len(x) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return self.inner(x)


def narrow(room, after=0, model=None):
    model = model or plane_network()
    return Classifier(
        Narrow(model.encoder, room, after), model.head,
        num_features=model.num_features, num_classes=model.num_classes,
    )  # fmt: skip


def train(data, truth, model, **settings):
    """What it told, which steps it reported, and the network."""
    given = {"steps": 12, "epoch_steps": 4, "batch_size": 8, "mu": 2, "lr": 0.02, "clip": 1.0}
    trainer = SemiSupervisedTrainer(model, "flexmatch", device="cpu", **(given | settings))
    y = torch.where(torch.arange(len(truth)) < 16, truth, -1)
    events, predictor = listen(trainer.run(data, y))
    told = [event.words for event in events if isinstance(event, Adapted)]
    steps = [event.step for event in events if isinstance(event, Epoch)]
    return told, steps, predictor


def weights(predictor):
    """By their names in a network that has room."""
    return [value for value in predictor.model.state_dict().values() if value.is_floating_point()]


def test_a_batch_that_is_too_large_is_seen_in_pieces_and_told(moons):
    """A step of 8 + 2 x 16 rows where there is room for 10: four pieces, from the first step on.

    The weights are those of a run that was told to take four pieces, to the bit, and but for
    rounding those of one that had room for the whole batch.
    """
    data, truth = moons
    told, steps, predictor = train(data, truth, narrow(10))
    assert steps == [4, 8, 12]
    assert told == [
        f"Memory ran out at step 1 of 12, so the network saw each batch in {pieces} pieces from "
        "there on, whose gradients add up to those of the whole."
        for pieces in (2, 4)
    ]
    _, _, chosen = train(data, truth, plane_network(), pieces=4)
    _, _, whole = train(data, truth, plane_network())
    for one, other, all_at_once in zip(*map(weights, (predictor, chosen, whole)), strict=True):
        assert torch.equal(one, other)
        torch.testing.assert_close(one, all_at_once, rtol=1e-3, atol=1e-5)


def test_steps_are_taken_anew_from_the_last_report(moons):
    """Memory runs out in the sixth: rows, draws and the method's state are those of before."""
    data, truth = moons
    told, steps, predictor = train(data, truth, narrow(10, after=5))
    assert steps == [4, 8, 12]
    assert [words[:27] for words in told] == [
        "Memory ran out at step 6 of",
        "Memory ran out at step 5 of",
    ]
    _, _, whole = train(data, truth, plane_network())
    for one, other in zip(weights(predictor), weights(whole), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


def test_a_run_that_was_cut_goes_on_in_as_many_pieces_and_tells_it_again(moons, tmp_path):
    """Whoever resumes it makes its report, also where nothing is left to do."""
    data, truth = moons
    straight = train(data, truth, narrow(10))
    y = torch.where(torch.arange(len(truth)) < 16, truth, -1)
    path = tmp_path / "c.pt"
    cut = SemiSupervisedTrainer(
        narrow(10), "flexmatch", steps=12, epoch_steps=4, batch_size=8, mu=2, lr=0.02, clip=1.0,
        device="cpu", checkpoint=path,
    ).run(data, y)  # fmt: skip
    while not isinstance(next(cut), Epoch):
        pass
    cut.close()
    for left in ([8, 12], []):
        told, steps, predictor = train(data, truth, narrow(10), checkpoint=path)
        assert (told, steps) == (straight[0], left)
        assert state_hash(predictor.model) == state_hash(straight[2].model)


def test_the_report_names_what_batch_normalization_makes_of_pieces(images):
    """The one thing that is not as in the whole batch; what is measured at the end fits too."""
    data, truth = images
    told, _, _ = train(data, truth, narrow(20, model=build("small_cnn", 1, 2)))
    assert told[-1].endswith("the whole; batch normalization took its statistics from each.")


def test_memory_that_runs_out_for_good_is_told_as_it_is(moons):
    """Two labeled rows are the least a piece can have."""
    data, truth = moons
    with pytest.raises(torch.OutOfMemoryError):
        train(data, truth, narrow(1))


def test_a_checkpoint_of_another_kind_of_device_is_gone_on_from(moons, tmp_path):
    """A CPU cannot draw what a card would have: it draws otherwise, and says that it does."""
    data, truth = moons
    path = tmp_path / "c.pt"
    y = torch.where(torch.arange(len(truth)) < 16, truth, -1)
    settings = {"steps": 12, "epoch_steps": 4, "batch_size": 8, "mu": 2, "lr": 0.02, "clip": 1.0}
    cut = SemiSupervisedTrainer(
        plane_network(), "flexmatch", device="cpu", checkpoint=path, **settings
    ).run(data, y)
    next(cut)
    cut.close()
    kept = torch.load(path, weights_only=True)
    [own] = kept["steps"]["own"]
    own["random"].append(torch.zeros(16, dtype=torch.uint8))  # as a card would have written
    own["batches"]["augmenting"] = torch.zeros(16, dtype=torch.uint8)
    torch.save(kept, path)
    told, steps, predictor = train(data, truth, plane_network(), checkpoint=path)
    assert steps == [8, 12]
    assert told == [
        "Training went on from step 5 on another kind of device: what is drawn by chance is not "
        "what it would have been."
    ]
    assert predictor.probabilities(torch.arange(200)).isfinite().all()
