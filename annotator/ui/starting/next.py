"""What to do next, in a sentence, with a link to where it is done."""

from __future__ import annotations

import streamlit as st

from annotator.service.starting.steps import Step
from annotator.ui.parts.links import link
from annotator.ui.parts.text import plain
from annotator.ui.words.language import _

_WIDTH = 640  # pixels


def draw(step: Step) -> None:
    """The sentence in full, as the first thing on a page."""
    with st.container(border=True, width=_WIDTH, gap="xsmall"):
        st.markdown(f"**{plain(_(step.said))}**")
        if step.page:
            link(step.page, _(step.does))


def other_than(page: str, step: Step) -> None:
    """The sentence, small, where it leads away from this page: here it says nothing new."""
    if step.page == page or not step.page:
        return
    with st.container(gap=None):  # it stands beside an image that wants the height
        st.caption(f"**{_('Next')}** · {plain(_(step.said))}")
        link(step.page, _(step.does))
