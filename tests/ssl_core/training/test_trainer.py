"""Training learns, resumes to the bit, sees only what it may, and fails with a clear word."""

import math

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.data.sources import FeatureData, ImageData
from ssl_core.errors import SSLError
from ssl_core.fingerprint import state_hash
from ssl_core.methods import METHODS, build_method
from ssl_core.methods.supervised import Supervised
from ssl_core.training.batches import Batches, split_rows
from ssl_core.training.schedule import factor, optimizer
from ssl_core.training.steps import follow
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Epoch, Losses, Stopped, Task
from tests.ssl_core.runs import listen


def some_labels(truth, known=8):
    """The truth of the first rows, -1 elsewhere."""
    return torch.where(torch.arange(len(truth)) < known, truth, -1)


def test_fixmatch_learns_two_moons_that_labels_alone_do_not(moons, network):
    """Ten labels and 190 unlabeled points: the consistency of views bends the border."""
    data, truth = moons
    y = some_labels(truth, 10)
    right = {"supervised": 0.0, "fixmatch": 0.0}
    for method in right:
        for seed in range(3):
            trainer = SemiSupervisedTrainer(
                network(seed=seed), method, steps=400, batch_size=10, mu=6, lr=0.02,
                device="cpu", seed=seed,
            )  # fmt: skip
            _, model = listen(trainer.run(data, y))
            found = model.probabilities(torch.arange(200)).argmax(1)
            right[method] += (found == truth).float().mean().item() / 3
    assert right["fixmatch"] > 0.9
    assert right["fixmatch"] > right["supervised"] + 0.05


@pytest.mark.parametrize("method", METHODS)
def test_a_resumed_run_equals_a_straight_one_to_the_bit(method, images, tmp_path):
    """Sixty steps at once, or 25, a kill between two checkpoints, and the rest: same weights."""
    data, truth = images

    def run(name, global_seed):
        torch.manual_seed(global_seed)  # must not matter
        model = build("small_cnn", 1, 2)
        model.head = torch.nn.Sequential(torch.nn.Dropout(0.3), model.head)
        trainer = SemiSupervisedTrainer(
            model, method, steps=60, epoch_steps=10, batch_size=5, mu=2, device="cpu",
            checkpoint=tmp_path / name,
        )  # fmt: skip
        return trainer.run(data, some_labels(truth))

    _, straight = listen(run("straight.pt", 1))
    cut = run("cut.pt", 2)
    assert [next(cut).step for _ in range(2)] == [10, 20]
    cut.close()
    events, resumed = listen(run("cut.pt", 3))
    assert [event.step for event in events if isinstance(event, Epoch)] == [30, 40, 50, 60]
    assert state_hash(resumed.model) == state_hash(straight.model)


def test_a_finished_run_returns_at_once_from_its_checkpoint(images, tmp_path):
    """Nothing is trained again; the weights are the same."""
    data, truth = images
    settings = {"steps": 4, "batch_size": 4, "device": "cpu", "checkpoint": tmp_path / "c.pt"}

    def run():
        trainer = SemiSupervisedTrainer(build("small_cnn", 1, 2), "supervised", **settings)
        return listen(trainer.run(data, some_labels(truth)))

    first, again = run(), run()
    assert again[0] == [Stopped("all 4 steps are done")]
    assert state_hash(again[1].model) == state_hash(first[1].model)


def test_training_leaves_the_global_random_state_alone(images):
    """Two programs in one process do not disturb each other."""
    data, truth = images
    torch.manual_seed(5)
    before = torch.get_rng_state()
    trainer = SemiSupervisedTrainer(build("small_cnn", 1, 2), steps=2, batch_size=4, device="cpu")
    listen(trainer.run(data, some_labels(truth)))
    assert torch.equal(before, torch.get_rng_state())


class Watched(ImageData):
    """Images that remember which rows were looked at."""

    def view(self, name, rows, generator):
        self.seen = getattr(self, "seen", set()) | set(rows.tolist())
        return super().view(name, rows, generator)


def test_rows_outside_the_pool_are_never_seen(images):
    """Not as labeled rows though they have labels, and not as unlabeled ones."""
    data, truth = images
    watched = Watched(data.pixels, "handwriting")
    pool = torch.arange(24) % 3 != 0
    y = some_labels(truth, 12)
    trainer = SemiSupervisedTrainer(build("small_cnn", 1, 2), steps=12, batch_size=4, device="cpu")
    _, model = listen(trainer.run(watched, y, pool))
    assert watched.seen == set(pool.nonzero().squeeze(1).tolist())
    assert model.probabilities(torch.arange(24)).shape == (24, 2)


class Breaks(Supervised):
    """Its loss is NaN in the fourth step."""

    calls = 0

    def losses(self, batch, student, teacher, progress):
        made = super().losses(batch, student, teacher, progress)
        self.calls += 1
        return Losses(made.supervised * (math.nan if self.calls == 4 else 1), made.unsupervised)


def test_a_loss_that_is_not_a_number_names_its_step_and_keeps_the_checkpoint(images, tmp_path):
    """Step 4 of 10 is named; the file still holds the two good steps."""
    data, truth = images
    task = Task(num_classes=2, num_unlabeled=16, num_features=64, class_prior=torch.ones(2) / 2)
    path = tmp_path / "c.pt"
    trainer = SemiSupervisedTrainer(
        build("small_cnn", 1, 2), Breaks(task), steps=10, epoch_steps=2, batch_size=4,
        device="cpu", checkpoint=path,
    )  # fmt: skip
    run = trainer.run(data, some_labels(truth))
    next(run)
    with pytest.raises(SSLError, match=r"not a number at step 4 of 10 .* its rows were \d+"):
        next(run)
    kept = torch.load(path, weights_only=True)
    assert kept["steps"]["done"] == 2
    assert all(value.isfinite().all() for value in kept["steps"]["student"].values())


class Torn(FeatureData):
    """Points of which row 3 has lost its weak view, though it was whole at first."""

    def views(self, names, rows, generator):
        lost = rows[:, None] == 3
        return {
            name: torch.where(lost & (name == "weak"), math.nan, view)
            for name, view in super().views(names, rows, generator).items()
        }


@pytest.mark.parametrize(("method", "later"), [("supervised", 0), ("fixmatch", 1)])
def test_a_broken_row_is_named_and_nothing_broken_is_saved(moons, network, tmp_path, method, later):
    """An unlabeled weak view breaks the gradient alone: the loss tells one step later.

    Unless a report comes between; then the weights tell, before they are saved.
    """
    data, truth = moons
    torn = Torn(data.features, data.copies["weak"], data.copies["strong"])
    first = torch.arange(200) < 8
    y = torch.where(first if method == "supervised" else ~first, truth, -1)
    views = () if method == "supervised" else ("weak", "strong")
    known, rest = split_rows(y, None)
    stream = Batches(data, known, y[known], rest, views, batch_size=1, unlabeled_batch_size=1)
    number = 1
    while next(stream) and 3 not in torch.cat(stream.drawn):
        number += 1
    assert number > 1
    for epoch_steps, step in ((1, number), (number, number), (number - 1, number + later)):
        path = tmp_path / f"{epoch_steps}.pt"
        trainer = SemiSupervisedTrainer(
            network(), method, batch_size=1, mu=1, steps=100, epoch_steps=epoch_steps,
            device="cpu", checkpoint=path,
        )  # fmt: skip
        words = rf"at step {step} of 100 .*: rows 3 hold NaN or infinity\. Leave"
        with pytest.raises(SSLError, match=words):
            listen(trainer.run(torn, y))
        assert path.exists() == (epoch_steps < number)
        if path.exists():
            kept = torch.load(path, weights_only=True)["steps"]
            assert kept["done"] == number - 1
            assert all(value.isfinite().all() for value in kept["student"].values())


def test_a_checkpoint_of_other_labels_is_refused(images, tmp_path):
    """A stale file never passes for this run's."""
    data, truth = images
    settings = {"steps": 2, "batch_size": 4, "device": "cpu", "checkpoint": tmp_path / "c.pt"}
    listen(
        SemiSupervisedTrainer(build("small_cnn", 1, 2), **settings).run(data, some_labels(truth))
    )
    other = SemiSupervisedTrainer(build("small_cnn", 1, 2), **settings)
    with pytest.raises(SSLError, match="belongs to another run"):
        next(other.run(data, some_labels(truth, 9)))


def test_the_learning_rate_warms_up_then_follows_the_cosine():
    """Linear to the full rate over the warm-up, then cos(7πk/16K)."""
    assert [factor(step, 110, 10) for step in (0, 4, 9, 10)] == [0.1, 0.5, 1.0, 1.0]
    for k in range(100):
        assert factor(10 + k, 110, 10) == pytest.approx(math.cos(7 * math.pi * k / 1600))


@pytest.mark.parametrize("kind", ["images", "features"])
def test_weight_decay_spares_norms_and_biases(kind):
    """Without any gradient, matrices and kernels shrink in a step, and nothing else moves.

    The heads of a method decay like those of the network.
    """
    model = build("small_cnn", 1, 2)
    task = Task(2, 4, model.num_features, torch.ones(2) / 2)
    modules = torch.nn.ModuleList([model, build_method("cct", task)])
    before = {name: p.detach().clone() for name, p in modules.named_parameters()}
    for parameter in modules.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer(kind, modules, 0.1, 0.01).step()
    decayed = set()
    for name, parameter in modules.named_parameters():
        if not torch.equal(parameter, before[name]):
            decayed.add(name)
            rate = 1 - 0.1 * 0.01 * (1.9 if kind == "images" else 1)  # Nesterov's first step
            torch.testing.assert_close(parameter.detach(), rate * before[name])
    assert decayed == {name for name, p in before.items() if p.ndim > 1}
    assert {name.rpartition(".")[2] for name in decayed} == {"weight"}
    assert any("heads" in name for name in decayed)


def test_the_teacher_is_the_moving_average_of_the_student():
    """Weights move by 1 - decay; the statistics of the norms are copied."""
    student, teacher = build("small_cnn", 1, 2, seed=1), build("small_cnn", 1, 2, seed=2)
    with torch.no_grad():
        next(student.buffers()).fill_(7.0)
    old = [p.clone() for p in teacher.parameters()]
    follow(teacher, student, 0.75)
    for slow, was, fast in zip(teacher.parameters(), old, student.parameters(), strict=True):
        torch.testing.assert_close(slow, 0.75 * was + 0.25 * fast)
    assert (next(teacher.buffers()) == 7).all()


def test_the_hash_names_the_weights():
    """Equal weights, equal names; one changed number changes the name."""
    one, other = build("small_cnn", 1, 2, seed=1), build("small_cnn", 1, 2, seed=1)
    assert state_hash(one) == state_hash(other)
    with torch.no_grad():
        other.head.bias[0] += 1e-6
    assert state_hash(one) != state_hash(other)


def test_features_and_images_train_with_a_head_and_a_network(moons):
    """A head on cached features yields epochs that count up to the end."""
    data, truth = moons
    assert isinstance(data, FeatureData)
    trainer = SemiSupervisedTrainer(build("mlp", 2, 2), steps=50, epoch_steps=20, device="cpu")
    events, model = listen(trainer.run(data, some_labels(truth)))
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert [(e.number, e.epochs, e.step) for e in epochs] == [(1, 3, 20), (2, 3, 40), (3, 3, 50)]
    assert torch.allclose(model.probabilities(torch.arange(200)).sum(1), torch.ones(200))


def test_a_method_is_told_the_prior_and_without_one_the_shares_of_the_labels():
    """The task that a method sees has it; of three labels to one, smoothed by one of each."""
    labels = torch.tensor([0, 0, 0, 1])
    for prior, wanted in ((None, [4 / 6, 2 / 6]), (torch.tensor([0.9, 0.1]), [0.9, 0.1])):
        trainer = SemiSupervisedTrainer(
            build("mlp", 2, 2), "adamatch", prior=prior, steps=1, device="cpu"
        )
        method = trainer._method(labels, 10)
        torch.testing.assert_close(method.align.prior, torch.tensor(wanted))
