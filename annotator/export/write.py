"""Write the labeled data set: a table, its images, and the provenance of both."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from annotator.errors import ExportError, unknown
from annotator.export.formats import FORMATS
from annotator.export.line import line
from annotator.imaging.stored import Damaged, content
from annotator.model import ExportReport, ExportRow
from annotator.project import Workspace
from annotator.project.files import keep_all, keep_names
from annotator.project.leftovers import aside, sweep

NAMED = 5  # lost images that an error names


def write(
    rows: Sequence[ExportRow],
    workspace: Workspace,
    out: Path,
    format: str = "csv",  # noqa: A002  # the word that users know, as in `--format csv`
    *,
    provenance: Mapping[str, object],
    damaged: bool = False,
) -> ExportReport:
    """Write `rows` into the new folder `out`: all of it, or nothing.

    Args:
        rows: a row an image.
        workspace: where the images are.
        out: a folder that does not exist yet, or is empty.
        format: a name in FORMATS.
        provenance: how the labels came about, for provenance.json (counts are added).
        damaged: whether images whose files are gone or damaged may be left out.

    Raises:
        ExportError: no rows, an unknown format, `out` is taken or cannot be written, or images of
            the workspace are gone or damaged and may not be left out; they are named.
    """
    if format not in FORMATS:
        raise ExportError(unknown("export format", format, FORMATS))
    if not rows:
        raise ExportError("There is nothing to export yet. Label some images or train a round.")
    out = out.expanduser().absolute()
    _check_free(out)
    part = aside(out)
    try:
        part.mkdir(parents=True)
        sweep(part.parent)  # what killed exports left there
        written, lost = _fill(part, rows, workspace, format, provenance)
        if lost and not (damaged and written):
            raise ExportError(_blocked(lost, len(rows)))
        keep_all(part)  # a name that outlives a power cut must not stand for empty files
        if out.exists():
            out.rmdir()  # empty, or this fails
        part.rename(out)
        keep_names([out.parent])
    except OSError as problem:
        raise ExportError(
            f"Cannot write the export {out}: {problem.strerror or problem}. "
            "Name a folder that you may write to, with enough room."
        ) from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _report(out, written, lost)


def _check_free(out: Path) -> None:
    try:
        taken = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as problem:
        raise ExportError(f"Cannot look into {out}: {problem.strerror}.") from problem
    if taken:
        raise ExportError(
            f"{out} is there already. Nothing is written over: name a new folder, or remove it."
        )


def _fill(
    part: Path,
    rows: Sequence[ExportRow],
    workspace: Workspace,
    name: str,
    provenance: Mapping[str, object],
) -> tuple[list[ExportRow], list[str]]:
    """Write everything; return the rows that were written, and the names of the images lost."""
    places = FORMATS[name].places(rows)
    whole = _copy(part, rows, workspace, places)
    kept = [pair for pair, good in zip(zip(rows, places, strict=True), whole, strict=True) if good]
    lost = [row.image.name for row, good in zip(rows, whole, strict=True) if not good]
    FORMATS[name].write(part, [line(row, place) for row, place in kept])
    written = [row for row, _ in kept]
    facts = {
        **provenance,
        "format": name,
        "rows": len(written),
        "sources": Counter(row.source for row in written),
        "classes": Counter(row.label for row in written),
        "splits": Counter(row.split for row in written),
        "left_out": lost,
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n"
    (part / "provenance.json").write_text(text, encoding="utf-8")
    return written, lost


def _copy(
    part: Path, rows: Sequence[ExportRow], workspace: Workspace, places: Sequence[str]
) -> list[bool]:
    """Copy each image that still is what was labeled; say of each whether it is."""
    for parent in {(part / place).parent for place in places}:
        parent.mkdir(parents=True, exist_ok=True)

    def copy(row: ExportRow, place: str) -> bool:
        try:
            found = content(workspace.image_path(row.image.stored))
        except Damaged:
            return False
        if hashlib.sha256(found).hexdigest() != row.image.sha256:
            return False
        (part / place).write_bytes(found)
        return True

    with ThreadPoolExecutor(min(8, (os.cpu_count() or 1) + 1)) as pool:
        return list(pool.map(copy, rows, places))


def _blocked(lost: Sequence[str], images: int) -> str:
    """Which images cannot be exported, and the ways out."""
    named = ", ".join(f"'{name}'" for name in lost[:NAMED])
    more = f" and {len(lost) - NAMED:,} more" if len(lost) > NAMED else ""
    return (
        f"Of {images:,} images, the files of {len(lost):,} are gone or damaged: {named}{more}. "
        "Import their source again, which restores them, or export without them "
        "(`--leave-out-damaged`)."
    )


def _report(out: Path, rows: Sequence[ExportRow], lost: Sequence[str]) -> ExportReport:
    human = sum(row.source == "human" for row in rows)
    rounds = [row.round for row in rows if row.round is not None]
    newest = max(rounds, default=None)
    return ExportReport(str(out), human, len(rows) - human, newest, tuple(lost))
