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
from annotator.model import ExportReport, ExportRow
from annotator.project import Workspace
from annotator.project.files import keep_all, keep_names
from annotator.project.leftovers import aside, sweep


def write(
    rows: Sequence[ExportRow],
    workspace: Workspace,
    out: Path,
    format: str = "csv",  # noqa: A002  # the word that users know, as in `--format csv`
    *,
    provenance: Mapping[str, object],
) -> ExportReport:
    """Write `rows` into the new folder `out`: all of it, or nothing.

    Args:
        rows: a row an image.
        workspace: where the images are.
        out: a folder that does not exist yet, or is empty.
        format: a name in FORMATS.
        provenance: how the labels came about, for provenance.json (counts are added).

    Raises:
        ExportError: no rows, an unknown format, `out` is taken or cannot be written, or an image
            of the workspace is gone or damaged.
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
        _fill(part, rows, workspace, format, provenance)
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


def _fill(
    part: Path,
    rows: Sequence[ExportRow],
    workspace: Workspace,
    name: str,
    provenance: Mapping[str, object],
) -> None:
    places = FORMATS[name].places(rows)
    _copy(part, rows, workspace, places)
    lines = [line(row, place) for row, place in zip(rows, places, strict=True)]
    FORMATS[name].write(part, lines)
    facts = {
        **provenance,
        "format": name,
        "rows": len(rows),
        "sources": Counter(row.source for row in rows),
        "classes": Counter(row.label for row in rows),
        "splits": Counter(row.split for row in rows),
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n"
    (part / "provenance.json").write_text(text, encoding="utf-8")


def _copy(
    part: Path, rows: Sequence[ExportRow], workspace: Workspace, places: Sequence[str]
) -> None:
    """Copy each image, and make sure on the way that it still is what was labeled."""
    for parent in {(part / place).parent for place in places}:
        parent.mkdir(parents=True, exist_ok=True)

    def copy(row: ExportRow, place: str) -> None:
        try:
            content = workspace.image_path(row.image.stored).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != row.image.sha256:
            raise ExportError(
                f"The image '{row.image.name}' is gone from {workspace.images} or damaged there. "
                "Import its source again: what is missing is restored."
            )
        (part / place).write_bytes(content)

    with ThreadPoolExecutor(min(8, (os.cpu_count() or 1) + 1)) as pool:
        for _ in pool.map(copy, rows, places):
            pass


def _report(out: Path, rows: Sequence[ExportRow]) -> ExportReport:
    human = sum(row.source == "human" for row in rows)
    rounds = [row.round for row in rows if row.round is not None]
    return ExportReport(str(out), human, len(rows) - human, max(rounds, default=None))
