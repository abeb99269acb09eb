"""Half precision: gradients that it cannot hold are scaled, and the scale goes on after a kill."""

import pytest
import torch

from ssl_core.errors import SSLError
from ssl_core.fingerprint import state_hash
from ssl_core.methods.supervised import Supervised
from ssl_core.training.device.precision import Precision
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Adapted, Losses, Task
from tests.ssl_core.networks import plane_network
from tests.ssl_core.runs import listen

CPU = torch.device("cpu")
TASK = Task(num_classes=2, num_unlabeled=1, num_features=32, class_prior=torch.ones(2) / 2)


def some(truth):
    return torch.where(torch.arange(len(truth)) < 20, truth, -1)


@pytest.mark.parametrize(
    ("name", "native", "half"),
    [
        ("mixed", True, torch.bfloat16),
        ("mixed", False, torch.float16),
        ("full", True, None),
        ("float16", True, torch.float16),
        ("bfloat16", False, torch.bfloat16),
    ],
)
def test_mixed_is_what_the_card_has(monkeypatch, name, native, half):
    """bfloat16 where it is the card's own, else float16; only float16 is scaled."""
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: native)
    monkeypatch.setattr(torch.cuda.amp.common, "amp_definitely_not_available", lambda: False)
    found = Precision(name, torch.device("cuda"))
    assert found.half is half
    assert found.scaler.is_enabled() == (half is torch.float16)


def test_a_cpu_trains_in_full_precision_unless_told_otherwise():
    """As it always did."""
    assert Precision("mixed", CPU).half is None


def test_a_gradient_too_small_for_float16_arrives(moons):
    """Scaled, it is that of full precision; as it is, it would be zero."""
    data, truth = moons
    x, y = data.clean(torch.arange(20)), truth[:20]
    found = {}
    for name in ("full", "float16"):
        model, precision = plane_network(), Precision(name, CPU)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e6)
        before = model.encoder[0].weight.detach().clone()
        with precision.computing():
            total = torch.nn.functional.cross_entropy(model(x), y) * 1e-7
        precision.backward(total)
        precision.step(optimizer, model, 0.0)
        found[name] = model.encoder[0].weight.detach() - before
    assert found["full"].abs().max() > 1e-3
    torch.testing.assert_close(found["float16"], found["full"], rtol=0.02, atol=1e-4)


@pytest.mark.parametrize("clip", [0.0, 1e-9])
def test_the_clip_is_of_the_true_gradient(moons, clip):
    """And not of the scaled one, which would leave nothing of it."""
    data, truth = moons
    x, y = data.clean(torch.arange(20)), truth[:20]
    found = {}
    for name in ("full", "float16"):
        model, precision = plane_network(), Precision(name, CPU)
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        before = [p.detach().clone() for p in model.parameters()]
        with precision.computing():
            total = torch.nn.functional.cross_entropy(model(x), y) * 1e-6
        precision.backward(total)
        precision.step(optimizer, model, clip)
        moved = [a.detach() - b for a, b in zip(model.parameters(), before, strict=True)]
        found[name] = torch.cat([each.flatten() for each in moved]).norm()
    torch.testing.assert_close(found["float16"], found["full"], rtol=0.2, atol=0)


def test_the_scale_is_in_the_checkpoint(moons, tmp_path):
    """A run of float16 that was cut goes on to the bit, its scale lowered by what overflowed."""
    data, truth = moons

    def run(name):
        trainer = SemiSupervisedTrainer(
            plane_network(), "fixmatch", steps=8, epoch_steps=2, batch_size=4, lr=0.02,
            precision="float16", device="cpu", checkpoint=tmp_path / name,
        )  # fmt: skip
        return trainer.run(data, some(truth))

    _, straight = listen(run("straight.pt"))
    cut = run("cut.pt")
    next(cut), next(cut)
    cut.close()
    kept = torch.load(tmp_path / "cut.pt", weights_only=True)["steps"]["precision"]["scaler"]
    kept["scale"] = 3.0  # another one than a scale begins with
    _, resumed = listen(run("cut.pt"))
    assert state_hash(resumed.model) == state_hash(straight.model)
    precision = Precision("float16", CPU)
    precision.load_state_dict({"fell_back": False, "scaler": kept})
    assert precision.scaler.get_scale() == 3.0
    assert precision.state_dict()["scaler"]["scale"] == 3.0


class Wide(Supervised):
    """A loss that float16 does not hold: 400 times itself is infinite there, in the second step."""

    def losses(self, batch, student, teacher, progress):
        made = super().losses(batch, student, teacher, progress)
        logits = student(batch.x)
        return Losses(made.supervised + 0 * (logits * 1e6).mean(), made.unsupervised)


class Steep(Supervised):
    """A loss whose gradient float16 does not hold at any scale of 1 or more."""

    def losses(self, batch, student, teacher, progress):
        made = super().losses(batch, student, teacher, progress)
        return Losses(made.supervised + 1e7 * student(batch.x).float().mean(), made.unsupervised)


def test_numbers_that_do_not_fit_float16_are_computed_in_full_and_told(moons):
    """From where the report began: the weights are those of a run in full precision."""
    data, truth = moons
    found = {}
    for precision in ("full", "float16"):
        trainer = SemiSupervisedTrainer(
            plane_network(), Wide(TASK), steps=6, epoch_steps=3, batch_size=4, lr=0.01,
            precision=precision, device="cpu",
        )  # fmt: skip
        events, predictor = listen(trainer.run(data, some(truth)))
        told = [event.words for event in events if isinstance(event, Adapted)]
        found[precision] = told, predictor.fingerprint()
    assert found["full"][0] == []
    assert found["float16"][0] == [
        "Numbers did not fit float16, so training went on in full precision."
    ]
    assert found["float16"][1] == found["full"][1]


def test_gradients_that_fit_at_no_scale_end_in_full_precision(moons):
    """Step after step would be left out without a word."""
    data, truth = moons
    trainer = SemiSupervisedTrainer(
        plane_network(), Steep(TASK), steps=40, epoch_steps=20, batch_size=4, lr=1e-9,
        precision="float16", device="cpu",
    )  # fmt: skip
    events, _ = listen(trainer.run(data, some(truth)))
    [told] = [event.words for event in events if isinstance(event, Adapted)]
    assert told == "Numbers did not fit float16, so training went on in full precision."


def test_what_is_broken_in_full_precision_too_is_an_error(moons):
    """It is not tried for ever."""
    data, truth = moons

    class Broken(Supervised):
        def losses(self, batch, student, teacher, progress):
            made = super().losses(batch, student, teacher, progress)
            return Losses(made.supervised * torch.nan, made.unsupervised)

    trainer = SemiSupervisedTrainer(
        plane_network(), Broken(TASK), steps=4, batch_size=4, precision="float16", device="cpu"
    )
    with pytest.raises(SSLError, match="not a number at step 1 of 4"):
        listen(trainer.run(data, some(truth)))
