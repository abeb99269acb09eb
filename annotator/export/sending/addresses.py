"""Addresses of exports that carry their own permission, as those of images do."""

from __future__ import annotations

import hmac
import time
from urllib.parse import urlencode

HOUR = 3600


def address(secret: bytes, name: str) -> str:
    """Where a browser finds an export, below the app; it is good for one to two hours."""
    until = (int(time.time()) // HOUR + 2) * HOUR
    return "download?" + urlencode(
        {"export": name, "until": until, "sig": _sign(secret, name, until)}
    )


def allows(secret: bytes, name: str, until: str, signature: str) -> bool:
    """Whether an address was made here, for this export, and has not expired."""
    if not (until.isascii() and until.isdecimal() and len(until) < 19):
        return False
    wanted = _sign(secret, name, int(until))
    good = hmac.compare_digest(wanted.encode(), signature.encode(errors="replace"))
    return good and int(until) > time.time()


def _sign(secret: bytes, name: str, until: int) -> str:
    # No image's address and no page's ticket is the same text
    message = f"export:{until}:{name}".encode(errors="replace")
    return hmac.new(secret, message, "sha256").hexdigest()[:32]
