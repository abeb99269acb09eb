"""Memory that runs out is told from other faults, and smaller pieces take its place."""

import pytest
import torch

from ssl_core.memory import PIXELS, Pieces, few, ran_out

RAN_OUT = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    MemoryError(),
    RuntimeError("CUDA error: out of memory"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("not enough memory: you tried to allocate 8 bytes."),
]
OTHER = [
    RuntimeError("CUDA error: device-side assert triggered"),
    ValueError("out of memory"),
    RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
]


@pytest.mark.parametrize("error", RAN_OUT, ids=str)
def test_memory_runs_out_in_many_words(error):
    """The driver and the libraries of a card raise plain RuntimeErrors."""
    assert ran_out(error)


@pytest.mark.parametrize("error", OTHER, ids=str)
def test_no_other_fault_passes_for_it(error):
    """It would be tried again and again with smaller pieces."""
    assert not ran_out(error)


def doubled(room, seen):
    """Doubles rows, and has room for so many; notes how many it was given."""

    def compute(x):
        seen.append(len(x))
        if len(x) > room:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return 2 * x

    return compute


@pytest.mark.parametrize("rows", [0, 1, 2, 7, 20])
def test_rows_come_out_the_same_and_in_order_however_small_the_pieces(rows):
    """Each row once; what a piece was halved to stays, so memory runs out only once a size."""
    pieces, seen, x = Pieces(16), [], torch.arange(float(rows))
    assert torch.equal(pieces(doubled(3, seen), x), 2 * x)
    tried = len(seen)
    assert torch.equal(pieces(doubled(3, seen), x), 2 * x)
    assert max(seen[tried:], default=0) <= 3
    assert bool(pieces.told) == (rows > 3)
    if rows > 3:
        assert pieces.told.startswith("Memory ran out with 16 images at once, so they went")
        assert f" {pieces.size} at a time" in pieces.told


def test_pieces_are_never_held_twice(monkeypatch):
    """Where a million rows are written to one place, putting parts together would take two."""
    monkeypatch.setattr(torch, "cat", None)
    x = torch.arange(20.0).reshape(10, 2)
    assert torch.equal(Pieces(4)(lambda part: part.half(), x), x.half())


def test_a_row_too_large_by_itself_is_told_as_it_is():
    """Nothing smaller is left to try."""
    with pytest.raises(torch.OutOfMemoryError):
        Pieces(16)(doubled(0, []), torch.zeros(4))


def test_another_fault_is_not_tried_again():
    """It is raised at once."""
    seen = []

    def broken(x):
        seen.append(x)
        raise RuntimeError("shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="multiplied"):
        Pieces(16)(broken, torch.zeros(4))
    assert len(seen) == 1


@pytest.mark.parametrize(("row", "told"), [
    ((512,), 256), ((3, 28, 28), 256), ((1, 64, 64), 64), ((3, 128, 128), 16), ((3, 224, 224), 5),
    ((3, 4096, 4096), 1),
])  # fmt: skip
def test_on_a_cpu_few_images_go_through_a_network_together(row, told):
    """As many as fit near the processor, one at least; rows of features, and on a card, all."""
    cpu, card = torch.device("cpu"), torch.device("cuda")
    assert few(256, row, cpu) == told
    assert told == 1 or told * row[-1] ** (2 if len(row) > 1 else 0) <= PIXELS
    assert few(256, row, card) == 256
