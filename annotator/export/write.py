"""Write the labeled data set: a table, its images, and the provenance of both."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import ExportError, unknown
from annotator.export.about import About, Rows, about
from annotator.export.card import card
from annotator.export.copying import Bared, PagesOf, copied
from annotator.export.formats import FORMATS
from annotator.export.formats.format import Format
from annotator.export.line import line
from annotator.export.proof import record
from annotator.export.tally import Tally, notes
from annotator.imaging.bare import bare
from annotator.model import ExportReport
from annotator.project import Workspace, private
from annotator.project.files import keep_all, keep_names
from annotator.project.leftovers import aside, sweep

NAMED = 5  # lost images that an error names


@dataclass(frozen=True, slots=True)
class Proof:
    """What lies beside a certified export."""

    evidence: record.Fields
    frozen: Iterable[record.Frozen]
    sentences: Sequence[str]  # what is certified, for the report and the card


def write(
    rows: Rows,
    workspace: Workspace,
    out: Path,
    format: str = "csv",  # noqa: A002  # the word that users know, as in `--format csv`
    *,
    provenance: Mapping[str, object],
    classes: Sequence[str] = (),
    images: bool = True,
    damaged: bool = False,
    keep_metadata: bool = False,
    safe_cells: bool = False,
    warnings: Sequence[str] = (),
    pages_of: PagesOf = lambda _: (),
    also: Sequence[str] = (),
    proof: Proof | None = None,
) -> ExportReport:
    """Write `rows` into the new folder `out`: all of it, or nothing.

    Args:
        rows: a row an image; they are read one by one, so that there may be any number.
        workspace: where the images are.
        out: a folder that does not exist yet, or is empty.
        format: a name in FORMATS.
        provenance: how the labels came about, for provenance.json (counts are added).
        classes: all that there are, in their order; those of rows come along anyway.
        images: whether image files are written beside the table.
        damaged: whether images whose files are gone or damaged may be left out.
        keep_metadata: whether image files are as they were imported, with what may name people.
        safe_cells: whether text that a spreadsheet would run is marked as text.
        warnings: sentences that come first among the report's notes.
        pages_of: the pages of a document, by the id of its image.
        also: what else is to be said of it.
        proof: of a certified export; its rows are those that it speaks of.

    Raises:
        ExportError: no rows, an unknown format, `out` is taken or cannot be written, images of
            the workspace are gone or damaged and may not be left out (they are named), or one is
            of a kind whose metadata cannot be taken out; or a proof goes with no such format.
    """
    known = about(rows, tuple(classes), provenance, images=images, safe_cells=safe_cells)
    kind = _format(format, known)
    if proof:
        _provable(format, damaged=damaged)
    out = out.expanduser().absolute()
    _check_free(out)
    part = aside(out)
    try:
        part.mkdir(private.FOLDER, parents=True)
        sweep(part.parent)  # what killed exports left there
        with kind(part, known) as target:
            made_of = as_is if keep_metadata else bare
            tally = _fill(target, rows, workspace, made_of, damaged, pages_of)
            target.finish()
        said = [*warnings, *notes(tally, known, kind.reader), *also, *target.notes()]
        if proof:
            record.write(part, proof.evidence, proof.frozen)
            said = [*proof.sentences, *said]
        facts = {**provenance, "format": format, "images": _images(tally, images, keep_metadata)}
        _tell(part, {**facts, **tally.facts(), "notes": said})
        text = target.header() + card(known, tally, said)
        (part / "README.md").write_text(text, encoding="utf-8")
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
    human = tally.rows - tally.pseudo - tally.unclear
    lost, told = tuple(tally.lost), tuple(said)
    return ExportReport(str(out), human, tally.pseudo, tally.round, lost, told, tally.unclear)


def _format(name: str, known: About) -> type[Format]:
    """The format of this name, if it can do what is asked."""
    if name not in FORMATS:
        raise ExportError(unknown("export format", name, FORMATS))
    if known.safe_cells and not FORMATS[name].sheet:
        sheets = ", ".join(each for each, kind in FORMATS.items() if kind.sheet)
        raise ExportError(
            f"Safe cells are for spreadsheets, and none opens {name}: choose one of {sheets}, or "
            "leave `--safe-cells` out."
        )
    if not known.counts:
        raise ExportError("There is nothing to export yet. Label some images or train a round.")
    return FORMATS[name]


def _provable(name: str, *, damaged: bool) -> None:
    """Refuse what no verification could follow."""
    if not FORMATS[name].sheet:
        tables = ", ".join(each for each, kind in FORMATS.items() if kind.sheet)
        raise ExportError(
            f"A certificate is verified by labels.csv, which {name} has not: choose one of "
            f"{tables}, or export without the certificate."
        )
    if damaged:
        raise ExportError(
            "A certificate speaks of all that was released, so no image may be left out. Import "
            "the source of those that are damaged again, which restores them."
        )


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
    target: Format,
    rows: Rows,
    workspace: Workspace,
    made_of: Bared,
    damaged: bool,
    pages_of: PagesOf,
) -> Tally:
    """Write row by row, and count."""
    tally = Tally()
    if target.about.images:
        for row, made in copied(
            rows,
            target.folder,
            workspace,
            target.place,
            made_of=made_of,
            suffixes=target.suffixes,
            pages_of=pages_of,
        ):
            if made is None:
                tally.lost.append(row.image.name)
            else:
                target.add(row, line(row, made.path, made.sha256))
                tally.add(row, made)
    else:
        for row in rows:
            target.add(row, line(row, row.image.name, None))
            tally.add(row, None)
    if tally.lost and not (damaged and tally.rows):
        raise ExportError(_blocked(tally.lost, tally.rows + len(tally.lost)))
    return tally


def _images(tally: Tally, images: bool, keep_metadata: bool) -> dict[str, object]:
    """What became of the image files."""
    if not images:
        return {"files": "left out"}
    return {
        "metadata": "kept" if keep_metadata else "taken out",
        "changed_files": tally.changed,
        "converted_files": sum(tally.converted.values()),
    }


def _tell(part: Path, facts: Mapping[str, object]) -> None:
    text = json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n"
    (part / "provenance.json").write_text(text, encoding="utf-8")


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
