"""The server's half of the talk with a page that keeps its answers: each message is taken once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import streamlit as st

from annotator.errors import AnnotatorError
from annotator.model import Acknowledged, LabelEvent
from annotator.ui.labeler.message import LABELING, Sent, read
from annotator.ui.words.language import _


class Taken(NamedTuple):
    """What became of a page's last message."""

    beat: float = 0
    acknowledged: Acknowledged = Acknowledged({})
    refused: Sequence[Sequence[Any]] = ()
    error: str = ""


def sent(key: str, kinds: Collection[str] = LABELING) -> Sent:
    """The last message of the component of that key."""
    state = st.session_state.get(key) or {}
    return read(state.get("message"), kinds)


def taken(key: str) -> Taken:
    """What became of it."""
    found: Taken = st.session_state.get(f"{key}_taken", Taken())
    return found


def take(
    key: str,
    store: Callable[[list[LabelEvent]], Acknowledged],
    what: str,
    kinds: Collection[str] = LABELING,
) -> None:
    """Store the events of the last message, once; where that fails, `what` cannot be stored."""
    message = sent(key, kinds)
    if message.beat == taken(key).beat:
        return
    try:
        found = Taken(message.beat, store(message.events), message.refused)
    except Exception as problem:  # the page keeps its events and sends them again
        found = Taken(message.beat, error=in_words(f"{what} cannot be stored now", problem))
    st.session_state[f"{key}_taken"] = found


def reply(key: str) -> dict[str, Any]:
    """What the page is told of its last message."""
    found = taken(key)
    return {
        "client": sent(key).client,
        "beat": found.beat,
        "ack": found.acknowledged.ack,
        "refused": [
            [client, seq, _(why)]
            for client, seq, why in (*found.acknowledged.refused, *found.refused)
        ],
        "notice": _(found.acknowledged.notice),
        "error": found.error,
    }


def in_words(what: str, problem: Exception) -> str:
    """What to tell of a fault; one that nobody foresaw is in the server's log as a whole."""
    if isinstance(problem, AnnotatorError):
        return _(f"{what}. {problem}")
    logging.getLogger(__name__).error("%s", what, exc_info=problem)
    return _(f"{what} ({type(problem).__name__}); the server's log says why.")
