"""Altair, and nothing that it never needs: who draws a chart takes it from here.

The reader of its schemas takes along what checks addresses in all scripts, where that is installed,
as it is beside Jupyter. That builds a grammar for seconds, and no chart has such an address.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_CHECKS_ADDRESSES = "rfc3987_syntax"


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """Let nobody find a module meanwhile."""
    found = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own mark of what is not there
    try:
        yield
    finally:
        del sys.modules[name]
        if found is not None:
            sys.modules[name] = found


with _absent(_CHECKS_ADDRESSES):
    import altair as alt

__all__ = ["alt"]
