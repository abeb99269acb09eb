"""What happened since some time, in sentences; what did not happen is not told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.model import CurvePoint, Round
from annotator.wording import many, percent


@dataclass(frozen=True, slots=True)
class News:
    """What happened since somebody was here before."""

    since: float | None  # unix seconds, UTC; None: they were never here, so it is of a week
    said: tuple[str, ...]  # sentences; none if nothing happened


def told(
    since: float,
    *,
    person: str,
    labels: Mapping[str, int],
    images: int,
    rounds: Sequence[Round],
    curve: Sequence[CurvePoint],
    changes: int = 0,
    audit: int | None = None,
) -> tuple[str, ...]:
    """Sentences on what happened since then.

    Args:
        since: unix seconds.
        person: whom it is told to.
        labels: images that each person has given a class since.
        images: how many have come in since.
        rounds: all that there are, oldest first.
        curve: their accuracies.
        changes: of the classes, since.
        audit: the number of one that was closed since.
    """
    own, others = labels.get(person, 0), sum(labels.values()) - labels.get(person, 0)
    said = [
        f"You labeled {many(own, 'image')}." if own else "",
        f"Others labeled {many(others, 'image')}." if others else "",
        f"{many(images, 'image')} came in." if images else "",
        *_of_rounds(since, rounds, curve),
        f"Classes were changed, {many(changes, 'time')}." if changes else "",
        f"Audit {audit} was closed: Quality says what it proves." if audit else "",
    ]
    return tuple(filter(None, said))


def _of_rounds(since: float, rounds: Sequence[Round], curve: Sequence[CurvePoint]) -> list[str]:
    new = [each for each in rounds if (each.finished or 0) > since]
    done = [each for each in new if each.state == "done"]
    said = []
    if done:
        numbers = ", ".join(str(each.number) for each in done)
        said.append(
            f"{'Round' if len(done) == 1 else 'Rounds'} {numbers} ended{_right(done, curve)}."
        )
    if failed := [each for each in new if each.state == "failed"]:
        said.append(f"{many(len(failed), 'round')} failed: Rounds says why.")
    return said


def _right(done: Sequence[Round], curve: Sequence[CurvePoint]) -> str:
    """How right the newest of these rounds is, and how right the one before them was."""
    points = {each.round: each for each in curve if each.model == "ssl"}
    newest = points.get(done[-1].number)
    if newest is None:
        return ""
    before = [each for each in points.values() if each.round < done[0].number]
    was = f", before it {_measured(max(before, key=lambda each: each.round))}" if before else ""
    return f": test accuracy {_measured(newest)}{was}"


def _measured(point: CurvePoint) -> str:
    return (
        f"{percent(point.accuracy)} ({100 * point.low:.1f}–{100 * point.high:.1f}, n = {point.n:,})"
    )
