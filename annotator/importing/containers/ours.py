"""What an export of ours says beside the class: whose label it is, and where the image stays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from annotator.model import Given, LabelSource, Split, Told

SHA256, FILE_SHA256, SOURCE = "sha256", "file_sha256", "source"
OWN = frozenset({SHA256, SOURCE, "split"})  # by which a row of ours is known
SOURCES: tuple[LabelSource, ...] = get_args(LabelSource)
SPLITS: tuple[Split, ...] = get_args(Split)


class UnclearError(Exception):
    """A row says what no export of ours says; the message names it."""


def told(row: Mapping[str, Any], plain: Told) -> Told:
    """What is told of an image by a row, `plain` being what its container tells of any.

    Raises:
        UnclearError: the row is one of ours, and says what we do not write.
    """
    if not row.keys() >= OWN:
        return plain
    split = next((each for each in SPLITS if each == row["split"]), None)
    if split is None:
        raise UnclearError(f"split is '{row['split']}', none of {', '.join(SPLITS)}")
    return Told(plain.label, _given(row), split, group=plain.group, place=plain.place)


def original(row: Mapping[str, Any]) -> str:
    """The SHA-256 of the image that a row is about, where the file beside it may be a bare copy."""
    return str(row.get(SHA256) or "") if FILE_SHA256 in row else ""


def _given(row: Mapping[str, Any]) -> Given:
    source = next((each for each in SOURCES if each == row[SOURCE]), None)
    if source is None:
        raise UnclearError(f"source is '{row[SOURCE]}', none of {', '.join(SOURCES)}")
    if source == "pseudo":
        return Given(source)
    return Given(
        source=source,
        annotator=str(row.get("annotator") or ""),
        at=instant(row.get("at")),
        seconds=_number(row.get("seconds"), "seconds") or 0.0,
        reason=str(row.get("reason") or ""),
        propensity=_number(row.get("propensity"), "propensity"),
        suggestion_shown=str(row.get("suggestion_shown")).lower() == "true",
    )


def instant(said: Any) -> float | None:
    """A time in ISO 8601 as unix seconds; without a zone it is UTC.

    Raises:
        UnclearError: it is no such time.
    """
    if not said:
        return None
    try:
        at = datetime.fromisoformat(str(said))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as problem:
        raise UnclearError(f"at is '{said}', no time as ISO 8601 has it") from problem


def _number(said: Any, name: str) -> float | None:
    if said is None or said == "":
        return None
    try:
        number = float(said)
    except (ValueError, TypeError):
        number = math.nan
    if not math.isfinite(number):
        raise UnclearError(f"{name} is '{said}', no number")
    return number
