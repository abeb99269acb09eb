"""The one place where the language is chosen, and what remembers it: a cookie of this browser."""

from __future__ import annotations

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from annotator.ui.words.language import COOKIE, _, language
from annotator.ui.words.table import ENGLISH, NAMES

_YEAR = 365 * 86_400  # seconds
_PLAIN = ' style="color:inherit"'  # a browser's own blue is hard to read on dark

# Screen readers speak by it, and browsers break words by it
_attribute = st.components.v2.component(
    "certilabel_language",
    html="<span hidden></span>",
    js="export default ({ data }) => { document.documentElement.lang = data; };",
)


def tell_browser() -> None:
    """Say to the browser in which language the page is; it takes it for English otherwise."""
    if language() != ENGLISH:
        _attribute(key="language_of_page", data=language())


def choice() -> None:
    """Draw the languages, each by its own name; a click on one is remembered by this browser."""
    now = language()
    each = (
        f"<strong>{name}</strong>"
        if code == now
        else f'<a href="language?is={code}" target="_self" lang="{code}"{_PLAIN}>{name}</a>'
        for code, name in NAMES.items()
    )
    st.html(f'<nav aria-label="{_("Language")}">{_("Language")}: {" · ".join(each)}</nav>')


def choose(request: Request) -> Response:
    """Answer `/language?is=de`: remember it, and go back to the page where it was chosen."""
    answer = RedirectResponse("./settings", status_code=303)
    wanted = request.query_params.get("is", "")
    if wanted in NAMES:
        answer.set_cookie(COOKIE, wanted, max_age=_YEAR, httponly=True, samesite="lax")
    return answer


# Streamlit adds its `server.baseUrlPath` to its own routes alone: `below` is that path, or empty.
CHOOSING = Route("/{below:path}language", choose)
