"""Write the labeled data set: a table, its images, and the provenance of both."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from annotator.errors import ExportError, unknown
from annotator.export.formats import FORMATS
from annotator.export.line import line
from annotator.imaging.bare import bare
from annotator.imaging.metadata import UnclearError
from annotator.imaging.stored import Damaged, content
from annotator.model import ExportReport, ExportRow
from annotator.project import Workspace, private
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
    keep_metadata: bool = False,
    spreadsheet: bool = False,
) -> ExportReport:
    """Write `rows` into the new folder `out`: all of it, or nothing.

    Args:
        rows: a row an image.
        workspace: where the images are.
        out: a folder that does not exist yet, or is empty.
        format: a name in FORMATS.
        provenance: how the labels came about, for provenance.json (counts are added).
        damaged: whether images whose files are gone or damaged may be left out.
        keep_metadata: whether image files are as they were imported, with what may name people.
        spreadsheet: whether text that a spreadsheet would run is marked as text.

    Raises:
        ExportError: no rows, an unknown format, `out` is taken or cannot be written, images of
            the workspace are gone or damaged and may not be left out (they are named), or one is
            of a kind whose metadata cannot be taken out.
    """
    if format not in FORMATS:
        raise ExportError(unknown("export format", format, FORMATS))
    write_table = FORMATS[format].for_spreadsheet if spreadsheet else FORMATS[format].write
    if write_table is None:
        raise ExportError(f"A spreadsheet cannot open {format}: choose csv or folder for it.")
    if not rows:
        raise ExportError("There is nothing to export yet. Label some images or train a round.")
    out = out.expanduser().absolute()
    _check_free(out)
    part = aside(out)
    try:
        part.mkdir(private.FOLDER, parents=True)
        sweep(part.parent)  # what killed exports left there
        places = FORMATS[format].places(rows)
        hashes = _copy(part, rows, workspace, places, as_is if keep_metadata else bare)
        written = [row for row, made in zip(rows, hashes, strict=True) if made]
        lost = [row.image.name for row, made in zip(rows, hashes, strict=True) if not made]
        if lost and not (damaged and written):
            raise ExportError(_blocked(lost, len(rows)))
        lines = [line(*each) for each in zip(rows, places, hashes, strict=True) if each[2]]
        write_table(part, lines)
        changed = sum(
            int(made not in ("", row.image.sha256)) for row, made in zip(rows, hashes, strict=True)
        )
        images = {"metadata": "kept" if keep_metadata else "taken out", "changed_files": changed}
        facts = {**provenance, "format": format, "images": images, "left_out": lost}
        _tell(part, written, facts)
        private.close_tree(part)
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


def _tell(part: Path, rows: Sequence[ExportRow], provenance: Mapping[str, object]) -> None:
    facts = {
        **provenance,
        "rows": len(rows),
        "sources": Counter(row.source for row in rows),
        "classes": Counter(row.label for row in rows),
        "splits": Counter(row.split for row in rows),
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n"
    (part / "provenance.json").write_text(text, encoding="utf-8")


def _copy(
    part: Path,
    rows: Sequence[ExportRow],
    workspace: Workspace,
    places: Sequence[str],
    made_of: Callable[[bytes], bytes],
) -> list[str]:
    """Write what is made of each image that still is what was labeled.

    Returns the hash of each written file; "" where the image is gone or damaged.
    """
    for parent in {(part / place).parent for place in places}:
        parent.mkdir(parents=True, exist_ok=True)

    def copy(row: ExportRow, place: str) -> str:
        try:
            found = content(workspace.image_path(row.image.stored))
        except Damaged:
            return ""
        if hashlib.sha256(found).hexdigest() != row.image.sha256:
            return ""
        try:
            made = made_of(found)
        except UnclearError as problem:
            raise ExportError(
                f"The metadata of the image '{row.image.name}' cannot be taken out: {problem}. "
                "Keep all metadata (`--keep-metadata`), or import it in another format."
            ) from problem
        (part / place).write_bytes(made)
        return row.image.sha256 if made == found else hashlib.sha256(made).hexdigest()

    with ThreadPoolExecutor(min(8, (os.cpu_count() or 1) + 1)) as pool:
        return list(pool.map(copy, rows, places))


def as_is(content: bytes) -> bytes:
    """An image file as it was imported."""
    return content


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
