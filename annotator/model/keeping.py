"""Keeping: what a backup holds, what came back from one, what an examination found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["sound", "mended", "can mend", "left"]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What one backup holds."""

    path: Path
    size: int  # bytes
    images: int  # that the database knows
    included: int  # of those, how many lie in the file
    lost: tuple[str, ...]  # names of images that should but are gone or damaged


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back from a backup."""

    root: Path
    images: int  # that the database knows
    lost: tuple[str, ...]  # names of those that were found nowhere as they were
    aside: Path | None  # where the workspace that was there before lies now


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how it stands."""

    what: str  # such as "database"
    state: State
    text: str  # one sentence, with the way out where something is left


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a workspace can serve, without anything that names a person, an image or a place."""

    database: Literal["ok", "missing", "failing"]
    schema: int  # number of the newest migration
    worker: Literal["alive", "none"]
    disk_free: int  # bytes
    disk: Literal["ok", "low"]
    last_backup: float | None  # unix seconds, UTC, of the newest that was made by itself

    @property
    def ok(self) -> bool:
        """Whether answers can be stored."""
        return self.database == "ok" and self.disk == "ok"
