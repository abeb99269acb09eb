"""Which language whoever is before a page reads, and `_`, which says a text in it."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from annotator.ui.words.reading import said
from annotator.ui.words.table import ENGLISH, NAMES

COOKIE = "certilabel_language"  # what this browser has chosen, if it has
_KEPT = "language"  # session state: neither changes while a session lasts


def _(text: str) -> str:
    """Say an English text in the language of whoever is before this page."""
    return said(text, language())


def language() -> str:
    """The code of the language: as it was chosen here, else the browser's own, else English."""
    if get_script_run_ctx(suppress_warning=True) is None:  # nobody is before a page
        return ENGLISH
    kept: str | None = st.session_state.get(_KEPT)
    if kept is None:
        wanted = st.context.cookies.get(COOKIE) or st.context.locale or ""
        kept = known(wanted)
        if wanted:
            st.session_state[_KEPT] = kept
    return kept


def known(wanted: str) -> str:
    """`de` of `de-CH`; English where there is no table."""
    code = wanted.split("-")[0].lower()
    return code if code in NAMES else ENGLISH
