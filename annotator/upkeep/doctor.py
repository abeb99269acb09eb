"""Examining a workspace: everything is looked at, safe things are mended, the rest is said."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.model import Finding, StoredFile, WorkerSeen
from annotator.project import Workspace
from annotator.project.leftovers import alive
from annotator.store import Store
from annotator.store.file.backups import way_back
from annotator.store.keeping.soundness import damage, schema
from annotator.store.migrations import refuse_newer
from annotator.upkeep import automatic, caches, scratch, strays
from annotator.upkeep.archive import is_backup, sha256_of
from annotator.upkeep.workers import SILENT_SECONDS, bury_dead
from annotator.wording import many

Seen = Callable[[int], None]  # called with how many images have been read
NAMED = 5  # of many, so many are named
LOW_BYTES = 200 * 2**20  # of free disk: with less, a round or an import may not end


def examine(workspace: Workspace, *, mend: bool, seen: Seen | None = None) -> list[Finding]:
    """Look through a workspace; it may be in use.

    With `mend` everything is put right that nothing can be lost by: what is known to be dead is
    freed, what is half-written or computed anew goes, and what nothing knows is moved aside. No
    label, image or row is ever changed.

    Raises:
        WorkspaceError: there is no database, or a newer version wrote it, or a mend failed.
    """
    refuse_newer("This workspace", schema(workspace.database))
    found = [_database(workspace)]
    if found[0].state != "sound":
        return found  # what it says of files cannot be believed
    store = Store(workspace.database)
    try:
        return found + _Examination(workspace, store, mend).findings(seen)
    except OSError as problem:
        raise WorkspaceError(
            f"Cannot mend {workspace.root}: {problem.strerror or problem}. Give yourself the right "
            "to write there, or make room."
        ) from problem
    finally:
        store.db.close()


def _database(workspace: Workspace) -> Finding:
    wrong = damage(workspace.database)
    if not wrong:
        number = schema(workspace.database)
        return Finding("database", "sound", f"The database is sound; its schema is {number}.")
    said = f"The database is damaged ({wrong[0]}). {way_back(workspace.root)}"
    return Finding("database", "left", said)


class _Examination:
    """What is looked at once the database can be believed."""

    def __init__(self, workspace: Workspace, store: Store, mend: bool) -> None:
        self.workspace, self.store, self.mend = workspace, store, mend

    def findings(self, seen: Seen | None) -> list[Finding]:
        """Everything, in the order of what matters most."""
        files = self.store.pages.files()
        return [
            *self._images(files, seen),
            self._leases(),
            self._caches(self.store.images.count()),
            self._half_written(),
            self._unknown(files),
            self._backups(),
            self._disk(),
        ]

    def _images(self, files: Sequence[StoredFile], seen: Seen | None) -> list[Finding]:
        gone, damaged = [], []
        for number, each in enumerate(files, 1):
            path = self.workspace.image_path(each.stored)
            if not path.is_file():
                gone.append(each.name)
            elif sha256_of(path) != each.sha256:
                damaged.append(each.name)
            if seen:
                seen(number)
        out = "Import their source again: they come back by their content."
        found = [
            Finding("images", "left", f"{_many(names, 'image')} {what}: {_named(names)}. {out}")
            for names, what in ((gone, "gone"), (damaged, "not what was imported"))
            if names
        ]
        return found or [Finding("images", "sound", f"All {len(files):,} images are as imported.")]

    def _leases(self) -> Finding:
        lost = [each for each in self.store.workers.all() if _dead(each)]
        if not lost:
            return Finding("leases", "sound", "No worker died with a job.")
        if self.mend:
            bury_dead(self.store)
        return self._mendable(
            "leases", f"{_many(lost, 'worker')} dead and held on to jobs", "freed"
        )

    def _caches(self, images: int) -> Finding:
        wrong = caches.broken(self.workspace, images)
        if not wrong:
            return Finding("caches", "sound", "The caches are whole.")
        path, why = next(iter(wrong.items()))
        text = f"Of the caches {_many(wrong, 'file')} damaged, such as {self._place(path)} ({why})"
        if self.mend and self.store.jobs.active():
            wait = "A job runs that may read them: try again once it has ended"
            return Finding("caches", "left", f"{text}. {wait}.")
        if self.mend:
            strays.remove(wrong)
        return self._mendable("caches", text, "removed; they are computed anew")

    def _half_written(self) -> Finding:
        left = strays.half_written(self.workspace)
        if self.mend:
            scratch.clear(self.workspace.root)
            strays.remove(left)
        if not left:
            return Finding("leftovers", "sound", "Nothing half-written lies about.")
        return self._mendable("leftovers", f"{_many(left, 'file')} half-written", "removed")

    def _unknown(self, files: Sequence[StoredFile]) -> Finding:
        rounds = [each.number for each in self.store.results.rounds()]
        lost = strays.unknown_images(self.workspace, (each.stored for each in files))
        lost += strays.unknown_rounds(self.workspace, rounds)
        if not lost:
            return Finding("orphans", "sound", "Every file is known to the database.")
        text = f"{_many(lost, 'file')} unknown to the database, such as {self._place(lost[0])}"
        folder = strays.set_aside(self.workspace, lost) if self.mend else None
        return self._mendable("orphans", text, f"moved to {folder}" if folder else "moved aside")

    def _backups(self) -> Finding:
        made = automatic.made(self.workspace)
        if made and not is_backup(made[-1]):
            again = "Remove it, and make one with `certilabel backup`"
            return Finding("backups", "left", f"{self._place(made[-1])} cannot be read. {again}.")
        text = f"The newest backup is {made[-1].name}." if made else "No backup was due yet."
        return Finding("backups", "sound", text)

    def _disk(self) -> Finding:
        free = shutil.disk_usage(self.workspace.root).free
        if free < LOW_BYTES:
            text = f"Only {free >> 20:,} MiB are free: make room before the next round or import."
            return Finding("disk", "left", text)
        return Finding("disk", "sound", f"{free >> 20:,} MiB are free.")

    def _mendable(self, what: str, text: str, how: str) -> Finding:
        if self.mend:
            return Finding(what, "mended", f"{text}: {how}.")
        return Finding(what, "can mend", f"{text}: with --mend {how}.")

    def _place(self, path: Path) -> str:
        return str(path.relative_to(self.workspace.root))


def _dead(worker: WorkerSeen) -> bool:
    """Whether it is a process of this machine that is gone, or was silent for very long."""
    if worker.host == socket.gethostname():
        return not alive(worker.pid)
    return abs(time.time() - worker.heartbeat) > 100 * SILENT_SECONDS


def _many(things: Sequence[object] | dict[Path, str], noun: str) -> str:
    return many(len(things), f"{noun} is", f"{noun}s are")


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
