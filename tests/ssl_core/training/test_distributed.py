"""Two processes that train together: other rows, the same weights, and the gradient of both."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from ssl_core.training import distributed
from ssl_core.training.batches import Batches
from ssl_core.training.sampling import SAMPLINGS
from tests.ssl_core import processes

ROOT = Path(__file__).parents[3]


def launch(command, size, folder):
    """Run a command in `size` processes that find each other over loopback, as torchrun does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    meeting = {
        "WORLD_SIZE": str(size), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port),
        "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    started = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=os.environ | meeting | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for rank in range(size)
    ]
    try:
        told = [each.communicate(timeout=400)[0] for each in started]
    finally:
        for each in started:
            each.kill()
    assert [each.returncode for each in started] == [0] * size, "\n".join(told)
    return told


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What each of two processes saw and learned, for every case in processes.CASES."""
    folder = tmp_path_factory.mktemp("processes")
    launch([processes.__file__], 2, folder)
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


@pytest.mark.parametrize("case", processes.CASES)
def test_both_processes_hold_the_same_to_the_bit(found, case):
    """Student, teacher, the state of the method and the reports are equal."""
    one, other = found[0][case], found[1][case]
    for part in ("student", "teacher", "method"):
        assert one[part].keys() == other[part].keys()
        for name, value in one[part].items():
            assert torch.equal(value, other[part][name]), f"{part} {name}"
    assert one["losses"] == other["losses"]


@pytest.mark.parametrize("case", processes.CASES)
def test_each_process_draws_rows_of_its_own(found, case):
    """No row of a step, labeled or not, is in both."""
    assert found[0][case]["rows"]
    for one, other in zip(found[0][case]["rows"], found[1][case]["rows"], strict=True):
        assert set(one.tolist()).isdisjoint(other.tolist())


@pytest.mark.parametrize("method", ["supervised", "fixmatch", "flexmatch"])
def test_two_processes_take_the_step_of_one_with_twice_the_batch(found, method):
    """Without batch norm the mean of two gradients is that of all rows: same weights, and counts.

    One process draws the same rows, since two draw one large batch and share it out.
    """
    alone = processes.train(method, batch_size=8)
    for part in ("student", "teacher", "method"):
        for name, value in alone[part].items():
            shared = found[0][method][part][name]
            torch.testing.assert_close(shared, value, rtol=1e-4, atol=1e-6, msg=f"{part} {name}")
    assert found[0][method]["losses"] == pytest.approx(alone["losses"], rel=1e-4)


def test_the_methods_have_learned_something_to_share(found):
    """The states that are compared are not those of the start."""
    learned = found[0]["flexmatch"]["method"]["learned"]
    assert (learned >= 0).sum() > 8
    assert found[0]["freematch"]["method"]["confidence"] != pytest.approx(0.5, abs=1e-4)


def test_a_run_that_was_cut_goes_on_to_the_bit(found):
    """Both processes take up their own random state from the one file that the first wrote."""
    for name, value in found[0]["images"]["student"].items():
        assert torch.equal(value, found[0]["resumed"]["student"][name]), name


def test_each_process_has_chance_of_its_own(found):
    """Dropout and augmentation differ, and the order of the rows is one."""
    one, other = found[0]["own"]
    assert not torch.equal(one["random"][0], other["random"][0])
    assert not torch.equal(one["batches"]["augmenting"], other["batches"]["augmenting"])
    assert torch.equal(one["batches"]["sampling"], other["batches"]["sampling"])


def test_a_broken_row_is_named_by_both_though_one_has_drawn_it(found):
    """The same words in both processes."""
    assert found[0]["broken"] == found[1]["broken"]
    assert "rows 90 hold NaN or infinity" in found[0]["broken"]


def test_alone_nothing_is_shared():
    """Without torchrun the context does nothing, and every function gives back its argument."""
    with distributed.joined():
        assert (distributed.rank(), distributed.size()) == (0, 1)
        assert distributed.from_first(3) == 3
        assert distributed.from_each(3) == [3]


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_shares_make_up_the_batch_of_one(images, sampling):
    """The rows of two shares are those that one stream with twice the batch draws."""
    data, truth = images
    rows = torch.arange(24)

    def stream(batch_size, **share):
        return Batches(
            data, rows[:8], truth[:8], rows[8:], ("weak",), batch_size=batch_size,
            unlabeled_batch_size=2 * batch_size, sampling=sampling, **share,
        )  # fmt: skip

    whole, halves = stream(4), [stream(2, share=(rank, 2)) for rank in range(2)]
    for _ in range(5):
        next(whole)
        parts = [(next(half), half.drawn)[1] for half in halves]
        for drawn, *shares in zip(whole.drawn, *parts, strict=True):
            assert drawn.tolist() == torch.stack(shares, 1).flatten().tolist()
