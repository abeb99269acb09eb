"""What the page sends, read so that nothing in it can stop the page: answers, and what is none."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, get_args

from annotator.model import Again, LabelEvent, Takes

LABELING = ("label", "skip", "unclear", "flag", "note", "undo")  # kinds of answers
TAKES, AGAIN = get_args(Takes), get_args(Again)
LONGEST_NAME = 100  # characters of a client's name; a content hash has 64
LONGEST_NOTE = 4000  # likewise of a note; the field of the page takes fewer
MOST_COMPARED = 5  # images of one message
NO_ANSWER = "it is damaged; answer its image again"


class Sent(NamedTuple):
    """One message: who sent it, which of its messages it is, its answers, and what is none."""

    client: str
    beat: float
    events: list[LabelEvent]
    refused: list[list[Any]]  # client and number as they were sent, and the reason
    recall: int | None = None  # the image from whose answer on earlier ones are wanted; 0: newest
    compare: tuple[int, ...] = ()  # the images that are to be compared with labeled ones
    reveal: bool = False  # whether tags are wanted that may name a person


def read(message: Any, kinds: Collection[str] = LABELING) -> Sent:
    """Read a message, whatever it is.

    Browsers' clocks differ, and which of two people pressed last must not be a matter of that. So
    a message says what time it was there when it was sent, and its times are put right by it.
    """
    if not isinstance(message, Mapping):
        message = {}
    ahead = _ahead(message.get("now"))
    raws = message.get("events")
    events, refused = [], []
    for raw in raws if isinstance(raws, list) else ():
        if event := parse(raw, kinds):
            events.append(replace(event, at=event.at - ahead))
        elif isinstance(raw, Mapping):  # it would be sent for ever
            refused.append([raw.get("client"), raw.get("seq"), NO_ANSWER])
    beat = message.get("beat")
    return Sent(
        client=_name(message.get("client") or "") or "",
        beat=beat if isinstance(beat, (int, float)) else 0,
        events=events,
        refused=refused,
        recall=_image(message.get("recall")),
        compare=_images(message.get("compare")),
        reveal=message.get("reveal") is True,
    )


def _ahead(sent: Any) -> float:
    """By how many seconds the clock of the browser is ahead of this one; 0 if it does not say."""
    told = _number(sent)
    return told - time.time() if told > 0 and math.isfinite(told) else 0.0


def parse(raw: Any, kinds: Collection[str] = LABELING) -> LabelEvent | None:
    """Read one answer as the page sent it; None if it is none, or of none of these kinds."""
    try:
        kind: Any = raw["kind"]
        takes: Any = raw.get("takes") or ""
        again: Any = raw.get("again") or ""
        client, sha256 = _name(raw["client"]), _name(raw["sha256"])
        note = _name(raw.get("note") or "", LONGEST_NOTE)
        if (
            None in (client, sha256, note)
            or kind not in kinds
            or takes not in TAKES
            or again not in AGAIN
        ):
            return None
        return LabelEvent(
            client=str(client),
            seq=int(raw["seq"]),
            kind=kind,
            image_id=int(raw["image_id"]),
            sha256=str(sha256),
            class_id=None if raw["class_id"] is None else int(raw["class_id"]),
            at=_number(raw["at"]),
            seconds=_number(raw["seconds"]),
            suggestion_shown=raw.get("shown") is True,
            note=str(note),
            takes=takes,
            again=again,
        )
    except (KeyError, TypeError, ValueError, OverflowError):  # the last: a number without end
        return None


def _image(value: Any) -> int | None:
    """The number of an image; None if it is none."""
    try:
        number = None if value is None else int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is not None and 0 <= number < 2**53 else None


def _images(value: Any) -> tuple[int, ...]:
    """The numbers of a few images; what is none is left out."""
    wanted = map(_image, value[:MOST_COMPARED]) if isinstance(value, list) else ()
    return tuple(each for each in wanted if each is not None)


def _name(value: Any, longest: int = LONGEST_NAME) -> str | None:
    """A short text that every part of the server can write; None if it is none."""
    text = str(value)
    try:
        text.encode()  # half a character pair is none
    except UnicodeEncodeError:
        return None
    return text if len(text) <= longest else None


def _number(value: Any) -> float:
    """A number; what is none is 0, for the clock of a browser is advice and its answer is not."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
