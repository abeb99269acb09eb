"""Numbers as pages and command line write them alike."""

from __future__ import annotations


def percent(share: float) -> str:
    """`93.4 %`, in one piece at the end of a line."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"
