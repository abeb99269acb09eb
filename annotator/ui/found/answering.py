"""Answering anew from a page, and the line that says so and takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import streamlit as st

from annotator.model import ClassName, Corrected
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import many

_LAST = "answered_anew"  # session state: what was answered last


class _Last(NamedTuple):
    done: Corrected
    ids: tuple[int, ...]
    name: str  # of the class


def answer(image_ids: Iterable[int], each: ClassName, *, guess_shown: bool = False) -> None:
    """Give images a class; the page says what came of it."""
    ids = tuple(image_ids)
    with errors_in_words():
        done = opened().answer_anew(ids, each.id, guess_shown=guess_shown)
        st.session_state[_LAST] = _Last(done, ids, each.name)


def last_answer(image_id: int | None = None) -> None:
    """Say what was answered anew last, with the way back; of one image, if that is named."""
    last: _Last | None = st.session_state.get(_LAST)
    if last is None or (image_id is not None and last.ids != (image_id,)):
        return
    images = many(last.done.images, "image is", "images are")
    line, button = st.columns([4, 1.4], vertical_alignment="center", width=720)
    line.success(plain(_(f"{images} labeled '{last.name}' now.")), icon=":material/check_circle:")
    button.button(
        _("Undo"),
        key=f"undo_anew_{image_id or 0}",
        on_click=_undo,
        icon=":material/undo:",
        width="stretch",
    )
    if last.done.notice:
        st.warning(plain(_(last.done.notice)))


def _undo() -> None:
    last: _Last = st.session_state.pop(_LAST)
    with errors_in_words():
        taken = opened().take_back(last.done.name)
        images = many(taken, "image has", "images have")
        st.toast(_(f"Taken back: {images} the label of before."))
