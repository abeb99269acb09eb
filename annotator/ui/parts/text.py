"""Small pieces of text that several pages show the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from annotator.errors import AnnotatorError
from annotator.model import CurvePoint, Round
from annotator.service import Service
from annotator.ui.words.language import _
from annotator.wording import deferred, percent

_SAID_ELSEWHERE = {"at", "event", "level", "trace", "job", "process"}


# What Streamlit makes links, icons and arrows of once all escapes are read, so that none helps
_MADE_INTO = re.compile(r"https?://|www\.|\S@\S|:material|:streamlit:|:[\w+-]+:", re.IGNORECASE)
_ARROWS = {"<->", "->", "<-", "--", ">=", "<=", "~="}
_AROUND = "'\"(),;.:!?"  # signs that stand around a word and do not belong to it


def plain(text: str) -> str:
    """Write `text` so that Markdown shows it as it is: escaped, and addresses as code.

    An address of somebody else's must not become a link that leads out of the app.
    """
    return "".join(_shown(word) for word in re.split(r"(\s+)", text))


def _shown(word: str) -> str:
    inner = word.strip(_AROUND)
    if not inner or not (_MADE_INTO.search(word) or word in _ARROWS):
        return _escaped(word)
    before, after = word.split(inner, 1)
    return _escaped(before) + _code(inner) + _escaped(after)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", text)


def _code(text: str) -> str:
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Show an AnnotatorError of the body, or a fault of the disk, as its message."""
    try:
        yield
    except AnnotatorError as error:
        st.error(plain(_(str(error))), icon=":material/error:")
    except OSError as error:
        told = f"The disk says: {error.strerror or error}. Make room, or look after its rights."
        st.error(plain(_(told)), icon=":material/error:")


def barred(service: Service, verb: str) -> bool:
    """Whether whoever looks may not call a verb; it is said on the page, with who may."""
    why = service.refusal(verb)
    if why:
        st.info(plain(_(why)), icon=":material/lock:")
    return bool(why)


def alarm(text: str | None) -> None:
    """Show a serious warning in red, where there is one."""
    if text:
        st.error(plain(_(text)), icon=":material/trending_down:")


def deferral(done: Round) -> None:
    """Say that a round gives the classes of its baseline, where it does."""
    if done.answered_by:
        st.caption(plain(_(deferred(done.answered_by))))


def bounds(point: CurvePoint) -> str:
    """`84.0–98.2, n = 61`."""
    return f"{100 * point.low:.1f}–{100 * point.high:.1f}, n = {point.n:,}"


def interval(point: CurvePoint) -> str:
    """`93.4 % (84.0–98.2, n = 61)`: an accuracy never stands without its interval."""
    return f"{percent(point.accuracy)} ({bounds(point)})"


def duration(seconds: float) -> str:
    """`45 s`, `3 min`, `1 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def moment(at: float) -> str:
    """A time in unix seconds as it is where the browser is: `Tue 24 November, 14:05`."""
    zone = st.context.timezone
    here = datetime.fromtimestamp(at, ZoneInfo(zone) if zone else UTC)
    said = _("{weekday} {day} {month}, {time}").format(
        weekday=_(f"{here:%a}"), day=here.day, month=_(f"{here:%B}"), time=f"{here:%H:%M}"
    )
    return said + ("" if zone else " UTC")


def log_line(line: Mapping[str, Any]) -> str:
    """`06:12:03 job failed error=the disk is full`, and below it where an exception came from."""
    facts = {key: value for key, value in line.items() if key not in _SAID_ELSEWHERE}
    told = " ".join(f"{key}={value}" for key, value in facts.items() if value is not None)
    text = f"{str(line.get('at', ''))[11:19]} {line.get('event', '')} {told}".rstrip()
    return f"{text}\n{line['trace']}" if "trace" in line else text
