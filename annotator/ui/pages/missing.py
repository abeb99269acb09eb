"""What to do while there is no workspace."""

from __future__ import annotations

import shlex
from pathlib import Path

import streamlit as st

from annotator.ui.parts.text import plain
from annotator.ui.web.opened import workspace


def page(reason: str) -> None:
    """Say why there is none, and which commands make one."""
    root = workspace()
    name = root.name if root.parent == Path.cwd() else shlex.quote(str(root))
    st.title("No workspace yet")
    st.warning(plain(reason), icon=":material/folder_off:")
    st.markdown("Make one with your own classes and images:")
    st.code(
        f"certilabel init {name} --classes cat,dog\n"
        f"certilabel import {name} FOLDER\n"
        f"certilabel serve {name}",
        language=None,
    )
    st.markdown("Or look at the demonstration:")
    st.code("certilabel demo", language=None)
    st.caption(plain(f"This page looked in {root}; CERTILABEL_WORKSPACE names another folder."))
    if st.button("Look again", type="primary"):
        st.rerun()
