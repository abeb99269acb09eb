"""Read images from a source into the workspace: one event a file, in a fixed order."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain, takewhile
from pathlib import Path

from annotator.errors import ImportingError
from annotator.imaging.reading.content import PAGED
from annotator.imaging.reading.desk import Desk
from annotator.imaging.upright import FORMATS
from annotator.importing import documents
from annotator.importing.abreast import Work, abreast
from annotator.importing.check import Duplicate, Event
from annotator.importing.containers import CONTAINERS, exported, folder, others
from annotator.importing.containers.huggingface import metadata
from annotator.importing.containers.table import tells_group
from annotator.importing.deciding.groups import grouped
from annotator.importing.deciding.matching import Images, matched
from annotator.importing.looking.watch import Watch, kind_of
from annotator.importing.pages import Here, asked
from annotator.importing.source import Absent, Item, Source, Wanted
from annotator.importing.tables import TABLES
from annotator.importing.take import take
from annotator.model import DocumentPage, NewImage, Noted, Refused
from annotator.project import Workspace

PLAIN = Wanted()
WORKERS = min(8, 1 + (os.cpu_count() or 1))  # one of them waits for the disk
AHEAD = 64  # files in the works


def scan(
    source: Path,
    workspace: Workspace,
    known: Container[str] = frozenset(),
    wanted: Wanted = PLAIN,
    pages: Mapping[str, Mapping[int, str]] | None = None,
    document: Callable[[str], Sequence[DocumentPage]] = lambda _: (),
    watch: Watch | None = None,
    images: Images | None = None,
) -> Iterator[Event]:
    """Check every file of `source`, copy the good ones into the workspace, and say what each was.

    A file of pages gives one event a page; as a document, one in all.

    Args:
        source: a folder (with all below it), a CSV file with a column `path`, or one image.
        workspace: where images are copied to.
        known: SHA-256 sums of the images that are there already.
        wanted: how it is to be read: the labels "folders" are the first-level folders; of a table,
            the column of the class (by default `label`, where there is one).
        pages: SHA-256 sums of files that are there already, each with its pages by number and the
            sums of their images; a document has the number 0.
        document: the pages of a document that is there already, by its sum.
        watch: is told of each file, and may have the rest left out.
        images: what those that are there already are called, each with its sum: a row whose file
            is not there is about the one of its name. Without them no image is known by that.

    Raises:
        ImportingError: nothing can be read from `source`, or the workspace cannot be written. It
            can be run again at any time: what is in already comes out as a duplicate.
    """
    documents.check(wanted)
    source = source.expanduser().absolute()
    watch = watch or Watch()
    told = _sources(source, workspace, wanted)
    if images:
        told = matched(told, known, images, lambda: watch.stopping)
    found = iter(_grouped(told, source, wanted.group))
    first = next(found, None)
    if first is None:
        raise empty(source)
    taken: set[str] = set()
    here = Here(workspace, known, pages or {}, asked(wanted), Desk(), document, wanted.documents)
    for event in _checked(chain([first], found), here, watch):
        if isinstance(event, NewImage):
            if event.sha256 in taken:
                event = Duplicate(event.name, event.sha256, event.told)
            taken.add(event.sha256)
        yield event
    if wanted.fetch:
        wanted.fetch.finish()


def empty(source: Path) -> ImportingError:
    """That there is nothing in a source."""
    return ImportingError(
        f"{source} holds no files to import. Looked in it and in every folder below for images "
        f"({', '.join((*FORMATS, *PAGED))}); hidden files do not count."
    )


def is_folder(source: Path) -> bool:
    """Whether a source is a folder; else it is a file.

    Raises:
        ImportingError: there is no such thing, or it is shut away.
    """
    try:
        return stat.S_ISDIR(source.stat().st_mode)
    except (OSError, ValueError) as problem:  # absent, shut away, or a name that cannot be
        why = problem.strerror if isinstance(problem, OSError) else problem
        raise ImportingError(
            f"Cannot read {source}: {why}. "
            "Name a folder, a CSV file with a column 'path', or an image."
        ) from problem


def _grouped(found: Iterable[Item], source: Path, wanted: str | None) -> Iterable[Item]:
    """What a table has a column for, its rows tell, and where they do not, nothing does."""
    return found if wanted and tells_group(source, wanted) else grouped(found, source, wanted)


def _sources(source: Path, workspace: Workspace, wanted: Wanted) -> Iterable[Item]:
    _check_table(source, wanted)
    if is_folder(source):
        if tables := exported.tables_of(source):  # these say more than folders do
            asked_for = None if wanted.labels == folder.FOLDERS else wanted.labels
            plain = replace(wanted, labels=asked_for)
            return _rows(
                chain.from_iterable(CONTAINERS[each.suffix](each, plain) for each in tables)
            )
        if wanted.labels == folder.FOLDERS:
            exported.check_whole(source)
        elif found := metadata.metadata_of(source):
            return _rows(metadata.sources(source, found, wanted, workspace.root))
        return folder.sources(source, wanted, workspace.root)
    if reader := CONTAINERS.get(source.suffix.lower()):
        rows = _rows(reader(source, wanted))
        if wanted.others is None:
            return rows
        return others.besides(rows, source, wanted.others, wanted, workspace.root)
    if wanted.labels is not None:
        raise ImportingError(f"{source.name} is one file: import its folder to label by folders.")
    return [Source(source, folder.readable(source.name))]


def _rows(found: Iterable[Item]) -> Iterator[Item]:
    """What a table or the like holds: what it refuses is a row of it, and no file."""
    for item in found:
        if isinstance(item, Refused) and not isinstance(item, Noted):
            item = replace(item, row=True)
        yield item


def _checked(found: Iterable[Item], here: Here, watch: Watch) -> Iterator[Event]:
    """Check files side by side and yield in the order of `found`; decoders let go of the GIL."""

    def work(each: Item) -> list[Event] | Work[list[Event]]:
        if isinstance(each, Source):
            return Work(partial(_taken, each, here, watch))
        if not isinstance(each, Noted):
            watch.passed(kind_of(each.row if isinstance(each, Absent) and each.row else each.name))
        return [_by_hash(each, here.known) if isinstance(each, Absent) else each]

    items = map(work, takewhile(lambda _: not watch.stopping, found))
    try:
        with closing(abreast(items, threads=WORKERS, ahead=AHEAD)) as results:
            for events in results:
                yield from events
    finally:
        here.desk.close()


def _check_table(source: Path, wanted: Wanted) -> None:
    """See to it that a column of paths is named of a table alone."""
    if wanted.path is not None and (is_folder(source) or source.suffix.lower() not in TABLES):
        raise ImportingError(
            f"`--path` names the column of paths of a table, and {source} is none. Leave it out."
        )


def _taken(source: Source, here: Here, watch: Watch) -> list[Event]:
    """What comes of one file; nothing of one that was not begun before reading was stopped."""
    if watch.stopping:
        return []
    began = time.monotonic()
    events = take(source, here)
    skipped = bool(events) and all(isinstance(each, Duplicate) for each in events)
    watch.passed(kind_of(source.path.name), time.monotonic() - began, skipped=skipped)
    return events


def _by_hash(item: Absent, known: Container[str]) -> Event:
    """What is told of an image counts also where its file is not, if the image is here already."""
    if item.sha256 in known:
        return Duplicate(item.name, item.sha256, item.told, item.row)
    return Refused(item.name, item.reason, row=True)
