"""One line of an exported table: an image, its label, and where the label came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from annotator.model import ExportRow, LabelSource, Split

Kind = Literal["text", "number", "count", "truth", "shares"]


class Line(NamedTuple):
    """The columns, in order. Text is the user's own, unchanged: escape it where you show it."""

    path: str  # of the image, below the export; its name where the export has no images
    name: str  # what the image was called when it was imported
    sha256: str  # of the image as it was imported
    file_sha256: str | None  # of the file at `path`; another one where metadata was taken out
    label: str | None  # none where the source is "unclear": nobody can tell
    source: LabelSource
    annotator: str | None
    at: str | None  # of a human label: ISO 8601, UTC, in milliseconds; none if its time is none
    seconds: float | None  # how long the expert looked
    reason: str  # why the expert was asked; empty if nobody was
    propensity: float | None  # how likely the image was to be asked just then, if that was drawn
    suggestion_shown: bool | None  # whether the expert saw the model's guess
    split: Split
    group: str | None  # a salted hash of what belongs together
    pages: int  # of a document, all in the file at `path`; 1 of any other image
    round: int | None  # that pseudo-labeled it
    model: str | None  # hash of the model's weights
    confidence: float | None  # of the model, 0 to 1; none for a human label
    flag: bool  # whether somebody has flagged the image
    note: str  # what people have noted on it
    why_unclear: str  # why an expert could not tell it
    probabilities: Mapping[str, float] | None  # likewise, by class


COLUMNS = Line._fields
NOT_TEXT: dict[str, Kind] = {
    "seconds": "number",
    "propensity": "number",
    "suggestion_shown": "truth",
    "pages": "count",
    "round": "count",
    "confidence": "number",
    "flag": "truth",
    "probabilities": "shares",
}
KINDS: dict[str, Kind] = {column: NOT_TEXT.get(column, "text") for column in COLUMNS}
# Where a cell holds one value, several are one text: a JSON object
PLAIN: dict[str, Kind] = {
    column: "text" if kind == "shares" else kind for column, kind in KINDS.items()
}


def line(row: ExportRow, path: str, file_sha256: str | None) -> Line:
    """The line of `row`, whose image lies at `path` with bytes of that hash."""
    return Line(
        path=path,
        name=row.image.name,
        sha256=row.image.sha256,
        file_sha256=file_sha256,
        label=row.label or None,
        source=row.source,
        annotator=row.annotator,
        at=_instant(row.at),
        seconds=row.seconds,
        reason=row.reason,
        propensity=row.propensity,
        suggestion_shown=row.suggestion_shown,
        split=row.split,
        group=row.group or None,
        pages=row.image.pages,
        round=row.round,
        model=row.model,
        confidence=row.confidence,
        flag=row.flag,
        note=row.note,
        why_unclear=row.why_unclear,
        probabilities=row.probabilities,
    )


def _instant(at: float | None) -> str | None:
    """Unix seconds as ISO 8601; None for what no calendar has: one label must not stop the rest."""
    try:
        return (
            None if at is None else datetime.fromtimestamp(at, UTC).isoformat("T", "milliseconds")
        )
    except (OverflowError, OSError, ValueError):
        return None


as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: a new one a row takes longer


def cells(item: Line) -> dict[str, object]:
    """The line by column, in the order of COLUMNS."""
    return item._asdict()


def plain(item: Line) -> dict[str, object]:
    """Likewise, for cells that hold one value: the columns of PLAIN."""
    values = cells(item)
    if item.probabilities is not None:
        values["probabilities"] = as_json(item.probabilities)
    return values
