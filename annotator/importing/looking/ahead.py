"""What a source holds, before it is read: what of it would be a guess is asked instead."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from annotator.errors import ImportingError
from annotator.importing import scan
from annotator.importing.containers import exported, folder
from annotator.importing.containers.huggingface import metadata
from annotator.importing.containers.huggingface.rows import columns, rows
from annotator.importing.containers.layout import is_folder, layout
from annotator.importing.deciding.matching import Known
from annotator.importing.deciding.splits import part_of
from annotator.importing.looking import tables
from annotator.importing.looking.watch import kind_of
from annotator.importing.looking.windows import is_dicom, windows
from annotator.importing.source import Source, Wanted
from annotator.importing.tables import TABLES
from annotator.importing.tables.columns import LABEL, MEANT, folded
from annotator.model import How, Looked, TableSeen, Window

MOST_TABLES = 5  # beside files
MOST_CLASSES = 200  # folders that may be classes; more are rather patients
LOOKED_INTO = 16  # files of which it is found out whether they are DICOM
DICOM = frozenset({"", ".dcm", ".dicom", ".dic", ".ima"})  # of files that are looked into


def look(source: Path, how: How, workspace: Path, known: Known = tables.NOBODY) -> Looked:
    """Look at a source.

    Raises:
        ImportingError: nothing can be read from it, or it lacks the columns that are wanted.
    """
    source = source.expanduser().absolute()
    if scan.is_folder(source):
        if exported.tables_of(source):
            return Looked(None)
        if how.labels != folder.FOLDERS and (found := metadata.metadata_of(source)):
            return Looked(None, _metadata(found, how))
        return _folder(source, how, workspace, known)
    if source.suffix.lower() in TABLES:
        table = tables.seen(source, how)
        named = tables.kinds(source, table.path)
        return Looked(named, table, windows=_windows(_named(source, table), how))
    return Looked(None, windows=_windows([source], how))


def _folder(source: Path, how: How, workspace: Path, known: Known) -> Looked:
    found, kinds, dicom = dict[str, Path](), Counter[str](), list[Path]()
    top, tell = _classes(source, how)
    classes = Counter[str]()
    for each in folder.sources(source, Wanted(), workspace):
        kinds[kind_of(each.name)] += 1
        if isinstance(each, Source):
            found[normalize("NFC", each.name)] = each.path
            label = tell(each.name.removeprefix(top)) if each.name.startswith(top) else None
            classes.update([label] if label else [])
            if kind_of(each.name) in DICOM:
                dicom.append(each.path)
    if not kinds:
        raise scan.empty(source)
    beside = () if how.labels == folder.FOLDERS else _beside(found, how, known)
    asked = how.labels is None and 1 < len(classes) <= MOST_CLASSES
    folders = dict(classes.most_common()) if asked else {}
    return Looked(kinds, None, beside, folders, top.rstrip("/"), _windows(dicom, how))


def _classes(source: Path, how: How) -> tuple[str, Callable[[str], str | None]]:
    """Where the folders lie that may be classes, and the one of a file by its name below that.

    A folder that holds one folder alone, such as what an archive unpacks to, is passed through.
    """
    top = ""
    while how.labels is None and (below := _only_folder(source / top)):
        top += f"{below}/"
    try:
        tell = layout(source / top, classes=True)
    except ImportingError:
        if how.labels == folder.FOLDERS:
            raise
        return top, lambda _: None
    return top, lambda name: tell(name).label


def _only_folder(path: Path) -> str:
    """The name of the one thing in a folder, where that is a folder and divides nothing."""
    with suppress(OSError), os.scandir(path) as entries:
        seen = [each for each in entries if not each.name.startswith(".")]
        if len(seen) == 1 and is_folder(seen[0]) and not part_of(seen[0].name):
            return seen[0].name
    return ""


def _beside(files: Mapping[str, Path], how: How, known: Known) -> tuple[TableSeen, ...]:
    """The tables in a folder, or one below, that can tell of its files; the best first."""
    seen: list[TableSeen] = []
    for name, path in files.items():
        above, slash, _ = name.rpartition("/")
        if "/" in above or path.suffix.lower() not in TABLES or len(seen) == MOST_TABLES:
            continue
        try:
            table = tables.seen(path, how)
        except ImportingError:  # reading refuses it by its name
            continue
        here = tables.named(path, table.path, files, above + slash) if table.path else 0
        others = tables.by_name(path, table.path, known) if table.path else 0
        seen.append(replace(table, name=name, here=here, by_name=others))
    return tuple(sorted(seen, key=lambda each: -each.here))


def _metadata(found: list[Path], how: How) -> TableSeen:
    path = found[0]
    names = columns(path)
    meant = [n for n in names if folded(n) in MEANT | {LABEL}]
    label = how.labels or (LABEL if LABEL in names else meant[0] if len(meant) == 1 else None)
    clear = label == LABEL or how.labels is not None or len(names) == 1
    first = tuple(
        tuple(str(row.get(name, ""))[: tables.LONGEST] for name in names)
        for row in islice(rows(path), tables.ROWS)
    )
    count = sum(1 for each in found for _ in rows(each))
    unclear = () if clear else (f"no column is called '{LABEL}' and so holds the labels",)
    return TableSeen(
        path.name, tuple(names), first, count, metadata.FILE, label, unclear, fixed=True
    )


def _named(path: Path, table: TableSeen) -> list[Path]:
    """The files that the first rows of a table name."""
    if table.path is None:
        return []
    at = table.columns.index(table.path)
    found = (os.path.normpath(path.parent / row[at]) for row in table.first)
    return [Path(each) for each in found if Path(each).is_relative_to(path.parent)]


def _windows(files: list[Path], how: How) -> tuple[Window, ...]:
    if how.window:
        return ()
    step = max(1, len(files) // LOOKED_INTO)
    return windows([path for path in files[::step][:LOOKED_INTO] if is_dicom(path)])
