"""Label: one image as large as it goes, one key a class, and the running round beside it."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from annotator.errors import StoreError
from annotator.service import Service
from annotator.ui.labeler.component import labeler
from annotator.ui.parts.job import live
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.starting.next import draw, other_than
from annotator.ui.web.opened import opened, workspace_key
from annotator.ui.words.language import _

# The labeler says on the page's root whether the column beside it is folded away: at once, and
# without a word to the server, as it is a matter of this browser alone.
_FOLDED = "<style>html[data-aside=folded] .stColumn:has(.st-key-label_aside){display:none}</style>"


def page() -> None:
    """Draw the page; say what is missing while there is nothing to label."""
    with suppress(StoreError):  # the labeler says it, keeps the answers and goes on by itself
        if _nothing_to_label(opened()):
            return
    st.html(_FOLDED)
    left, right = st.columns([5, 1.25], gap="medium")
    with left:
        _labeling()
    with right, st.container(key="label_aside"), errors_in_words():
        other_than("Label", opened().next_step())
        live({"Quality": "See the pseudo-labels", "Rounds": "See the learning curve"})
        _policy(opened())


def _policy(service: Service) -> None:
    """Name the policy in force, and what it asks first."""
    settings = service.settings()
    asks = service.policies().get(settings.policy, "")
    guess = " The model’s guess is shown." if settings.show_guess == "on" else ""
    st.caption(plain(_(f"Asked first, by the policy {settings.policy}: {asks}.{guess}")))


def _nothing_to_label(service: Service) -> bool:
    """Say what is missing, if so."""
    if service.classes() and service.progress().images:
        return False
    draw(service.next_step())
    return True


@st.fragment
def _labeling() -> None:
    with errors_in_words():
        service = opened()
        labeler(service, workspace=workspace_key(), annotator=service.person.name)
