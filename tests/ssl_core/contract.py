"""What every method must keep, as checks that can be run on any Method, broken ones included."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from ssl_core.backbones import build
from ssl_core.method import Method
from ssl_core.methods import METHODS
from ssl_core.types import Batch, Classifier, Losses, Task
from tests.ssl_core.networks import plane_network

CLASSES = 3
VIEWS = [f"{kind}{number}" for kind in ("weak", "strong") for number in ("", 2, 3, 4)]
Make = Callable[[Task], Method]


@dataclass
class Problem:
    """A student, its teacher and batches, of images or of feature vectors."""

    student: Classifier
    teacher: Classifier
    shape: tuple[int, ...]
    task: Task

    def batch(self, labeled: int = 4, unlabeled: int = 6, seed: int = 0) -> Batch:
        """Random rows with every view a method may ask for."""
        g = torch.Generator().manual_seed(seed)
        return Batch(
            x=torch.rand(labeled, *self.shape, generator=g),
            y=torch.randint(CLASSES, (labeled,), generator=g),
            u={name: torch.rand(unlabeled, *self.shape, generator=g) for name in VIEWS},
            index=torch.arange(unlabeled),
        )

    def losses(self, method: Method, batch: Batch, progress: float = 0.9) -> Losses:
        """One batch's losses; what a method draws, it draws from seed 0."""
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return method.losses(batch, self.student, self.teacher, progress)


def problem(kind: str) -> Problem:
    """A problem of three classes: "images" (1, 8, 8) with batch norm, or "vectors" of 2 without."""
    make = {
        "images": lambda seed: build("small_cnn", 1, CLASSES, seed=seed),
        "vectors": lambda seed: plane_network(CLASSES, seed=seed),
    }[kind]
    student, teacher = make(0).train(), make(1).requires_grad_(False).eval()
    prior = torch.tensor([0.5, 0.3, 0.2])
    task = Task(CLASSES, num_unlabeled=6, num_features=student.num_features, class_prior=prior)
    return Problem(student, teacher, {"images": (1, 8, 8), "vectors": (2,)}[kind], task)


def keywords(method: type[Method]) -> dict[str, Any]:
    """The hyper-parameters of a method and their defaults."""
    return method.__init__.__kwdefaults__ or {}


def eager(name: str) -> Make:
    """Make the named method so that every unlabeled row teaches, where it has a threshold."""
    method = METHODS[name]
    options = {"threshold": 0.0} if "threshold" in keywords(method) else {}
    return lambda task: seeded(lambda: method(task, **options))


def seeded(make: Callable[[], Method]) -> Method:
    """Make a method whose own heads start from seed 0."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return make()


def check_gradient(make: Make, kind: str) -> None:
    """The unsupervised term has a gradient in the student, and none in the teacher."""
    one = problem(kind)
    one.losses(make(one.task), one.batch()).unsupervised.backward()
    taught = [p.grad.abs().sum() for p in one.student.parameters() if p.grad is not None]
    assert sum(map(float, taught)) > 0, "the unsupervised term teaches the student nothing"
    assert all(p.grad is None for p in one.teacher.parameters()), "the teacher is taught"


def check_mean_over_rows(method: type[Method]) -> None:
    """The term of M rows is the mean of the terms of each row alone, confident or not.

    The network has no batch statistics, so rows do not see each other; half are confident.
    """
    one = problem("vectors")
    whole = one.batch()
    with torch.no_grad():
        confidence = one.student(whole.u["weak"]).softmax(1).amax(1)
    options = {"threshold": float(confidence.median())} if "threshold" in keywords(method) else {}
    together = one.losses(method(one.task, **options), whole).unsupervised
    alone = []
    for row in range(len(whole.index)):
        u = {name: view[row : row + 1] for name, view in whole.u.items()}
        part = Batch(whole.x, whole.y, u, whole.index[row : row + 1])
        alone.append(one.losses(method(one.task, **options), part).unsupervised)
    torch.testing.assert_close(
        together, torch.stack(alone).mean(), msg=lambda m: f"not the mean: {m}"
    )


def masked() -> list[str]:
    """The methods whose term has a mask: those that import the masked loss."""
    return [
        name for name in METHODS if hasattr(sys.modules[METHODS[name].__module__], "masked_loss")
    ]


def check_doubtful_rows_count(method: type[Method]) -> None:
    """A row that does not teach takes its share off the mean, whatever its guess is worth.

    The strong views are the origin, where logits without biases are all equal: the cross-entropy
    with any guess is log C, so the term is log C times the share that teaches. The weak views lie
    on one ray, half of them far out, where the network is certain, half of them near the origin.
    """
    one = problem("vectors")
    for name, parameter in one.student.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.zeros_(parameter)
    ray = torch.tensor([1e4, 5e3])
    whole = one.batch()
    whole.x[:] = ray
    whole.u["weak"][:] = ray * torch.tensor([1, 1e-6]).repeat(3)[:, None]
    whole.u["strong"].zero_()
    plain = {"ema_decay": 0.0, "fairness": 0.0}
    made = method(one.task, **{name: plain[name] for name in keywords(method) if name in plain})
    one.losses(made, whole)  # some thresholds rise with what was learned
    again = one.losses(made, whole)
    assert 0 < float(again.used) < 1, "all rows teach, or none"
    expected = torch.tensor(CLASSES).log() * again.used
    torch.testing.assert_close(again.unsupervised, expected, msg=lambda m: f"not the mean: {m}")


def check_weighs_in(make: Make, kind: str) -> None:
    """The total is supervised + weight * unsupervised, and both parts are there and finite."""
    one = problem(kind)
    made = one.losses(make(one.task), one.batch())
    torch.testing.assert_close(made.total, made.supervised + made.weight * made.unsupervised)
    assert made.total.isfinite()
    assert made.total != made.supervised, "the unlabeled rows do not count"
    assert 0 <= float(made.used) <= 1
