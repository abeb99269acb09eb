"""Links from one page to another that keep the browser's page, and so its answers, alive."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_PAGES = "linked_pages"


def remember(pages: Mapping[str, st.Page]) -> None:
    """Keep the pages, by their English titles, where `link` finds them.

    Streamlit links to these objects alone.
    """
    st.session_state[_PAGES] = dict(pages)


def link(title: str, text: str) -> None:
    """Draw a link that reads `text` to the page of that English title, with the page's own icon."""
    page = st.session_state[_PAGES][title]
    st.page_link(page, label=text, icon=page.icon)
