"""Settle: what people disagree about, one image at a time, answers side by side without names."""

from __future__ import annotations

import streamlit as st

from annotator.ui.parts.text import barred, errors_in_words
from annotator.ui.settling.component import later, settling, taking
from annotator.ui.web.opened import opened, workspace_key
from annotator.ui.words.language import _
from annotator.wording import many

_EARLY = "settle_early"  # session state: whether images are settled that wait for more answers


def page() -> None:
    """Draw the next image that waits to be settled."""
    if barred(opened(), "settle"):
        return
    st.fragment(_settling)()


def _settling() -> None:
    with errors_in_words():
        service = opened()
        st.subheader(_("What people disagree about"))
        taking(service)
        early = bool(st.session_state.get(_EARLY))
        found = service.to_settle(later(), early=early)
        st.caption(
            _(
                "Who said what is not shown. Your answer counts from then on, whoever presses "
                "what; `U` takes it back."
            )
        )
        if found.awaited:
            st.checkbox(
                _(
                    f"Settle also {many(found.awaited, 'image')} whose answers differ so far, "
                    f"before all of {found.opinions} people have been asked"
                ),
                key=_EARLY,
            )
        settling(service, found, workspace=workspace_key())
