"""What to do with images that were put off, that nobody could tell, or that are flagged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from annotator.model import Found
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import many


def beside(picked: Sequence[Found], cleared: Callable[[], None]) -> None:
    """Draw the buttons that fit the images that are ticked; `cleared` takes the ticks away."""
    back = [each.image.id for each in picked if each.skipped_by or each.unclear]
    flagged = [each.image.id for each in picked if each.marks.flags]
    if not back and not flagged:
        return

    def ask_again() -> None:
        with errors_in_words():
            images = many(opened().ask_again(back), "image is", "images are")
            st.toast(plain(_(f"{images} asked next.")))
            cleared()

    def take_off() -> None:
        with errors_in_words():
            images = many(opened().take_flags_off(flagged), "image has", "images have")
            st.toast(plain(_(f"{images} no flag any more.")))
            cleared()

    again, off = st.columns(2, width=620)
    if back:
        images = many(len(back), "image")
        again.button(
            _(f"Ask {images} again"),
            on_click=ask_again,
            key="ask_again",
            width="stretch",
            help=_("Those that were skipped or that nobody could tell are asked next."),
        )
    if flagged:
        off.button(
            _(f"Take {many(len(flagged), 'flag')} off"),
            on_click=take_off,
            key="take_flags_off",
            width="stretch",
        )
