"""What an import leaves on the disk while it runs, so that the next server knows it was cut off."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from annotator.model import Going
from annotator.project import Workspace
from annotator.project.files import laying
from annotator.project.leftovers import alive

FILE = "importing.json"
EVERY = 2.0  # seconds between two looks at how far it is


@dataclass(slots=True)
class Trace:
    """The file that says an import runs; it is gone once it has ended."""

    path: Path
    clock: Callable[[], float] = time.monotonic
    _next: float = 0.0

    @classmethod
    def of(cls, workspace: Workspace) -> Trace:
        """That of a workspace."""
        return cls(workspace.root / FILE)

    def leave(self, going: Going, *, now: bool = False) -> None:
        """Write how far it is, if the last time was a while ago. It never fails."""
        if not now and self.clock() < self._next:
            return
        self._next = self.clock() + EVERY
        told = {
            "source": going.source,
            "by": going.by,
            "sent": going.sent,
            "files": going.files,
            "total": going.total,
            "writing": going.stage == "writing",
            "process": os.getpid(),
            "host": socket.gethostname(),
        }
        with suppress(OSError), laying(self.path) as file:  # a full disk fails the import itself
            file.write(json.dumps(told).encode())

    def clear(self) -> None:
        """Say that no import runs. It never fails."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def found(self) -> Going | None:
        """The import that another process runs, or ran when it ended; None if there is none."""
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            source, by, sent = str(told["source"]), str(told["by"]), bool(told["sent"])
            files, total = int(told["files"]), told["total"]
            process, host = int(told["process"]), str(told["host"])
            writing = bool(told["writing"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):  # nothing of ours
            return None
        here = host == socket.gethostname()
        lives = process != os.getpid() and alive(process) if here else self._fresh()
        return Going(
            "elsewhere" if lives else "cut",
            source,
            by,
            sent,
            files=files,
            total=int(total) if isinstance(total, int) else None,
            written=writing,
        )

    def _fresh(self) -> bool:
        """Whether another machine wrote it a moment ago."""
        with suppress(OSError):
            return time.time() - self.path.stat().st_mtime < 30 * EVERY
        return False
