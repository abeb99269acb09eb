"""Checkpoints that survive a kill: written aside, flushed to disk, then renamed."""

from __future__ import annotations

import hashlib
import os
import pickle
import secrets
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import torch

from ssl_core.errors import SSLError
from ssl_core.training.distributed import from_first, rank

SEAL = b"\ncertilabel sha256 "  # then the sum of all before it
DIGITS = 64  # hexadecimal
END = len(SEAL) + DIGITS
ZIP_END = 22  # bytes: what torch itself writes ends in them
DAMAGED = ".damaged"


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
    """Replace `path` by `state` so that a reader finds the old file or the new one, whole.

    Behind what `torch.load` reads stands a checksum of it. Two processes may do it at once: the
    last one stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    torch.save(state, buffer)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with aside.open("wb") as file:
            file.write(buffer.getbuffer())
            file.write(SEAL + hashlib.sha256(buffer.getbuffer()).hexdigest().encode())
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def load(path: Path, fingerprint: str) -> dict[str, Any] | None:
    """Return what `save` wrote, or None if there is no file.

    Raises:
        SSLError: the file is damaged, or another run's.
    """
    if not path.exists():
        return None
    state = _read(path)
    if state is None:
        raise SSLError(f"The checkpoint {path} cannot be read. Delete it to start anew.")
    if state.get("fingerprint") != fingerprint:
        raise SSLError(
            f"The checkpoint {path} belongs to another run: other data, labels or settings. "
            "Delete it to start anew, or give another path."
        )
    return state


def _read(path: Path) -> dict[str, Any] | None:
    """What `save` wrote, or an older version, which wrote no checksum; None if it is damaged."""
    try:
        content = path.read_bytes()
        body, seal, told = content[:-END], content[-END:-DIGITS], content[-DIGITS:]
        whole = hashlib.sha256(body).hexdigest().encode() == told
        if not (whole if seal == SEAL else content[-ZIP_END:].startswith(b"PK\5\6")):
            return None
        state: dict[str, Any] = torch.load(BytesIO(content), map_location="cpu", weights_only=True)
    except (EOFError, OSError, RuntimeError, ValueError, pickle.UnpicklingError):
        return None
    return state if isinstance(state, dict) else None


def set_aside(paths: Iterable[Path]) -> list[Path]:
    """Rename the files that `load` could not read, so that a run starts anew; return the new ones.

    Whoever wants to look at what became of them finds them beside the old place.
    """
    harmed = [path for path in paths if path.is_file() and _read(path) is None]
    return [path.replace(path.with_name(path.name + DAMAGED)) for path in harmed]
