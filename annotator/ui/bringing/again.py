"""Going back to the form from an import that nobody wants: it stays open, for the next try."""

from __future__ import annotations

import streamlit as st

from annotator.service import Service

_OPEN = "import_open"
_FORMS = "import_forms"


def discard(service: Service) -> None:
    """Forget the import that waits, and leave the form open."""
    service.bringing.drop()
    st.session_state[_OPEN] = True


def is_open() -> bool:
    """Whether somebody has gone back to the form."""
    return bool(st.session_state.get(_OPEN))


def forms() -> int:
    """How many imports this session began: inputs that bear the number are empty for the next."""
    return int(st.session_state.get(_FORMS, 0))


def shut() -> None:
    """An import began: the form has done its part, and the next one holds no files of it."""
    st.session_state.pop(_OPEN, None)
    st.session_state[_FORMS] = forms() + 1
