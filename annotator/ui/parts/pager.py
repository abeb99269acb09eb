"""Pages of cards: how many to pass over, and the buttons that turn them."""

from __future__ import annotations

import streamlit as st

from annotator.ui.words.language import _


def page_offset(name: str, page_size: int) -> int:
    """How many cards to pass over for the page that `name`'s pager stands at."""
    return int(st.session_state.get(f"{name}_page", 0)) * page_size


def pager(name: str, *, more: bool) -> None:
    """Buttons that turn pages; nothing at all where one page shows everything."""
    page = page_offset(name, 1)
    if not (page or more):
        return

    def turn(step: int) -> None:
        st.session_state[f"{name}_page"] = max(page + step, 0)

    back, where, forth = st.columns(3, vertical_alignment="center", width=420)
    back.button(_("Previous"), key=f"{name}_back", disabled=not page, on_click=turn, args=(-1,))
    where.markdown(_(f"Page {page + 1}"))
    forth.button(_("Next"), key=f"{name}_forth", disabled=not more, on_click=turn, args=(1,))
