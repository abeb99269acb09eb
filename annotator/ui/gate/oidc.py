"""A login by OpenID Connect: Streamlit's own, in front of every route, and with an end.

Streamlit signs what the provider said into a cookie that is good for 30 days and outlives a
logout. Here a session ends after twelve hours, at the logout, and with the server, whose key is new
each time.
"""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from typing_extensions import override

from annotator.ui.gate.hosts import from_elsewhere
from annotator.ui.gate.refusing import page
from annotator.ui.gate.visitors import SESSION_SECONDS, Shown, Visitor, Way

SIGN_IN = "/sign-in"
_LOGOUT = "/auth/logout"
_OPEN = (SIGN_IN, _LOGOUT, "/auth/login", "/oauth2callback")
_COOKIE = "_streamlit_user"
_STAY = (
    "A page of another site asked to sign you out, and you still are signed in. To sign out, "
    "choose Sign out on the page Settings."
)


class Oidc(Way):
    """People whom the provider names; a name is an address that it has verified, or its own id."""

    sentence = (
        "Please sign in. A session ends after twelve hours; your answers wait in this browser."
    )

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}  # sessions that were logged out, and until when to know

    @override
    def visitor(self, shown: Shown) -> Visitor | None:
        raw = _cookie(shown)
        if raw is None or sha256(raw).hexdigest() in self._ended:
            return None
        try:
            claims = json.loads(raw)
            until = float(claims["iat"]) + SESSION_SECONDS
            name = _name(claims)
        except (ValueError, TypeError, KeyError):
            return None
        is_in = claims.get("is_logged_in") is True and until > time.time()
        return Visitor(name, until) if is_in and name else None

    @override
    def answer(self, request: HTTPConnection) -> Response | None:
        """Lead to the provider; and on the way out, note that this session has ended."""
        path = request.scope["path"]
        if path.endswith(SIGN_IN) and request.scope["type"] == "http":
            from streamlit.user_info import generate_login_redirect_url

            to = RedirectResponse(generate_login_redirect_url("default"), 303)
            to.headers["Cache-Control"] = "no-store"
            return to
        if path.endswith(_LOGOUT) and from_elsewhere(request.headers):
            return page(_STAY, 403)
        if path.endswith(_LOGOUT) and (raw := _cookie(Shown.of(request))):
            now = time.time()
            self._ended = {key: until for key, until in self._ended.items() if until > now}
            self._ended[sha256(raw).hexdigest()] = now + SESSION_SECONDS
        return None

    @override
    def passes(self, path: str) -> bool:
        return path in _OPEN

    @override
    def way_in(self, base: str) -> tuple[str, str] | None:
        return base + SIGN_IN, "Sign in"


def _name(claims: dict[str, Any]) -> str:
    """An e-mail address only if the provider has verified it: anyone may type any into a form."""
    if claims.get("email_verified") is True and claims.get("email"):
        return str(claims["email"])
    return f"{claims['iss']}#{claims['sub']}"


def _cookie(shown: Shown) -> bytes | None:
    """What Streamlit has signed into its cookie, perhaps in several pieces; None if nothing."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    def piece(name: str) -> bytes | None:
        value = shown.cookies.get(name)
        signed = value.encode("latin-1", "replace") if value else b""
        return decode_signed_value(get_cookie_secret(), name, signed) if signed else None

    return get_cookie_with_chunks(piece, _COOKIE)
