"""The form of the evidence: every part that a step reads is there, and is what it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import chain

from annotator.errors import ExportError
from annotator.export.proof.record import ANEW, EVIDENCE, Exported, Fields, is_time

SHOWN = 40  # characters of what stands in place of something else
SHARE = re.compile(r"-?[0-9]{1,3000}(\.[0-9]{1,60}|/[0-9]{1,3000})?([eE]-?[0-9]{1,2})?")
DIGITS = re.compile(r"[0-9]{1,100}")
MOST = 10**12  # no count is larger, and none of them makes a step take forever


class _Other(Exception):
    """Something stands where another thing should: the place, what it is, what it should be."""


Kind = Callable[[object, str], None]  # raises _Other where what stands at a place is none


def check(export: Exported) -> None:
    """Look at every part of the evidence.

    Raises:
        ExportError: one is missing, is no such thing, or names an image that is not there.
    """
    try:
        _evidence(export.evidence, "")
        _names_rows(export)
    except _Other as problem:
        raise ExportError(
            f"The evidence of {export.folder} cannot be followed: in {EVIDENCE} {problem}. {ANEW}"
        ) from None


def _count(told: object, at: str) -> None:
    if type(told) is not int or not 0 <= told <= MOST:
        raise _other(told, at, "a whole number")


def _text(told: object, at: str) -> None:
    if not isinstance(told, str):
        raise _other(told, at, "a text")


def _truth(told: object, at: str) -> None:
    if not isinstance(told, bool):
        raise _other(told, at, "true or false")


def _digits(told: object, at: str) -> None:
    if not (isinstance(told, str) and DIGITS.fullmatch(told)):
        raise _other(told, at, "a text of digits")


def _share(told: object, at: str) -> None:
    found = isinstance(told, str) and SHARE.fullmatch(told)
    try:
        Fraction(str(told) if found else "")
    except (ValueError, ZeroDivisionError):
        raise _other(told, at, "a text that is a decimal or a fraction") from None


def _between(told: object, at: str) -> None:
    """A share of which something is left: a target, a level."""
    _share(told, at)
    if not 0 < Fraction(str(told)) < 1:
        raise _other(told, at, "between 0 and 1")


def _time(told: object, at: str) -> None:
    if not (isinstance(told, str) and is_time(told)):
        raise _other(told, at, "a time with its zone")


def _maybe(kind: Kind) -> Kind:
    """Likewise, or null."""

    def check(told: object, at: str) -> None:
        if told is not None:
            kind(told, at)

    return check


def _some(kind: Kind, least: int = 0) -> Kind:
    """A list of such, and of so many at least."""

    def check(told: object, at: str) -> None:
        if not isinstance(told, list):
            raise _other(told, at, "a list")
        if len(told) < least:
            raise _Other(f"`{at}` is an empty list")
        for place, each in enumerate(told):
            kind(each, f"{at}[{place}]")

    return check


def _fields(needed: Mapping[str, Kind], others: Mapping[str, Kind] | None = None) -> Kind:
    """An object with these fields, and perhaps the others."""
    kinds = {**needed, **(others or {})}

    def check(told: object, at: str) -> None:
        if not isinstance(told, dict):
            raise _other(told, at, "an object")
        for name, kind in kinds.items():
            place = f"{at}.{name}" if at else name
            if name in told:
                kind(told[name], place)
            elif name in needed:
                raise _Other(f"`{place}` is missing")

    return check


def _other(told: object, at: str, wanted: str) -> _Other:
    text = json.dumps(told, ensure_ascii=True)
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return _Other(f"`{at}` is {shown}, not {wanted}")


SAID = _some(_fields({"by": _text, "answer": _text, "at": _time}))
ROW = _fields(
    {
        "id": _text, "rank": _count, "pseudo": _text, "blind": SAID, "second": SAID,
        "adjudicated": _maybe(_text), "wrong": _truth,
    }
)  # fmt: skip
EXPERT = _fields(
    {
        "repeats": _count, "differed": _count, "planted": _count, "missed": _count,
        "beta": _maybe(_share),
    },
    {"answers": _some(_fields({"id": _text, "passed": _truth, "blind": SAID}))},
)  # fmt: skip
NUMBERS: dict[str, Kind] = dict.fromkeys(("population", "M", "m"), _count)
CHAIN: dict[str, Kind] = dict.fromkeys(("c0", "cf"), _count)
FOUND: dict[str, Kind] = dict.fromkeys(("k", "n", "x"), _count)
SHARES = _fields(
    {"proposed": _share, "corrected": _share, "unseen": _maybe(_share), "false_at_most": _share}
)
OF_AVERAGE = _fields({"average": _share, "false_at_most": _share})
# Since when attempts name those before them
DECLARED: dict[str, Kind] = {
    "declared": _some(_between, 1), "turn": _count, "earlier": _some(_text),
}  # fmt: skip
PLAN = _fields(
    {
        **NUMBERS, "task": _text, "attempt": _count, "spent": _some(_between, 1),
        "target": _between, "strict": _truth, "order_hash": _text, "labels_hash": _text,
        "splits_hash": _text, "model_hash": _text, "planned_at": _time,
        "known": _some(_fields({"id": _text, "wrong": _truth}, {"rank": _count})),
    },
    {
        **DECLARED, "class": _maybe(_text), "pilot": _count, "by": _maybe(_text),
        "grouped": _some(_count), "after": _count, "extends": _maybe(_text),
        "planted": _some(_fields({"id": _text, "answer": _text, "how": _text})),
    },
)  # fmt: skip
# Of attempts before, what the step of that name reads
BEFORE = _fields({"spent": _some(_between, 1)}, {"turn": _count, "declared": _some(_between)})


def _evidence(found: object, at: str) -> None:
    """Evidence, whatever it is of: all of it, several classes, or an average group."""
    _fields(
        {
            "version": _count, "plan": PLAN, "plan_hash": _text, "seed": _digits,
            "seeded_at": _time, "numpy": _text, "rows": _some(ROW), "expert": EXPERT,
            "closed_at": _time, **FOUND,
        }
    )(found, at)  # fmt: skip
    assert isinstance(found, dict)
    plan, inside = found["plan"], f"{at}." if at else ""
    if "earlier" in plan:
        _fields(DECLARED)(plan, f"{inside}plan")
        _fields({"earlier": _some(BEFORE)})(found, at)
    if "parts" in plan:
        _several(found, at)
    elif plan.get("by"):
        _fields({"groups": _some(_count, 1)})(plan, f"{inside}plan")
        average: Kind = _fields(dict.fromkeys(("groups", "wrong"), _count) | {"cut": _whole})
        _fields({"average": average, "gates": _some(_count)})(found, at)
        _claimed(found, at, OF_AVERAGE)
    else:
        _fields(CHAIN)(plan, f"{inside}plan")
        _fields({"gates": _some(_count)})(found, at)
        _claimed(found, at, SHARES)
    if _goes_on(found):
        _fields({"extends": _evidence, "plan": _fields({"after": _count})})(found, at)


def _several(found: Fields, at: str) -> None:
    """What there is of each class, in the plan and in what is claimed."""
    inside = f"{at}." if at else ""
    planned = _fields({"class": _text, **NUMBERS, **CHAIN})
    _fields({"parts": _some(planned, 1)})(found["plan"], f"{inside}plan")
    told = _fields({"class": _text, "level": _share, "gates": _some(_count), **FOUND})
    _fields({"parts": _some(told)})(found, at)
    for place, each in enumerate(found["parts"]):
        _claimed(each, f"{inside}parts[{place}]", SHARES)


def _claimed(found: Fields, at: str, shares: Kind) -> None:
    """Claims have all of their shares where something is released."""
    _fields({"claims": shares if found["k"] else _maybe(_fields({}))})(found, at)


def _whole(told: object, at: str) -> None:
    if type(told) is not int or abs(told) > MOST:
        raise _other(told, at, "a whole number")


def _names_rows(export: Exported) -> None:
    """Rows that were known before the audit are rows of the order."""
    there = {row.id for row in export.order}
    for at, plan in _plans(export.evidence):
        for place, each in enumerate(plan["known"]):
            if each["id"] not in there:
                raise _Other(f"`{at}.known[{place}].id` names no row of the order")


def _goes_on(evidence: Fields) -> bool:
    """Whether there is another audit to look at; where one of both alone has it, a step says."""
    return None not in (evidence["plan"].get("extends"), evidence.get("extends"))


def _plans(evidence: Fields) -> Iterator[tuple[str, Fields]]:
    """The plan, and those of the audits that it goes on from, each with its place."""
    before: Iterator[tuple[str, Fields]] = iter(())
    if _goes_on(evidence):
        before = ((f"extends.{at}", plan) for at, plan in _plans(evidence["extends"]))
    yield from chain([("plan", evidence["plan"])], before)
