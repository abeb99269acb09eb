"""No method mixes what lies on a card with what lies on the CPU, tried on a card that is not there.

Torch can play a computation without doing it (FakeTensorMode): each tensor has a device and a shape
and no numbers. Whoever adds a row of a card to one of the CPU is stopped as by a real card.
"""

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.distributions import Distribution

from ssl_core.methods import METHODS
from ssl_core.types import Batch
from tests.ssl_core.contract import problem

CARD = torch.device("cuda", 0)


@pytest.fixture
def played(monkeypatch):
    """Within it there are cards without numbers; checks of numbers are left out."""
    monkeypatch.setattr(Distribution, "_validate_args", False)
    monkeypatch.setattr(torch.autograd, "grad", lambda of, at: [torch.empty_like(at) + 0 * of])
    monkeypatch.setattr(torch, "bincount", lambda x, minlength: x.new_empty(minlength))
    return FakeTensorMode()


def on_a_card(tensor):
    """Like a tensor, on the card; its numbers do not matter, for there are none."""
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=CARD)


def moved(module):
    """A module whose weights and buffers lie on the card."""
    for part in module.modules():
        for name, value in list(part._parameters.items()):
            if value is not None:
                there = torch.nn.Parameter(on_a_card(value), value.requires_grad)
                part._parameters[name] = there
        for name, value in list(part._buffers.items()):
            if value is not None:
                part._buffers[name] = on_a_card(value)
    return module


@pytest.mark.parametrize("kind", ["images", "vectors"])
@pytest.mark.parametrize("name", METHODS)
def test_a_step_of_every_method_stays_on_the_card(played, name, kind):
    """The loss is there, and no row or state came from elsewhere.

    The way back needs a real card: gradients are as empty as everything else.
    """
    one = problem(kind)
    method, batch = METHODS[name](one.task), one.batch()
    with played:
        student, teacher, method = (moved(each) for each in (one.student, one.teacher, method))
        there = Batch(
            on_a_card(batch.x), on_a_card(batch.y),
            {view: on_a_card(rows) for view, rows in batch.u.items()},
            on_a_card(batch.index),
        )  # fmt: skip
        made = method.losses(there, student, teacher, 0.9)
        assert made.total.device == CARD


def test_what_mixes_devices_is_caught(played):
    """Else the test above could not fail."""
    with played, pytest.raises(RuntimeError, match=r"two different devices|devices"):
        torch.ones(2, device=CARD) + torch.ones(2)
