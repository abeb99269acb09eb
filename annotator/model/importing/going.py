"""How far an import is that runs beside the pages, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from annotator.model.importing.looked import How, Looked
from annotator.model.importing.report import ImportReport

# It waits to hear how to read, reads, waits to hear what to take in, writes; then it is done, has
# failed, or was cut off with the server that ran it. `elsewhere` another server runs it.
Stage = Literal["looked", "reading", "read", "writing", "done", "failed", "cut", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Going:
    """One import, as it is now."""

    stage: Stage
    source: str  # as it was named, or how many files were sent
    by: str = ""  # who began it
    sent: bool = False  # whether a browser sent its files
    how: How = field(default_factory=How)
    looked: Looked | None = None
    files: int = 0  # that are read
    skipped: int = 0  # of these: what was here already
    taken: int = 0  # new images that are in
    total: int | None = None  # None where only reading tells
    seconds: float | None = None  # until all is in; None before anything is known
    stopping: bool = False  # whether somebody has had enough of the reading
    report: ImportReport | None = None  # what it did, or once it is read, what it would do
    error: str = ""  # why it failed
    written: bool = False  # whether some of it may be in, though its writing ended in the middle

    @property
    def active(self) -> bool:
        """Whether it goes on by itself."""
        return self.stage in ("reading", "writing", "elsewhere")

    @property
    def rest(self) -> int:
        """How many files were left out when the reading was stopped."""
        return max(0, (self.total or 0) - self.files) if self.stopping else 0
