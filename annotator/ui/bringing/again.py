"""Going back to the form from an import that nobody wants: it stays open, for the next try."""

from __future__ import annotations

import streamlit as st

from annotator.service import Service

_OPEN = "import_open"


def discard(service: Service) -> None:
    """Forget the import that waits, and leave the form open."""
    service.bringing.drop()
    st.session_state[_OPEN] = True


def is_open() -> bool:
    """Whether somebody has gone back to the form."""
    return bool(st.session_state.get(_OPEN))


def shut() -> None:
    """An import began: the form has done its part."""
    st.session_state.pop(_OPEN, None)
