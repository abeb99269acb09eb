"""Checkpoints that survive a kill: written aside, flushed to disk, then renamed."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any, Protocol

import torch

from ssl_core.errors import SSLError
from ssl_core.training.distributed import from_first, rank


class Stateful(Protocol):
    """Whatever can be saved in the middle and go on from there."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any], /) -> None: ...


class Checkpoint:
    """The file of one run: its parts by name, written by the first process and read for all."""

    def __init__(self, path: Path | None, fingerprint: str, **parts: Stateful) -> None:
        self.path, self.fingerprint, self.parts = path, fingerprint, parts

    def save(self) -> None:
        """Write the state that all parts are in."""
        if self.path is None:
            return
        state = {name: part.state_dict() for name, part in self.parts.items()}
        if rank() == 0:
            save(self.path, {"fingerprint": self.fingerprint, **state})

    def resume(self) -> None:
        """Put all parts in the state that was written, if any was.

        Raises:
            SSLError: the file is damaged, or another run's.
        """
        if self.path is None:
            return
        # Only the first process needs to see the file: the others may be on other hosts
        state = from_first(load(self.path, self.fingerprint) if rank() == 0 else None)
        if state is not None:
            for name, part in self.parts.items():
                part.load_state_dict(state[name])


def save(path: Path, state: dict[str, Any]) -> None:
    """Replace `path` by `state` so that a reader finds the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    with aside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def load(path: Path, fingerprint: str) -> dict[str, Any] | None:
    """Return what `save` wrote, or None if there is no file.

    Raises:
        SSLError: the file is damaged, or another run's.
    """
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (EOFError, OSError, RuntimeError, pickle.UnpicklingError) as error:
        raise SSLError(f"The checkpoint {path} cannot be read. Delete it to start anew.") from error
    if state.get("fingerprint") != fingerprint:
        raise SSLError(
            f"The checkpoint {path} belongs to another run: other data, labels or settings. "
            "Delete it to start anew, or give another path."
        )
    return state
