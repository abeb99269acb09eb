"""Label: one image as large as it goes, one key a class, and the running round beside it."""

from __future__ import annotations

import streamlit as st

from annotator.ui.labeller import labeller
from annotator.ui.links import link
from annotator.ui.live import live
from annotator.ui.opened import annotator, opened, workspace_key
from annotator.ui.shown import errors_in_words


def page() -> None:
    """Draw the page; say what is missing while there is nothing to label."""
    service = opened()
    if not service.classes():
        st.info("There are no classes yet. Add at least two on the Settings page.")
        link("Settings", "Add classes")
        return
    if not service.progress().images:
        st.info("There are no images yet. Import a folder or a CSV on the Data page.")
        link("Data", "Import images")
        return
    left, right = st.columns([5, 1.25], gap="medium")
    with left:
        _labelling()
    with right:
        live({"Quality": "See the pseudo-labels", "Rounds": "See the learning curve"})


@st.fragment
def _labelling() -> None:
    with errors_in_words():
        labeller(opened(), workspace=workspace_key(), annotator=annotator())
