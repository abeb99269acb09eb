"""The exports that lie in the workspace, each with a button that downloads it."""

from __future__ import annotations

import streamlit as st

from annotator.service import Service
from annotator.ui.parts.text import moment, plain
from annotator.ui.words.language import _


def downloads(service: Service) -> None:
    """List them, the newest first."""
    found = service.exports()
    if not found:
        return
    st.subheader(_("Download"))
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.link_button(
                plain(f"{each.name}.zip"),
                service.download_url(each.name),
                icon=":material/download:",
            )
            st.caption(plain(_(moment(each.at))), width="content")
    st.caption(
        _("They lie in the workspace’s folder `exports`, until somebody deletes them there.")
    )
