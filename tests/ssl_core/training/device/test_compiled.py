"""A network that compiles is run compiled; one that does not goes on as it was, and says so."""

from functools import partial

import pytest
import torch

from ssl_core.training.device import compiled
from ssl_core.training.device.compiled import Compiled
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Adapted
from tests.ssl_core.networks import plane_network
from tests.ssl_core.runs import listen

CPU, GPU = torch.device("cpu"), torch.device("cuda")
X = torch.tensor([[1.0, 2.0], [3.0, -4.0]])


@pytest.fixture(autouse=True)
def _anew():
    """What was compiled before is forgotten."""
    yield
    torch.compiler.reset()


def counting(calls):
    """A backend that runs the graph as it is, and notes that it did."""

    def backend(graph, inputs):
        del inputs

        def run(*given):
            calls.append(len(given))
            return graph.forward(*given)

        return run

    return partial(torch.compile, backend=backend)


def broken(graph, inputs):
    raise NotImplementedError("no compiler here")


def test_a_compiled_network_gives_the_features_and_gradients_of_the_plain_one():
    """By torch's own tracing, with a backend that runs what was traced."""
    plain, model, calls = plane_network(), plane_network(), []
    seen = Compiled(model, counting(calls))
    assert torch.equal(seen(X), plain(X))
    assert calls
    assert seen.told == ""
    for each in (seen, plain):
        each(X).square().sum().backward()
    for one, other in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(one.grad, other.grad)


def test_what_cannot_be_compiled_is_trained_as_it_is_and_told(moons, monkeypatch):
    """The weights are those of a run that was never to be compiled."""
    data, truth = moons
    y = torch.where(torch.arange(len(truth)) < 10, truth, -1)
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend=broken))
    found = {}
    for choice in ("off", "on"):
        trainer = SemiSupervisedTrainer(
            plane_network(), "fixmatch", steps=4, epoch_steps=2, batch_size=4, device="cpu",
            compile=choice,
        )  # fmt: skip
        events, predictor = listen(trainer.run(data, y))
        told = [event.words for event in events if isinstance(event, Adapted)]
        found[choice] = told, predictor.fingerprint()
    assert found["off"][0] == []
    [words] = found["on"][0]
    assert words.startswith("The network could not be compiled (BackendCompilerFailed), so it was")
    assert found["on"][1] == found["off"][1]


def test_memory_that_runs_out_is_no_failure_to_compile():
    """It is mended by smaller pieces, not by leaving off."""

    def narrow(function):
        def run(x):
            raise torch.OutOfMemoryError("CUDA out of memory.")

        return run

    seen = Compiled(plane_network(), narrow)
    with pytest.raises(torch.OutOfMemoryError):
        seen(X)
    assert seen.told == ""


def test_an_error_of_the_network_itself_is_raised():
    """Compiled or not, it cannot be run."""
    seen = Compiled(plane_network(), lambda function: function)
    with pytest.raises(RuntimeError, match="shapes"):
        seen(torch.zeros(2, 5))
    assert seen.told == ""


@pytest.mark.parametrize(
    ("choice", "device", "images", "triton", "found"),
    [
        ("off", GPU, True, True, False),
        ("on", CPU, False, False, True),
        ("auto", CPU, True, True, False),
        ("auto", GPU, False, True, False),
        ("auto", GPU, True, False, False),
        ("auto", GPU, True, True, True),
    ],
)
def test_auto_compiles_where_it_can_repay(monkeypatch, choice, device, images, triton, found):
    """A network that sees images, on a card, with the compiler that a card needs."""
    monkeypatch.setattr(compiled, "find_spec", {"triton": triton or None}.get)
    assert compiled.wanted(choice, device, images) is found
