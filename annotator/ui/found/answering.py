"""Answering anew from a page, and the line that says so and takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import streamlit as st

from annotator.model import ClassName, Corrected
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened

_LAST = "answered_anew"  # session state: what was answered last


class _Last(NamedTuple):
    done: Corrected
    name: str  # of the class


def answer(image_ids: Iterable[int], each: ClassName) -> None:
    """Give images a class; the page says what came of it."""
    with errors_in_words():
        st.session_state[_LAST] = _Last(opened().answer_anew(image_ids, each.id), each.name)


def last_answer() -> None:
    """Say what was answered anew last, with the way back."""
    last: _Last | None = st.session_state.get(_LAST)
    if last is None:
        return
    images = "1 image is" if last.done.images == 1 else f"{last.done.images:,} images are"
    line, button = st.columns([4, 1], vertical_alignment="center", width=720)
    line.success(plain(f"{images} labeled '{last.name}' now."), icon=":material/check_circle:")
    button.button("Undo", key="undo_anew", on_click=_undo, icon=":material/undo:", width="stretch")
    if last.done.notice:
        st.warning(plain(last.done.notice))


def _undo() -> None:
    with errors_in_words():
        last: _Last = st.session_state.pop(_LAST)
        taken = opened().take_back(last.done.name)
        images = "1 image has" if taken == 1 else f"{taken:,} images have"
        st.toast(f"Taken back: {images} the label of before.")
