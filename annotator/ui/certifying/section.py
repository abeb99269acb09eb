"""The section: the plan of an audit, else how far the open one is, and what the last one proved."""

from __future__ import annotations

import streamlit as st

from annotator.service import Service
from annotator.ui.certifying import following, planning, result
from annotator.ui.parts.text import barred, errors_in_words
from annotator.ui.words.language import _

_REFRESH = 5.0  # seconds between looks at an open audit, which others may answer
_PLAN = "certify_plan"  # session state: whether the plan is unfolded


def section(service: Service) -> None:
    """Draw it; a click redraws nothing else of the page."""
    st.subheader(_("Certificate"))
    if barred(service, "certify.status"):
        return
    open_ = service.certify.status() is not None
    st.fragment(_section, run_every=_REFRESH if open_ else None)(service, open_)


def _section(service: Service, was_open: bool) -> None:
    with errors_in_words():
        progress = service.certify.status()
        if (progress is not None) != was_open:
            st.rerun()  # begun or ended: the pace changes
        if progress:
            following.draw(service, progress)
            return
        found = service.certify.result()
        if found:
            result.draw(service, found)
        if st.session_state.get(_PLAN):
            planning.draw(service)
            return
        if not found:
            st.caption(
                _(
                    "How many of the model’s guesses are right? Answer some that chance draws, "
                    "without seeing the guess, and the largest set that they can prove is released."
                )
            )
        st.button(
            _("Certify again" if found else "Certify"),
            icon=":material/verified:",
            on_click=st.session_state.__setitem__,
            args=(_PLAN, True),
        )
