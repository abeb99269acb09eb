"""An access token in the address, once: it becomes a cookie that scripts cannot read and ends."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from typing_extensions import override

from annotator.ui.gate.visitors import SESSION_SECONDS, Shown, Visitor, Way

PARAMETER = "token"
_COOKIE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{16})\.([0-9a-f]{64})")  # until, chance, HMAC


class Token(Way):
    """Holders of one token; the cookie is signed with it, so that a new token ends all sessions."""

    sentence = (
        "Open the address that was printed when the server started: it holds the access token. "
        "A session ends after twelve hours; your answers wait in this browser."
    )

    def __init__(self, token: str) -> None:
        self._token = token
        self._key = hmac.digest(token.encode(), b"certilabel session", "sha256")
        # Browsers share cookies between ports: another server must have another name
        self.cookie = f"certilabel-{sha256(self._key).hexdigest()[:12]}"

    @override
    def visitor(self, shown: Shown) -> Visitor | None:
        found = _COOKIE.fullmatch(shown.cookies.get(self.cookie, ""))
        if not found or not hmac.compare_digest(found[3], self._signed(found[1], found[2])):
            return None
        until = float(found[1])
        return Visitor(None, until, browser=found[2]) if until > time.time() else None

    @override
    def answer(self, request: HTTPConnection) -> Response | None:
        """Where the address holds the right token: the same without it, and the cookie."""
        if request.scope["type"] != "http" or request.scope["method"] not in ("GET", "HEAD"):
            return None
        query = parse_qsl(request.url.query, keep_blank_values=True)
        given = [value for name, value in query if name == PARAMETER]
        if len(given) != 1 or not self._right(given[0]):
            return None
        rest = urlencode([(name, value) for name, value in query if name != PARAMETER])
        # One slash: an address that begins with two leads to another host
        path = "/" + quote(request.scope["path"].lstrip("/\\"))
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        answer.headers["Cache-Control"] = "no-store"
        answer.set_cookie(
            self.cookie,
            self.session(),
            max_age=SESSION_SECONDS,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",  # with "strict", a link from a message would be refused
        )
        return answer

    def session(self) -> str:
        """A new session, as its cookie says it."""
        until, chance = str(int(time.time()) + SESSION_SECONDS), secrets.token_hex(8)
        return f"{until}.{chance}.{self._signed(until, chance)}"

    def _signed(self, until: str, chance: str) -> str:
        return hmac.new(self._key, f"{until}.{chance}".encode(), "sha256").hexdigest()

    def _right(self, given: str) -> bool:
        """Whether it is the token, in a time that does not depend on how much of it is right."""
        left, right = given.encode(errors="replace"), self._token.encode()
        return hmac.compare_digest(sha256(left).digest(), sha256(right).digest())
