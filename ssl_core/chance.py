"""Chance of one's own: torch's global generators are lent a state, and get theirs back.

Dropout and random losses draw from the global generator of the device where they run, and cannot be
given another. `torch.manual_seed` is no way to set it: it also seeds the generators of every card,
which belong to the rest of the program and are not put back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import torch
from torch import Generator, Tensor

State: TypeAlias = list[Tensor]  # of the CPU's generator, then of the card's where there is one
CPU = torch.device("cpu")


def fresh(seed: int, device: torch.device = CPU) -> State:
    """Return the state of generators that begin at `seed`, on the CPU and on `device`."""
    return [Generator(each).manual_seed(seed).get_state() for each in _sources(device)]


def current(device: torch.device = CPU) -> State:
    """Return the state that the global generators are in, on the CPU and on `device`."""
    card = [torch.cuda.get_rng_state(device)] if device.type == "cuda" else []
    return [torch.get_rng_state(), *card]


@contextmanager
def drawing(state: State, device: torch.device = CPU) -> Iterator[None]:
    """Let what is drawn within it come from `state`, and be as if nothing had been drawn after."""
    with torch.random.fork_rng(devices=_sources(device)[1:]):
        torch.set_rng_state(state[0])
        if device.type == "cuda":
            torch.cuda.set_rng_state(state[1], device)
        yield


def carried(state: State, device: torch.device) -> State:
    """Return a state to go on from on `device`: itself, unless it is of another kind of device.

    Then it cannot be gone on from, and a fresh one takes its place that is settled by it.
    """
    return state if len(state) == len(_sources(device)) else fresh(_digest(state[0]), device)


def carry(generator: Generator, state: Tensor) -> None:
    """Let one generator go on from a state, likewise."""
    if state.shape == generator.get_state().shape:
        generator.set_state(state)
    else:
        generator.manual_seed(_digest(state))


def _digest(state: Tensor) -> int:
    found = hashlib.blake2b(state.numpy().tobytes(), digest_size=6)
    return int.from_bytes(found.digest(), "big")


def _sources(device: torch.device) -> list[torch.device]:
    return [CPU, device] if device.type == "cuda" else [CPU]
