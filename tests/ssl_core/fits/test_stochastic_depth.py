"""Stochastic depth: which blocks are skipped, and how often; prediction knows nothing of it."""

import numpy as np
import pytest
import torch

from ssl_core.backbones import build
from ssl_core.data.sources import ImageData
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.stochastic_depth import skipping
from tests.ssl_core.runs import listen

DEEP = pytest.mark.parametrize("name", ["wide_resnet", "efficientnet_lite0"])
BLOCKS = 9  # in either, those that keep the shape


def block_outputs(model, x, times):
    """What each block that may be skipped added to its input, in one forward pass of copies."""
    added = []
    hooks = [
        block.register_forward_hook(lambda _, given, out: added.append((out - given[0]).detach()))
        for block in model.modules()
        if getattr(block, "residual", False)
    ]
    with torch.no_grad():
        model(x.expand(times, -1, -1, -1))
    for hook in hooks:
        hook.remove()
    return added


@DEEP
def test_later_blocks_are_skipped_more_often(name):
    """The last for a fifth of the images, the others in proportion; what survives is scaled up."""
    model = skipping(build(name, 1, 2)).train()
    torch.manual_seed(0)
    added = block_outputs(model, torch.rand(1, 1, 16, 16), 400)
    assert len(added) == BLOCKS
    for place, each in enumerate(added, start=1):
        skipped = (each == 0).flatten(1).all(1).float().mean()
        assert skipped == pytest.approx(0.2 * place / BLOCKS, abs=0.06)


@DEEP
def test_prediction_and_names_are_those_of_the_whole_network(name):
    """In evaluation nothing is skipped, and the weights fit the network that was given."""
    plain = build(name, 1, 2)
    copy = skipping(plain)
    x = torch.rand(3, 1, 16, 16)
    plain.eval()
    copy.eval()
    with torch.no_grad():
        assert torch.equal(copy(x), plain(x))
    plain.load_state_dict(copy.state_dict())
    plain.train()
    torch.manual_seed(0)
    assert all((each != 0).any() for each in block_outputs(plain, x[:1], 4)), "the given one skips"


def test_a_network_without_blocks_stays_as_it_is():
    """Small networks and heads are noised by dropout alone."""
    for name in ("small_cnn", "linear", "mlp"):
        model = build(name, 8, 2)
        assert skipping(model) is model


def test_a_noised_fit_skips_and_another_does_not():
    """Noise shows in the copy that is trained; equal seeds train equal networks."""
    rng = np.random.default_rng(0)
    data = ImageData(rng.integers(0, 256, (8, 1, 8, 8)).astype(np.uint8), "handwriting")
    rows, labels = torch.arange(8), torch.arange(8) % 2

    def trained():
        model = build("wide_resnet", 1, 2)
        fit = NeuralFit(data, model, steps=2, batch_size=4, mu=1, device="cpu").noised()
        assert not any(block._forward_hooks for block in model.modules())
        assert sum(bool(block._forward_hooks) for block in fit.model.modules()) == BLOCKS
        return listen(fit(rows, labels))[1]

    one, other = trained(), trained()
    assert one.fingerprint() == other.fingerprint()
    assert torch.equal(one.probabilities(rows), other.probabilities(rows))
