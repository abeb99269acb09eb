"""Tables that an export of ours wrote: whose word a label is, and what the image is kept for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import get_args

from annotator.importing.tables.columns import LABEL
from annotator.model import Given, LabelSource, Split

SOURCE = "source"
PAGES = "pages"
PSEUDO: LabelSource = "pseudo"
UNCLEAR: LabelSource = "unclear"
IMPORTED: LabelSource = "imported"
SOURCES: tuple[LabelSource, ...] = get_args(LabelSource)
SPLITS: tuple[Split, ...] = get_args(Split)
OWN = frozenset({"sha256", LABEL, SOURCE, "split"})  # the columns by which a table of ours is known

Cell = Callable[[str], str]  # what stands in the column of that name; empty where there is none


class UnclearError(Exception):
    """A row says what no export of ours says; the message names it."""


def is_own(columns: Sequence[str]) -> bool:
    """Whether a table has the columns of an export."""
    return set(columns) >= OWN


def given(cell: Cell, label: str = "") -> Given:
    """Who gave the label of a row.

    Raises:
        UnclearError: its source, time or seconds are none that an export writes, or it says both a
            label and that nobody could tell one.
    """
    source = next((each for each in SOURCES if each == cell(SOURCE)), None)
    if source is None:
        raise UnclearError(f"source is '{cell(SOURCE)}', none of {', '.join(SOURCES)}")
    if source == PSEUDO:
        return Given(source)
    if source == UNCLEAR and label.strip():
        raise UnclearError(
            f"source is '{UNCLEAR}', that nobody could tell, and yet the label is '{label}'; empty "
            f"the label, or write '{IMPORTED}' as source"
        )
    return Given(
        source=source,
        annotator=cell("annotator"),
        at=instant(cell("at")),
        seconds=_number(cell("seconds"), "seconds") or 0.0,
        reason=cell("reason"),
        propensity=_number(cell("propensity"), "propensity"),
        suggestion_shown=cell("suggestion_shown").lower() == "true",
        why=cell("why_unclear") if source == UNCLEAR else "",
    )


def marks(cell: Cell) -> tuple[bool, str]:
    """Whether the image of a row is flagged, and what is noted on it."""
    return cell("flag").lower() == "true", cell("note")


def split(cell: Cell) -> Split | None:
    """What the image of a row is kept for.

    Raises:
        UnclearError: it is neither of what an export writes.
    """
    text = cell("split")
    found = next((each for each in SPLITS if each == text), None)
    if text and found is None:
        raise UnclearError(f"split is '{text}', none of {', '.join(SPLITS)}")
    return found


def is_document(pages: str) -> bool:
    """Whether an image has several pages, by what stands in the column of that name."""
    return pages.isdecimal() and int(pages[:9]) > 1


def instant(text: str) -> float | None:
    """ISO 8601 as unix seconds; without a zone it is UTC.

    Raises:
        UnclearError: it is no such time.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as problem:
        raise UnclearError(f"at is '{text}', no time as ISO 8601 has it") from problem


def _number(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UnclearError(f"{name} is '{text}', no number")
    return number
