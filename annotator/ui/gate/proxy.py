"""A proxy on this machine has asked who it is, and says it in a header."""

from __future__ import annotations

import time

from typing_extensions import override

from annotator.ui.gate.visitors import Shown, Visitor, Way

LOOK_AGAIN = 3600  # seconds until an open page connects anew, by way of the proxy
LONGEST_NAME = 200  # characters


class Proxy(Way):
    """Believes one header, which on a loopback address nobody but this machine can send."""

    local = True
    sentence = "You are not signed in. Open this page by way of the login that stands before it."

    def __init__(self, header: str) -> None:
        self._header = header.lower()

    @override
    def visitor(self, shown: Shown) -> Visitor | None:
        """Who the header names; none if it is there twice: one of them is the visitor's own."""
        headers = shown.headers
        named = [_text(value).strip() for name, value in headers if name.lower() == self._header]
        if len(named) != 1 or not named[0].isprintable():
            return None
        name = named[0]
        return Visitor(name, time.time() + LOOK_AGAIN) if 0 < len(name) <= LONGEST_NAME else None


def _text(value: str) -> str:
    """A name as its proxy meant it: most write UTF-8, and a header is read byte by byte."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
