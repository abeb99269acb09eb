"""Keeping: backups made and brought back, a workspace examined, its health and its log."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from annotator.model import BackedUp, Finding, Health, Job, Restored
from annotator.project import Workspace
from annotator.project.log import collect, requested
from annotator.service.launch import Launch
from annotator.store.keeping.soundness import schema
from annotator.upkeep import automatic, doctor
from annotator.upkeep.backup import back_up
from annotator.upkeep.restore import restore

Seen = Callable[[int], None]


class Keeping(Launch):
    """What keeps a workspace, and what says how it is."""

    def backup(
        self, file: Path | str, *, images: bool = False, progress: Seen | None = None
    ) -> BackedUp:
        """Write the database, and the images if asked for, into one file, looked through.

        Raises:
            WorkspaceError: the place is taken by something else or cannot be written, or the
                database is gone or damaged.
        """
        return back_up(self.workspace, Path(file), with_images=images, seen=progress)

    @classmethod
    def restore(
        cls,
        file: Path | str,
        root: Path | str,
        *,
        images: Path | None = None,
        replace: bool = False,
        progress: Seen | None = None,
    ) -> Restored:
        """Make a workspace of a backup, in a new folder or in place of one that is put aside.

        Raises:
            WorkspaceError: the file is no backup, damaged, or of a newer version; the place is
                taken or cannot be written.
        """
        return restore(Path(file), Path(root), images=images, replace=replace, seen=progress)

    @classmethod
    def examine(
        cls, root: Path | str, *, mend: bool = False, progress: Seen | None = None
    ) -> list[Finding]:
        """Look through a whole workspace; with `mend`, put right what nothing can be lost by.

        Raises:
            WorkspaceError: the folder is no workspace, or a newer version wrote it.
        """
        return doctor.examine(Workspace.open(Path(root)), mend=mend, seen=progress)

    def health(self) -> Health:
        """Whether answers can be stored; nothing in it names a person, an image or a place."""
        backups = automatic.made(self.workspace)
        free = shutil.disk_usage(self.workspace.root).free
        there = self.workspace.database.exists()
        number = schema(self.workspace.database) if there else 0
        return Health(
            database="ok" if number else ("failing" if there else "missing"),
            schema=number,
            worker="alive" if number and self.worker_alive() else "none",
            disk_free=free,
            disk="ok" if free >= doctor.LOW_BYTES else "low",
            last_backup=backups[-1].stat().st_mtime if backups else None,
        )

    def job_log(self, job: Job) -> list[dict[str, Any]]:
        """The last lines of the log about a job, oldest first."""
        return self.workspace.log.of_job(job.id)

    def collect_log(self) -> None:
        """From now on keep what this process says of its parts in the workspace's log."""
        collect(self.workspace.log, "annotator")

    @staticmethod
    def requested(name: str = "") -> AbstractContextManager[str]:
        """Give all that the body asks for one id in the log; yields it."""
        return requested(name)
