"""In pieces a network gives the same losses and gradients, and holds less on its way."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from ssl_core.backbones import build
from ssl_core.methods import METHODS
from ssl_core.parts.passes import frozen_batchnorm, without_dropout
from ssl_core.training.device.pieces import InPieces, normalizes, woven
from ssl_core.types import Classifier
from tests.ssl_core.contract import eager, problem
from tests.ssl_core.networks import plane_network


def gradients(model):
    return [None if p.grad is None else p.grad.clone() for p in model.parameters()]


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("name", METHODS)
def test_every_method_learns_the_same_in_pieces(name, number):
    """Losses, gradients and the method's own state: rows still see each other where they must."""
    found = []
    for pieces in (1, number):
        one = problem("vectors")
        method = eager(name)(one.task)
        student, teacher = one.student, one.teacher
        if pieces > 1:
            one.student, one.teacher = InPieces(student, pieces), InPieces(teacher, pieces)
        made = one.losses(method, one.batch())
        made.total.backward()
        found.append((made.total.detach(), gradients(student), gradients(method), method))
    whole, parts = found
    torch.testing.assert_close(parts[0], whole[0])
    for one, other in zip(whole[1] + whole[2], parts[1] + parts[2], strict=True):
        torch.testing.assert_close(other, one, rtol=1e-4, atol=1e-6)
    for name, value in whole[3].state_dict().items():
        torch.testing.assert_close(parts[3].state_dict()[name], value)


@pytest.mark.parametrize(("rows", "number"), [(1, 1), (6, 2), (7, 3), (9, 4), (3, 3)])
def test_pieces_are_woven_back_into_the_order_of_the_batch(rows, number):
    """Every so-manyth row is a piece, the first ones a row longer where it does not come out."""
    x = torch.arange(2 * rows).view(rows, 2)
    assert torch.equal(woven([x[first::number] for first in range(number)]), x)


def noisy():
    """A network with dropout and batch normalization."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5))
        return Classifier(encoder, nn.Linear(8, 2), num_features=8, num_classes=2).train()


@pytest.mark.parametrize("around", [frozen_batchnorm, without_dropout, None])
def test_the_second_pass_sees_what_the_first_saw(around):
    """The same dropout, no statistics taken twice, and the modes of then.

    By hand: each piece through the network, with all that it needs for its gradient kept.
    """
    x = torch.rand(8, 2, generator=torch.Generator().manual_seed(1))
    found = []
    for by_hand in (True, False):
        model = noisy()
        seen = InPieces(model, 2)
        with torch.random.fork_rng():
            torch.manual_seed(3)
            if around is None:
                z = woven([model.encode(x[k::2]) for k in (0, 1)]) if by_hand else seen.encode(x)
            else:
                with around(model):
                    z = (
                        woven([model.encode(x[k::2]) for k in (0, 1)])
                        if by_hand
                        else seen.encode(x)
                    )
            modes = [module.training for module in model.modules()]
            model.head(z).square().sum().backward()
        assert [module.training for module in model.modules()] == modes
        found.append((z.detach(), gradients(model), deepcopy(model.state_dict())))
    assert torch.equal(found[0][0], found[1][0])
    for one, other in zip(found[0][1], found[1][1], strict=True):
        assert torch.equal(one, other)
    for name, value in found[0][2].items():
        assert torch.equal(value, found[1][2][name]), name


def test_less_is_held_for_the_way_back():
    """Of a convolutional network, only its inputs and features instead of every layer's outputs."""
    model = build("small_cnn", 1, 2).train()
    x = torch.rand(8, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    held = []
    for seen in (model, InPieces(model, 4)):
        kept = []

        def keep(tensor, kept=kept):
            kept.append(tensor.numel())
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            seen(x)
        held.append(sum(kept))
    assert held[1] < held[0] / 10


def test_no_piece_has_a_single_row():
    """It would have no spread to normalize by; a batch that small is seen whole."""
    seen = []

    class Watched(Classifier):
        def encode(self, x):
            seen.append(len(x))
            return super().encode(x)

    plain = plane_network()
    model = Watched(plain.encoder, plain.head, num_features=32, num_classes=2)
    for rows in range(1, 12):
        InPieces(model, 8)(torch.zeros(rows, 2))
    assert min(seen[1:]) >= 2
    assert normalizes(build("small_cnn", 1, 2))
    assert not normalizes(plain)
