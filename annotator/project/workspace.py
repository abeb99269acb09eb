"""The folder of one annotation project: its database, images, caches, rounds and exports."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.project import private, replaced
from annotator.project.files import keep_all, keep_names, replacing, write_once
from annotator.project.log import Log
from annotator.project.making import CLAIM, made_whole

MARKER = "workspace.json"
DATABASE = "certilabel.db"
FOLDERS = ("images", "features", "rounds", "exports")
LOG = "certilabel.log"
PARTS = (*FOLDERS, "secret", LOG, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")  # of a new one
VERSION = 1
SECRET_BYTES = 32
PROBE_BYTES = 2**20  # an hour of labels


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one project lies. Make one with `create` or `open`."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> Workspace:
        """Make a workspace in `root`, a new or empty folder; its database is not in it yet.

        Raises:
            WorkspaceError: `root` is a workspace already, holds other things, or cannot be written.
        """
        with cls.making(root) as workspace:
            pass
        return workspace

    @classmethod
    @contextmanager
    def making(cls, root: Path) -> Iterator[Workspace]:
        """Let the body fill a new workspace: it is one once the body has ended well.

        Where the body fails nothing is left, and what a killed process left is cleared first.

        Raises:
            WorkspaceError: `root` is a workspace already, holds other things, or cannot be written.
        """
        root = root.expanduser().absolute()
        try:
            if (root / MARKER).exists():
                raise WorkspaceError(
                    f"{root} is a workspace already. Import into it with "
                    f"`certilabel import {root} SOURCE`, or name another folder."
                )
            with made_whole(root, PARTS):
                workspace = cls(root)
                workspace._make_folders()
                yield workspace
                private.close(root, ())  # it may have been there, empty
                # Not the database: SQLite flushes it, and whoever closes one of its files lets go
                # of the locks that connections of this process hold on it
                for folder in workspace._folders:
                    keep_all(folder)
                keep_names([root])
                # The marker comes last: a folder that has it is complete.
                text = json.dumps({"certilabel": "workspace", "version": VERSION}) + "\n"
                write_once(root / MARKER, text.encode())
            keep_names([root, root.parent])
        except OSError as problem:
            raise WorkspaceError(
                f"Cannot make a workspace in {root}: {problem.strerror}. "
                "Name a folder that you may write to, with enough room."
            ) from problem

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """Open the workspace in `root`.

        Raises:
            WorkspaceError: `root` is no workspace, its marker is damaged, or a newer version made
                it.
        """
        root = root.expanduser().absolute()
        try:
            text = (root / MARKER).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError) as problem:
            if (root / DATABASE).exists() and not (root / CLAIM).exists():
                raise WorkspaceError(
                    f"{root} has lost its file {MARKER}. Put it back; it reads "
                    f'{{"certilabel": "workspace", "version": {VERSION}}}.'
                ) from problem
            if not root.exists() and (before := replaced.earlier(root)):
                raise WorkspaceError(
                    f"{root} is not there: a restore was cut short. Give it again, or give "
                    f"{before[0]}, the workspace from before, its name back."
                ) from problem
            raise WorkspaceError(
                f"{root} is not a workspace. Make one with `certilabel init {root} --classes "
                "cat,dog`, or name the folder that holds workspace.json."
            ) from problem
        except (OSError, UnicodeDecodeError) as problem:
            raise WorkspaceError(f"Cannot read {root / MARKER}: {problem}.") from problem
        _check_version(root, text)
        workspace = cls(root)
        try:
            private.close(root, workspace._folders)  # an older version left them open
            workspace._make_folders()
            (root / CLAIM).unlink(missing_ok=True)  # of a process killed when all was done
        except OSError as problem:
            raise WorkspaceError(
                f"Cannot write into the workspace {root}: {problem.strerror}. "
                "Give yourself the right to write there."
            ) from problem
        return workspace

    @property
    def database(self) -> Path:
        return self.root / DATABASE

    @property
    def images(self) -> Path:
        return self.root / "images"

    @property
    def features(self) -> Path:
        return self.root / "features"

    @property
    def shown(self) -> Path:
        """Pictures that were made for browsers; made with the first, and bounded."""
        return self.features / "shown"

    @property
    def graphs(self) -> Path:
        """Where it is kept which images are alike; made with the first graph, and bounded."""
        return self.features / "graphs"

    @property
    def rounds(self) -> Path:
        return self.root / "rounds"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def backups(self) -> Path:
        """Where backups lie that make themselves; it is made with the first."""
        return self.root / "backups"

    @property
    def log(self) -> Log:
        """What happened here, and for whom."""
        return Log(self.root / LOG)

    @property
    def embeddings(self) -> Path:
        """Unit vectors of all images by the newest model, row i being image i + 1 (.npy, fp16)."""
        return self.root / "embeddings.npy"

    @property
    def own(self) -> Path:
        """Where embeddings lie that were imported; made with the first. No cache: it stays."""
        return self.root / "own"

    @property
    def map(self) -> Path:
        """Rows (image id, x, y) of the images on the map (.npy)."""
        return self.root / "map.npy"

    @property
    def secret(self) -> bytes:
        """32 random bytes that sign image addresses: made once, readable by the owner only.

        Raises:
            WorkspaceError: the file that holds them is damaged, or closed to us.
        """
        path = self.root / "secret"
        try:
            with suppress(FileExistsError):
                if not path.exists():
                    write_once(path, secrets.token_bytes(SECRET_BYTES))
            secret = path.read_bytes()
        except OSError as problem:
            raise WorkspaceError(
                f"Cannot read or write {path}: {problem.strerror}. "
                "Give yourself the right to, or make room."
            ) from problem
        if len(secret) != SECRET_BYTES:
            raise WorkspaceError(
                f"{path} is damaged. Delete it: a new one is made, and pages that are open now "
                "must be reloaded."
            )
        return secret

    def round_folder(self, round_id: int) -> Path:
        """Where a round keeps its checkpoint and model; made if absent."""
        folder = self.rounds / str(round_id)
        folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
        return folder

    def trial_folder(self, job_id: int) -> Path:
        """Where a job keeps the checkpoints of a trial that comes before its round."""
        return self.rounds / f"trial-{job_id}"

    def image_path(self, stored: str) -> Path:
        """The file of an image, by its path below the workspace.

        Raises:
            WorkspaceError: the path leads out of the images folder.
        """
        if not stored.startswith("images/") or ".." in stored.split("/"):
            raise WorkspaceError(f"'{stored}' is no image of this workspace.")
        return self.root / stored

    def check(self) -> None:
        """Write a little and take it away again.

        Raises:
            WorkspaceError: the folder cannot be written, or its disk is full.
        """
        try:
            with replacing(self.root / "probe") as file:
                file.write(bytes(PROBE_BYTES))
            (self.root / "probe").unlink()
        except OSError as problem:
            raise WorkspaceError(
                f"Cannot write into the workspace {self.root}: {problem.strerror}. "
                "Give yourself the right to write there, or make room."
            ) from problem

    @property
    def _folders(self) -> tuple[Path, ...]:
        return tuple(self.root / folder for folder in FOLDERS)

    def _make_folders(self) -> None:
        for folder in self._folders:
            folder.mkdir(private.FOLDER, exist_ok=True)


def place(sha256: str, suffix: str = "") -> str:
    """Where an image lies below the workspace, by what it contains."""
    return f"images/{sha256[:2]}/{sha256}{suffix}"


def _check_version(root: Path, text: str) -> None:
    try:
        version = int(json.loads(text)["version"])
    except (ValueError, KeyError, TypeError) as problem:
        raise WorkspaceError(
            f"{root / MARKER} is damaged. It should read "
            f'{{"certilabel": "workspace", "version": {VERSION}}}.'
        ) from problem
    if version > VERSION:
        raise WorkspaceError(
            f"{root} was made by a newer Certilabel (workspace version {version}; this one reads "
            f"up to {VERSION}). Upgrade with `pip install --upgrade certilabel`."
        )
