"""The page script: open the workspace, offer its pages, run the chosen one."""

import streamlit as st

from annotator.errors import NotAllowedError, StoreError, WorkspaceError
from annotator.ui.pages import (
    data,
    export,
    label,
    missing,
    quality,
    review,
    rounds,
    settings,
    settle,
    start,
)
from annotator.ui.parts.links import remember
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.choosing import tell_browser
from annotator.ui.words.language import _

# A tick, drawn here: a named icon would be fetched from elsewhere.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<rect width="24" height="24" rx="6" fill="#0f766e"/>'
    '<path d="M6 12.5l4 4 8-9" fill="none" stroke="#fff" stroke-width="2.5"/></svg>'
)

st.set_page_config(page_title="Certilabel", page_icon=_ICON, layout="wide")
st.html(
    "<style>.stMainBlockContainer{padding:3.75rem 2rem 1rem}"
    "@media(max-width:640px){.stMainBlockContainer{padding:3.75rem .75rem 1rem}}"
    # White on the dark theme's lighter green would stand out 3 to 1
    '.stApp button[kind^="primary"]:enabled{background:#0f766e;border-color:#0f766e}'
    '.stApp button[kind^="primary"]:enabled:hover{background:#0b5f59}</style>'
)


_LONGEST = 24  # characters of a workspace's name in the row of pages


def _pages(name: str) -> dict[str, st.Page]:
    """The pages by name, in the order of their row; Start has the workspace's name there.

    Label is what opens all the same: who labels every day is asked at once.
    """
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return {
        "Start": st.Page(start.page, title=plain(short), icon=":material/home:", url_path="start"),
        "Label": st.Page(
            label.page, title=_("Label"), icon=":material/label:", url_path="label", default=True
        ),
        "Rounds": st.Page(
            rounds.page, title=_("Rounds"), icon=":material/model_training:", url_path="rounds"
        ),
        "Quality": st.Page(
            quality.page, title=_("Quality"), icon=":material/fact_check:", url_path="quality"
        ),
        "Review": st.Page(
            review.page, title=_("Review"), icon=":material/rule:", url_path="review"
        ),
        "Data": st.Page(
            data.page, title=_("Data"), icon=":material/photo_library:", url_path="data"
        ),
        "Settle": st.Page(
            settle.page, title=_("Settle"), icon=":material/balance:", url_path="settle"
        ),
        "Export": st.Page(
            export.page, title=_("Export"), icon=":material/download:", url_path="export"
        ),
        "Settings": st.Page(
            settings.page, title=_("Settings"), icon=":material/tune:", url_path="settings"
        ),
    }


try:
    service = opened()
except StoreError as error:
    missing.broken(str(error))
except WorkspaceError as error:
    missing.page(str(error))
except NotAllowedError as error:
    st.error(plain(_(str(error))), icon=":material/lock:")
else:
    pages = _pages(service.name)
    remember(pages)
    chosen = st.navigation([*pages.values()], position="top")
    here = _("Start") if chosen is pages["Start"] else chosen.title
    st.set_page_config(page_title=f"{here} · {service.name}")  # many tabs are told by their names
    with errors_in_words(), service.requested():
        chosen.run()
    tell_browser()
