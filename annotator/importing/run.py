"""Taking images in: read and check a whole source first, then write all that is good at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from annotator.errors import ImportingError
from annotator.importing.deciding import beside, groups, splits
from annotator.importing.deciding.beside import Beside
from annotator.importing.deciding.labels import Labels, decide
from annotator.importing.found import Found
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import Agreed, ImportReport, NewImage, Split
from annotator.project import Workspace
from annotator.project.files import keep_files, keep_names
from annotator.project.leftovers import sweep
from annotator.store import Store

SEEN_EVERY = 50
BY = "import"  # who gave a label of which the source does not say it

Seen = Callable[[int], None]  # called with how many files have been read


def read(
    store: Store, workspace: Workspace, source: Path, wanted: Wanted, seen: Seen | None = None
) -> Found:
    """Read and check every file of a source; good ones are copied, and nothing else is written.

    An import that ends here, or is interrupted, leaves copies alone, which the next one takes up.

    Raises:
        ImportingError: nothing can be read from the source, it does not tell what it was to tell,
            or the workspace cannot be written.
    """
    _sweep(workspace)
    found = Found()
    source = source.expanduser().absolute()
    events = scan(
        source,
        workspace,
        store.images.hashes(),
        wanted,
        store.images.pages(),
        store.pages.of_sha256,
    )
    for number, event in enumerate(events, 1):
        found.add(event)
        if seen and number % SEEN_EVERY == 0:
            seen(number)
    found.grouped = groups.in_words(found, source, wanted.group)
    return found


class _Undone(Exception):
    """Nothing is to be kept of a transaction."""


def foresee(store: Store, workspace: Workspace, found: Found, agreed: Agreed) -> ImportReport:
    """What writing it would do: images are divided, and that is taken back."""
    report = None
    with suppress(_Undone), store.db.immediate():
        report, _, _ = _imported(store, workspace, found, agreed)
        raise _Undone
    assert report
    return replace(report, written=False)


def write(store: Store, workspace: Workspace, found: Found, agreed: Agreed) -> ImportReport:
    """Write images and labels in one transaction, once all copies are on the disk.

    What is decided goes by what the workspace holds now, not when the source was read.

    Raises:
        ImportingError: the copies cannot be flushed, or are gone.
        StoreError: the database cannot be written.
    """
    _flush(workspace, [*found.images.values()])
    with store.db.immediate():
        report, labels, others = _imported(store, workspace, found, agreed)
        _label(store, labels)
        _say(store, others)
    return report


def _imported(
    store: Store, workspace: Workspace, found: Found, agreed: Agreed
) -> tuple[ImportReport, Labels, Beside]:
    """Write the images; say what an import comes to, and what it is to write of them."""
    here, newest = store.images.hashes(), store.images.newest()
    new = [image for sha, image in found.images.items() if sha not in here]
    kept = splits.kept(found.told, agreed.keep_splits)
    parts, several = splits.parts(found.told)
    together = groups.salted(found.told, workspace.secret) if found.grouped else {}
    settings = store.settings.get()
    odd = groups.unlike(store.images.groups().values(), together.values())
    store.images.add(
        new, test_share=settings.test_share, seed=settings.seed, kept=kept, groups=together
    )
    elsewhere = store.images.put_together(together)
    labels = decide(store, found.told, agreed)
    labeled = {each.sha256 for each in labels.chosen}.union(labels.standing)
    others = beside.decide(store, found.told, labeled)
    test = [each for each in store.images.ids("test") if each > newest]
    added = {image.sha256 for image in new}
    report = ImportReport(
        added=len(new),
        documents=sum(bool(image.pages) for image in new),
        pages=sum(len(image.pages) for image in new),
        duplicates=found.files - len(found.refused) - len(new),
        refused=tuple(found.refused),
        notes=(*found.notes, *several),
        personal=tuple(found.personal),
        labeled=sum(not each.replaces for each in labels.chosen),
        updated=sum(each.replaces for each in labels.chosen),
        known=labels.known,
        classes=dict(+labels.added),
        unknown=dict(labels.unknown),
        removed=dict(labels.removed),
        alike=labels.alike(),
        merged=labels.merged,
        unfit=tuple(labels.unfit),
        differing=tuple(labels.differing),
        conflicts=tuple(labels.conflicts),
        machine=labels.machine,
        parts=parts,
        keeps=agreed.keep_splits,
        kept=sum(split == "test" and sha in added for sha, split in kept.items()),
        stayed=_stayed(store, kept, set(here)),
        test=len(test),
        grouped=found.grouped,
        groups=len(set(together.values())),
        alone=len(added - set(together)) if found.grouped else 0,
        elsewhere=elsewhere,
        both=store.images.groups_in_both(),
        odd=odd,
        unclear=len(others.unclear),
        outweighed=others.outweighed,
        marked=others.marked,
    )
    return report, labels, others


def _label(store: Store, labels: Labels) -> None:
    """Add the classes that were agreed to, and write the labels that were chosen."""
    ids = store.images.hashes()
    classes = {name: each.id for name, each in labels.classes.items()}
    classes |= {name: store.classes.add(name).id for name in sorted(+labels.added)}
    rows = [
        # Taken over now: by the time at which it was given, the other would be the newer one
        (ids[each.sha256], classes[each.name], replace(each.given, at=None))
        if each.replaces
        else (ids[each.sha256], classes[each.name], each.given)
        for each in labels.chosen
    ]
    store.labels.take_in(rows, f"{BY}-{uuid.uuid4()}", BY)
    store.queue.settle(image_id for image_id, _, _ in rows)


def _say(store: Store, others: Beside) -> None:
    """Write what is said beside labels; what nobody can tell is not asked."""
    ids = store.images.hashes()
    said = [(ids[sha256], kind, text, given) for sha256, kind, text, given in others.said]
    store.beside.take_in(said, f"{BY}-{uuid.uuid4()}", BY)
    store.queue.settle(ids[sha256] for sha256 in others.unclear)


def _stayed(store: Store, kept: Mapping[str, Split], before: set[str]) -> int:
    """How many images are here already, in another split than the one that was to be kept."""
    ids = store.images.hashes()
    test = set(store.images.ids("test"))
    return sum(
        (ids[sha] in test) != (split == "test") for sha, split in kept.items() if sha in before
    )


def _sweep(workspace: Workspace) -> None:
    """Remove what processes that were killed had half written."""
    with suppress(OSError):  # a folder that is shut to us; the copies will tell
        for folder in (workspace.root, workspace.features, *workspace.images.iterdir()):
            sweep(folder)


def _flush(workspace: Workspace, images: Sequence[NewImage]) -> None:
    """See to it that new copies and their names outlive a power cut."""
    places = {image.stored for image in images}
    places |= {page.stored for image in images for page in image.pages}
    paths = [workspace.image_path(place) for place in sorted(places)]
    if gone := [path for path in paths if not path.exists()]:
        raise ImportingError(
            f"{len(gone):,} copies in {workspace.images} are gone since the source was read. "
            "Nothing was imported; import again."
        )
    try:
        keep_files(paths)
        keep_names([*sorted({path.parent for path in paths}), workspace.images])
    except OSError as problem:
        raise ImportingError(
            f"Cannot flush the copies in {workspace.images} to the disk: {problem.strerror}. "
            "Nothing was imported; look after the disk, then import again."
        ) from problem
