"""Taking images in: read and check a whole source first, then write all that is good."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from annotator.importing.deciding import groups
from annotator.importing.found import Found
from annotator.importing.looking.watch import Watch
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.importing.writing import pieces
from annotator.importing.writing.copies import keep_rest, keeping
from annotator.importing.writing.plan import plan
from annotator.model import Agreed, ImportReport, NewImage, Noted
from annotator.project import Workspace
from annotator.project.leftovers import sweep
from annotator.store import Store
from annotator.store.columns.names import called

SEEN_EVERY = 50

OTHER_WINDOW = "images that were here already keep the window with which they came in"

Seen = Callable[[int], None]  # called with how many files have been read, or images written


def read(
    store: Store,
    workspace: Workspace,
    source: Path,
    wanted: Wanted,
    seen: Seen | None = None,
    watch: Watch | None = None,
) -> Found:
    """Read and check every file of a source; good ones are copied, and nothing else is written.

    On return the copies are on the disk. An import that ends here, or is interrupted, leaves copies
    alone, which the next one takes up.
    Where `watch` stops it, what is found is what was read until then.

    Raises:
        ImportingError: nothing can be read from the source, it does not tell what it was to tell,
            or the workspace cannot be written.
    """
    _sweep(workspace)
    found, watch = Found(), watch or Watch()
    source = source.expanduser().absolute()
    events = scan(
        source,
        workspace,
        store.images.hashes(),
        wanted,
        store.images.pages(),
        store.pages.of_sha256,
        watch,
        partial(called, store.db),
    )
    with keeping(workspace, found, watch) as keeper:
        for number, event in enumerate(events, 1):
            found.add(event)
            if isinstance(event, NewImage):
                keeper.add(event)
            if seen and number % SEEN_EVERY == 0:
                seen(number)
    found.grouped = groups.in_words(found, source, wanted.group)
    if wanted.window and found.duplicates:
        found.add(Noted(source.name, OTHER_WINDOW))
    return found


def foresee(store: Store, workspace: Workspace, found: Found, agreed: Agreed) -> ImportReport:
    """What writing it would do; nothing is written, and whoever writes does not wait."""
    return plan(store, workspace, found, agreed).report(written=False)


def write(
    store: Store,
    workspace: Workspace,
    found: Found,
    agreed: Agreed,
    seen: Seen | None = None,
) -> ImportReport:
    """Write images and labels, once all copies are on the disk; experts answer in between.

    `seen` is told how many images are in.

    What is decided goes by what the workspace holds now, not when the source was read. An import
    that ends in the middle leaves whole images with their labels; the next one brings in the rest.

    Raises:
        ImportingError: the copies cannot be flushed, or are gone; nothing was written.
        StoreError: the database cannot be written; nothing is in.
        PartlyInError: likewise in the middle; it says how much is in already.
    """
    keep_rest(workspace, found)
    planned = plan(store, workspace, found, agreed)
    pieces.write(store, planned, seen)
    return planned.report(written=True)


def _sweep(workspace: Workspace) -> None:
    """Remove what processes that were killed had half written."""
    with suppress(OSError):  # a folder that is shut to us; the copies will tell
        for folder in (workspace.root, workspace.features, *workspace.images.iterdir()):
            sweep(folder)
