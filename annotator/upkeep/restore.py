"""Making a workspace of a backup: in a new folder, or in place of one that is then kept aside."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from annotator.errors import SPOILT_ZIP, WorkspaceError
from annotator.model import Restored
from annotator.project import Workspace, private, replaced
from annotator.project.files import keep_all, keep_names
from annotator.project.workspace import MARKER
from annotator.store.keeping import contents
from annotator.store.keeping.copies import copy, in_use, let_go
from annotator.store.keeping.soundness import damage, schema
from annotator.store.migrations import refuse_newer
from annotator.upkeep.archive import (
    DATABASE,
    MANIFEST,
    UNREADABLE,
    VERSION,
    Manifest,
    beside,
    pour,
)
from annotator.upkeep.recovery import Seen, bring_back


def restore(
    file: Path,
    root: Path,
    *,
    images: Path | None = None,
    replace: bool = False,
    seen: Seen | None = None,
) -> Restored:
    """Make the workspace `root` of a backup, or of a plain copy of a database.

    Everything is unpacked beside `root`, looked through, and put in its place at once. Images that
    are not in the file come from `images`, from the workspace that the backup was made of, or
    from the one that is replaced; an image that was changed since does not come back.

    Args:
        file: the backup, or a database such as an automatic copy.
        root: a new or empty folder; with `replace` it may be a workspace that nobody has open.
        images: a workspace, or its folder `images`, to take images from.
        replace: move a workspace that is there aside.
        seen: called now and then with how many images have been brought back.

    Raises:
        WorkspaceError: the file is no backup, damaged, or of a newer version; the place is taken
            or cannot be written.
    """
    file, root = file.expanduser().absolute(), root.expanduser().absolute()
    taken = _check_place(root, replace)
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with beside(root) as folder, ExitStack() as stack:
            made = Workspace.create(folder)  # itself moves in: nothing is left to remove
            archive, manifest = _unpack(file, made.database, stack)
            places = [*_places(file, images, manifest), root, *replaced.earlier(root)]
            known = contents.files(made.database)
            lost = bring_back(known, made, archive, places, seen)
            made.database.chmod(private.FILE)
            made.root.chmod(private.FOLDER)
            keep_all(made.root)  # a name that outlives a power cut must not stand for empty files
            aside = _move_in(made.root, root, taken)
    except OSError as problem:
        raise WorkspaceError(
            f"Cannot restore {file} to {root}: {problem.strerror or problem}. Make room, or name a "
            "folder that you may write to."
        ) from problem
    return Restored(root, len(known), tuple(lost), aside)


def _check_place(root: Path, replace: bool) -> bool:
    """Whether a workspace lies there that is to be moved aside."""
    if not root.exists() or (root.is_dir() and not any(root.iterdir())):
        return False
    if not (root / MARKER).exists():
        raise WorkspaceError(f"{root} is not empty and no workspace. Name a new folder.")
    if not replace:
        raise WorkspaceError(
            f"{root} is a workspace already, and was left as it is. Name a new folder, or say "
            "--replace: the workspace that is there is then kept beside it under another name."
        )
    _refuse_open(root)
    return True


def _unpack(
    file: Path, target: Path, stack: ExitStack
) -> tuple[zipfile.ZipFile | None, Manifest | None]:
    """Bring the database back and judge it; return the archive, open, where the file is one."""
    if not file.is_file():
        raise WorkspaceError(f"There is no file {file}. Name a backup.")
    archive = manifest = None
    if zipfile.is_zipfile(file):
        archive, manifest = _from_archive(file, target, stack)
    elif schema(file):
        copy(file, target)
    else:
        raise WorkspaceError(f"{file} is no backup of Certilabel, nor a copy of its database.")
    refuse_newer(f"{file}", schema(target))
    if found := damage(target):
        raise WorkspaceError(f"The database in {file} is damaged ({found[0]}). Take another one.")
    let_go(target)
    return archive, manifest


def _from_archive(file: Path, target: Path, stack: ExitStack) -> tuple[zipfile.ZipFile, Manifest]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        manifest = Manifest.read(archive.read(MANIFEST))
    except UNREADABLE as problem:
        raise WorkspaceError(f"{file} is no backup of Certilabel ({problem}).") from problem
    if manifest.version > VERSION:
        raise WorkspaceError(
            f"{file} was made by a newer version. Upgrade with `pip install --upgrade certilabel`."
        )
    try:
        with archive.open(DATABASE) as packed, target.open("xb") as out:
            same = pour(packed, out) == manifest.sha256
    except SPOILT_ZIP as problem:
        raise WorkspaceError(f"{file} is damaged ({problem}). Take another one.") from problem
    if not same:
        raise WorkspaceError(f"{file} is damaged: its database was changed. Take another one.")
    return archive, manifest


def _places(file: Path, images: Path | None, manifest: Manifest | None) -> Iterator[Path]:
    """Workspaces to take images from that are not in the file, the likeliest first."""
    if images is not None:
        images = images.expanduser().absolute()
        yield images if (images / "images").is_dir() else images.parent
    if manifest is not None:
        yield Path(manifest.folder)
    if (file.parent.parent / MARKER).exists():  # a copy that a workspace has made of itself
        yield file.parent.parent


def _move_in(made: Path, root: Path, taken: bool) -> Path | None:
    """Put a finished workspace in its place; return where the one from before lies now."""
    if taken:
        _refuse_open(root)
        aside = replaced.take_place(made, root)
    else:
        made.rename(root)  # an empty folder makes way
        aside = None
    keep_names([root.parent])
    return aside


def _refuse_open(root: Path) -> None:
    """Answers that pages or a worker go on storing would end up in the folder that is put aside."""
    if in_use(Workspace(root).database):
        raise WorkspaceError(
            f"{root} is open: end `certilabel serve` and every other command on it, then restore."
        )
