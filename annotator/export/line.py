"""One line of an exported table: an image, its label, and where the label came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from typing import Literal

from annotator.model import ExportRow, Split


@dataclass(frozen=True, slots=True)
class Line:
    """The columns, in order. Text is the user's own, unchanged: escape it where you show it."""

    path: str  # of the image, below the export
    name: str  # what the image was called when it was imported
    sha256: str  # of the image as it was imported
    file_sha256: str  # of the file at `path`; another one where metadata was taken out
    label: str
    source: Literal["human", "pseudo"]
    confidence: float | None  # of the model, 0 to 1; none for a human label
    round: int | None  # that pseudo-labeled it
    model: str | None  # hash of the model's weights
    annotator: str | None
    at: str | None  # of a human label: ISO 8601, UTC; none if its time is none
    split: Split
    reason: str  # why the expert was asked; empty if nobody was


COLUMNS = tuple(field.name for field in fields(Line))


def line(row: ExportRow, path: str, file_sha256: str) -> Line:
    """The line of `row`, whose image lies at `path` with bytes of that hash."""
    return Line(
        path=path,
        name=row.image.name,
        sha256=row.image.sha256,
        file_sha256=file_sha256,
        label=row.label,
        source=row.source,
        confidence=row.confidence,
        round=row.round,
        model=row.model,
        annotator=row.annotator,
        at=_instant(row.at),
        split=row.split,
        reason=row.reason,
    )


def _instant(at: float | None) -> str | None:
    """Unix seconds as ISO 8601; None for what no calendar has: one label must not stop the rest."""
    try:
        return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return None


def cells(lines: Sequence[Line]) -> list[tuple[object, ...]]:
    """The lines as tuples, in the order of COLUMNS."""
    return [astuple(item) for item in lines]
