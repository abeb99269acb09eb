"""Write the labeled data set: a table, its images, and the provenance of both."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
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
from annotator.model import ExportReport, ExportRow
from annotator.project import Workspace, private


def write(
    rows: Sequence[ExportRow],
    workspace: Workspace,
    out: Path,
    format: str = "csv",  # noqa: A002  # the word that users know, as in `--format csv`
    *,
    provenance: Mapping[str, object],
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
        keep_metadata: whether image files are as they were imported, with what may name people.
        spreadsheet: whether text that a spreadsheet would run is marked as text.

    Raises:
        ExportError: no rows, an unknown format, `out` is taken or cannot be written, or an image
            of the workspace is gone, damaged, or of a kind whose metadata cannot be taken out.
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
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        part.mkdir(private.FOLDER, parents=True)
        places = FORMATS[format].places(rows)
        hashes = _copy(part, rows, workspace, places, as_is if keep_metadata else bare)
        write_table(part, [line(*each) for each in zip(rows, places, hashes, strict=True)])
        changed = sum(row.image.sha256 != made for row, made in zip(rows, hashes, strict=True))
        images = {"metadata": "kept" if keep_metadata else "taken out", "changed_files": changed}
        _tell(part, rows, {**provenance, "format": format, "images": images})
        private.close_tree(part)
        if out.exists():
            out.rmdir()  # empty, or this fails
        part.rename(out)
    except OSError as problem:
        raise ExportError(
            f"Cannot write the export {out}: {problem.strerror or problem}. "
            "Name a folder that you may write to, with enough room."
        ) from problem
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _report(out, rows)


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
    """Write what is made of each image, which must still be what was labeled; give its hashes."""
    for parent in {(part / place).parent for place in places}:
        parent.mkdir(parents=True, exist_ok=True)

    def copy(row: ExportRow, place: str) -> str:
        try:
            content = workspace.image_path(row.image.stored).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != row.image.sha256:
            raise ExportError(
                f"The image '{row.image.name}' is gone from {workspace.images} or damaged there. "
                "Import its source again: what is missing is restored."
            )
        try:
            made = made_of(content)
        except UnclearError as problem:
            raise ExportError(
                f"The metadata of the image '{row.image.name}' cannot be taken out: {problem}. "
                "Keep all metadata (`--keep-metadata`), or import it in another format."
            ) from problem
        (part / place).write_bytes(made)
        return row.image.sha256 if made == content else hashlib.sha256(made).hexdigest()

    with ThreadPoolExecutor(min(8, (os.cpu_count() or 1) + 1)) as pool:
        return list(pool.map(copy, rows, places))


def as_is(content: bytes) -> bytes:
    """An image file as it was imported."""
    return content


def _report(out: Path, rows: Sequence[ExportRow]) -> ExportReport:
    human = sum(row.source == "human" for row in rows)
    rounds = [row.round for row in rows if row.round is not None]
    return ExportReport(str(out), human, len(rows) - human, max(rounds, default=None))
