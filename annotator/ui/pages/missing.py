"""What to do while there is no workspace, or its database cannot be used."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path

import streamlit as st

from annotator.errors import WorkspaceError
from annotator.ui.parts.text import plain
from annotator.ui.web.opened import served, workspace
from annotator.ui.words.language import _

_LOOK_AGAIN = 5.0  # seconds


def page(reason: str) -> None:
    """Say why there is none, and which commands make one."""
    root = workspace()
    name = root.name if root.parent == Path.cwd() else shlex.quote(str(root))
    st.title(_("No workspace yet"))
    st.warning(plain(_(reason)), icon=":material/folder_off:")
    st.markdown(_("Make one with your own classes and images:"))
    st.code(
        f"certilabel init {name} --classes cat,dog\n"
        f"certilabel import {name} FOLDER\n"
        f"certilabel serve {name}",
        language=None,
    )
    st.markdown(_("Or look at the demonstration:"))
    st.code("certilabel demo", language=None)
    st.caption(plain(_(f"This page looked in {root}; CERTILABEL_WORKSPACE names another folder.")))
    if st.button(_("Look again"), type="primary"):
        st.rerun()


def broken(reason: str) -> None:
    """Say what is wrong with the database; the pages come back by themselves once it is right."""
    st.title(_("The workspace cannot be opened"))
    st.error(plain(_(reason)), icon=":material/error:")
    st.caption(_("Answers that a browser keeps are stored as soon as it can be opened again."))
    st.fragment(_again, run_every=_LOOK_AGAIN)()


def _again() -> None:
    with suppress(WorkspaceError):
        served()
        st.rerun()
