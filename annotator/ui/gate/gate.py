"""The gate before the app: its layers from the outside in, made from what the server was told."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from annotator.errors import AnnotatorError
from annotator.model import Access
from annotator.service.people.login import provider
from annotator.ui.gate.anyone import Anyone
from annotator.ui.gate.entrance import Entrance
from annotator.ui.gate.headers import SafeHeaders
from annotator.ui.gate.hosts import KnownHosts
from annotator.ui.gate.oidc import Oidc
from annotator.ui.gate.pace import Paced
from annotator.ui.gate.proxy import Proxy
from annotator.ui.gate.token import Token
from annotator.ui.gate.visitors import Shown, Way


@lru_cache(maxsize=1)
def access() -> Access:
    """What this server was told when it started."""
    return Access.read(os.environ)


@lru_cache(maxsize=1)
def way() -> Way:
    """The one way in which visitors of this server show who they are."""
    told = access()
    if told.token:
        return Token(told.token)
    if told.header:
        return Proxy(told.header)
    return Oidc() if told.oidc else Anyone()


def middleware() -> list[Middleware]:
    """The layers. Headers come first, so that refusals have them too."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return [
        Middleware(SafeHeaders),
        Middleware(KnownHosts, access=access()),
        Middleware(Entrance, way=way(), base=f"/{base}" if base else ""),
        Middleware(Paced),
    ]


def login_secrets() -> dict[str, Any]:
    """What Streamlit's login needs to know; nothing where there is another way."""
    if not access().oidc:
        return {}
    # A new key each time: no cookie of before is good any more, also none that was logged out
    return {"auth": {**provider(access().oidc), "cookie_secret": secrets.token_hex(32)}}


def signed_in() -> str | None:
    """The authenticated name of this page's session; None where people show no name.

    Raises:
        AnnotatorError: a name is asked for, and this session has ended.
    """
    shown = Shown(st.context.cookies, [*_headers()])
    visitor = way().visitor(shown)
    if visitor is None:
        raise AnnotatorError(way().sentence)
    return visitor.name


def _headers() -> list[tuple[str, str]]:
    headers = st.context.headers
    return [(name, value) for name in headers for value in headers.get_all(name)]
