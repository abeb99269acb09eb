"""The folder of one annotation project: its database, images, caches, rounds and exports."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import WorkspaceError
from annotator.project import private
from annotator.project.files import write_once

MARKER = "workspace.json"
VERSION = 1
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one project lies. Make one with `create` or `open`."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> Workspace:
        """Make a workspace in `root`, a new or empty folder.

        Raises:
            WorkspaceError: `root` is a workspace already, holds other things, or cannot be written.
        """
        root = root.expanduser().absolute()
        if (root / MARKER).exists():
            raise WorkspaceError(
                f"{root} is a workspace already. Import into it with "
                f"`certilabel import {root} SOURCE`, or name another folder."
            )
        try:
            root.mkdir(private.FOLDER, parents=True, exist_ok=True)
            if any(root.iterdir()):
                raise WorkspaceError(
                    f"{root} is not empty. A workspace needs a folder of its own: name a new one, "
                    f"such as {root / 'workspace'}."
                )
            workspace = cls(root)
            workspace._make_folders()
            private.close(root, ())  # it may have been there, empty
            # The marker comes last: a folder that has it is complete.
            text = json.dumps({"certilabel": "workspace", "version": VERSION}) + "\n"
            write_once(root / MARKER, text.encode())
        except OSError as problem:
            raise WorkspaceError(
                f"Cannot make a workspace in {root}: {problem.strerror}. "
                "Name a folder that you may write to."
            ) from problem
        return workspace

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
        except OSError as problem:
            raise WorkspaceError(
                f"Cannot write into the workspace {root}: {problem.strerror}. "
                "Give yourself the right to write there."
            ) from problem
        return workspace

    @property
    def database(self) -> Path:
        return self.root / "certilabel.db"

    @property
    def images(self) -> Path:
        return self.root / "images"

    @property
    def features(self) -> Path:
        return self.root / "features"

    @property
    def rounds(self) -> Path:
        return self.root / "rounds"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def embeddings(self) -> Path:
        """Unit vectors of all images by the newest model, row i being image i + 1 (.npy, fp16)."""
        return self.root / "embeddings.npy"

    @property
    def map(self) -> Path:
        """Rows (image id, x, y) of the images on the map (.npy)."""
        return self.root / "map.npy"

    @property
    def secret(self) -> bytes:
        """32 random bytes that sign image addresses: made once, readable by the owner only.

        Raises:
            WorkspaceError: the file that holds them is damaged.
        """
        path = self.root / "secret"
        with suppress(FileExistsError):
            if not path.exists():
                write_once(path, secrets.token_bytes(SECRET_BYTES))
        secret = path.read_bytes()
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
        path = self.root / stored
        if ".." in path.parts or not path.is_relative_to(self.images):
            raise WorkspaceError(f"'{stored}' is no image of this workspace.")
        return path

    @property
    def _folders(self) -> tuple[Path, ...]:
        return self.images, self.features, self.rounds, self.exports

    def _make_folders(self) -> None:
        for folder in self._folders:
            folder.mkdir(private.FOLDER, exist_ok=True)


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
