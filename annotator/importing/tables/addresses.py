"""Addresses in a table, such as https://host/a.png: what is one, and what to call its image."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Two letters or more: `C:\` is a disk. `file://` is a path in other clothes
_ADDRESS = re.compile(r"\s*(?!file:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_address(name: str) -> bool:
    """Whether a row names its image by address and not by path."""
    return bool(_ADDRESS.match(name))


def public(address: str) -> str:
    """The address without what may let others in: a password, or a signature in its query."""
    try:
        parts = urlsplit(address)
    except ValueError:  # it is none after all, which who fetches it says
        return address.partition("?")[0]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
