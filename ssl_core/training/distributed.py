"""One training in several processes: each its own rows, and the same weights to the bit.

`torchrun` starts the processes and `with joined():` lets them meet; the trainer does the rest.
Alone, every function here gives back what it was given.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

import torch
import torch.distributed as dist
from torch import Tensor, nn

T = TypeVar("T")

UNCHANGED = torch.iinfo(torch.int64).min


@contextmanager
def joined() -> Iterator[None]:
    """Meet the other processes that torchrun started, and part at the end; alone, do nothing.

    They talk by NCCL, each with a GPU of its own, or by gloo where there is no GPU.
    """
    if "WORLD_SIZE" not in os.environ:
        yield
        return
    gpu = torch.cuda.is_available()
    if gpu:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if gpu else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def size() -> int:
    """Return how many processes train together; 1 when alone."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """Return this process's number, from 0; 0 when alone."""
    return dist.get_rank() if size() > 1 else 0


def from_first(value: T) -> T:
    """Return the `value` of process 0."""
    if size() == 1:
        return value
    box = [value]
    dist.broadcast_object_list(box, src=0)
    return box[0]


def copy_first(module: nn.Module) -> None:
    """Load the weights and buffers that the module has in process 0."""
    state = module.state_dict()
    module.load_state_dict(from_first({name: value.cpu() for name, value in state.items()}))


def from_each(value: T) -> list[T]:
    """Return the `value` of every process, in the order of their ranks."""
    if size() == 1:
        return [value]
    found: list[T | None] = [None] * size()
    dist.all_gather_object(found, value)
    return cast("list[T]", found)


@torch.no_grad()
def average(tensors: Sequence[Tensor]) -> None:
    """Put the mean over the processes into each tensor, all in one message."""
    if size() == 1 or not tensors:
        return
    flat = torch.cat([tensor.flatten() for tensor in tensors])
    dist.all_reduce(flat)
    flat /= size()
    for tensor, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
        tensor.copy_(part.view(tensor.shape))


@torch.no_grad()
def agree(gradients: Sequence[Tensor], buffers: Sequence[Tensor], before: Sequence[Tensor]) -> None:
    """Average gradients, and make buffers that were equal `before` this step equal again.

    A buffer of floats moves by the mean of its changes, so that a moving average takes in all
    rows as if they were one batch. In a buffer of integers, an entry that one process has changed
    is changed in all; where several have, the largest value stands.
    """
    pairs = list(zip(buffers, before, strict=True))
    moved = [(new, old) for new, old in pairs if new.is_floating_point()]
    changes = [new - old for new, old in moved]
    average([*gradients, *changes])
    for (new, old), change in zip(moved, changes, strict=True):
        new.copy_(old + change)
    for new, old in pairs:
        if not new.is_floating_point():
            wanted = torch.where(new != old, new.long(), UNCHANGED)
            dist.all_reduce(wanted, dist.ReduceOp.MAX)
            new.copy_(torch.where(wanted == UNCHANGED, old.long(), wanted))
