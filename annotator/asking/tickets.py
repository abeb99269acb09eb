"""A ticket: with it an open page says that it lives, or that it closes, without a session."""

from __future__ import annotations

import hmac
import time

from annotator.model import Ticket

HOUR = 3600


def ticket(secret: bytes, client: str, annotator: str) -> Ticket:
    """A ticket that is good for one to two hours, and stays the same for one."""
    until = (int(time.time()) // HOUR + 2) * HOUR
    return Ticket(client, annotator, until, _sign(secret, client, annotator, until))


def good(secret: bytes, shown: Ticket) -> bool:
    """Whether a ticket was made here and has not expired."""
    wanted = _sign(secret, shown.client, shown.annotator, shown.until)
    return shown.until > time.time() and hmac.compare_digest(wanted.encode(), shown.sig.encode())


def _sign(secret: bytes, client: str, annotator: str, until: int) -> str:
    # Each part by its length: no two tickets are one text, and none is the text of an address
    message = f"page:{until}:{len(client)}:{client}:{annotator}".encode()
    return hmac.new(secret, message, "sha256").hexdigest()[:32]
