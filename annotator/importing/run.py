"""Taking images in: read a source file by file, then write all that is good at once."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.check import Duplicate
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import ClassName, ImportReport, LabelEvent, NewImage, Refused
from annotator.project import Workspace
from annotator.project.files import keep_names
from annotator.project.leftovers import sweep
from annotator.store import Store
from annotator.store.classes import tidy

SEEN_EVERY = 50

Seen = Callable[[int], None]  # called with how many files have been read


def take_in(
    store: Store,
    workspace: Workspace,
    source: Path,
    wanted: Wanted,
    seen: Seen | None,
) -> ImportReport:
    """Import a folder or a table, all of it or nothing; run again, it adds only what is new.

    Images are copied one by one, and their rows written in one transaction once all copies are on
    the disk: an import that was interrupted leaves copies alone, which the next one takes up.

    Raises:
        AnnotatorError: a label that came with the source is too long for a class name.
        ImportingError: nothing can be read from the source, or the workspace cannot be written.
        StoreError: the database cannot be written.
    """
    _sweep(workspace)
    tally = Tally()
    found = scan(source, workspace, store.images.hashes(), wanted)
    for number, item in enumerate(found, 1):
        tally.add(item)
        if seen and number % SEEN_EVERY == 0:
            seen(number)
    _flush(workspace, tally.images)
    with store.db.immediate():
        settings = store.settings.get()
        store.images.add(tally.images, test_share=settings.test_share, seed=settings.seed)
        labeled, left_out = label(store, tally.labels, "import")
    tally.notes += left_out
    return tally.report(labeled)


def _sweep(workspace: Workspace) -> None:
    """Remove what processes that were killed had half written."""
    with suppress(OSError):  # a folder that is shut to us; the copies will tell
        for folder in (workspace.root, workspace.features, *workspace.images.iterdir()):
            sweep(folder)


def _flush(workspace: Workspace, images: Sequence[NewImage]) -> None:
    """See to it that the names of new copies outlive a power cut, as their contents do."""
    folders = {workspace.image_path(image.stored).parent for image in images}
    try:
        keep_names([*sorted(folders), workspace.images])
    except OSError as problem:
        raise ImportingError(
            f"Cannot flush the copies in {workspace.images} to the disk: {problem.strerror}. "
            "Nothing was imported; look after the disk, then import again."
        ) from problem


class Tally:
    """Counts what an import finds, file by file."""

    def __init__(self) -> None:
        self.duplicates = 0
        self.images: list[NewImage] = []
        self.refused: list[Refused] = []
        self.notes: list[Refused] = []
        self.personal: list[Refused] = []
        self.labels: dict[str, str] = {}  # SHA-256 -> class name that came with the source

    def add(self, item: NewImage | Duplicate | Refused) -> None:
        """Count one file."""
        if isinstance(item, Refused):
            self.refused.append(item)
            return
        if item.told.label:
            self.labels[item.sha256] = item.told.label
        if isinstance(item, Duplicate):
            self.duplicates += 1
            return
        self.images.append(item)
        if item.note:
            self.notes.append(Refused(item.name, item.note))
        if item.personal:
            self.personal.append(Refused(item.name, item.personal))

    def report(self, labeled: int) -> ImportReport:
        """What the import did, of which `labeled` labels were new."""
        refused, notes = tuple(self.refused), tuple(self.notes)
        personal = tuple(self.personal)
        added = len(self.images)
        return ImportReport(added, self.duplicates, refused, notes, labeled, personal)


def label(store: Store, given: Mapping[str, str], annotator: str) -> tuple[int, list[Refused]]:
    """Record labels that came with images as events, adding classes that are new.

    An image that an expert has answered keeps that answer, also one of a class that was removed
    since. Labels of a removed class are left out: to bring it back is for a person to decide.
    Returns how many labels were new, and for each such class how many were left out.

    Raises:
        AnnotatorError: a label is too long for a class name.
    """
    if not given:
        return 0, []
    client = f"{annotator}-{uuid.uuid4()}"
    with store.db.immediate():  # an answer that comes in meanwhile is not covered by these
        names = {sha: tidy(name) for sha, name in given.items()}
        known = _classes(store, names.values())
        ids = store.images.hashes()
        answered = store.labels.answered(but_by=annotator)
        new = [
            (ids[sha], sha, known[name]) for sha, name in names.items() if ids[sha] not in answered
        ]
        events = [
            LabelEvent(
                client, number, "label", image_id, sha, each.id, time.time(), source="imported"
            )
            for number, (image_id, sha, each) in enumerate(new, 1)
            if not each.removed
        ]
        store.labels.record(events, annotator)
        store.queue.settle((event.image_id for event in events), ())
    return len(events), _left_out(each for _, _, each in new if each.removed)


def _classes(store: Store, names: Iterable[str]) -> dict[str, ClassName]:
    """The classes of these names; those that are new are added."""
    known = {each.name: each for each in store.classes.all()}
    for name in sorted(set(names)):
        if name not in known:
            known[name] = store.classes.add(name)
    return known


def _left_out(removed: Iterable[ClassName]) -> list[Refused]:
    return [
        Refused(
            f"label '{name}'",
            f"the class was removed, so {count:,} images were not given it; restore it on the "
            "Settings page, then import again",
        )
        for name, count in Counter(each.name for each in removed).items()
    ]
