"""Text cells that a spreadsheet would run as a formula: marked as text, and given back."""

from __future__ import annotations

import re

MARKED = "marked"  # the column that a table has, and its cells, where text was marked

# The start of a cell, also where a spreadsheet parts cells at other marks than we do; blanks and
# quotation marks that it passes over; marks of ours; and what makes a formula.
_START = r"(^|[;,|\t\r\n])([ \"]*)"
_FORMULA = "(?=[=+\\-@\t\r\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
_FORMULA += "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}])"
_TO_MARK = re.compile(f"{_START}('*){_FORMULA}")
_MARKED = re.compile(f"{_START}'('*){_FORMULA}")


def marked(text: str) -> str:
    """The text with an apostrophe before what would be a formula: `=1+1` becomes `'=1+1`.

    Text that begins so already gets one more, so that `unmarked` always gives the text back.
    """
    return _TO_MARK.sub(r"\1\2'\3", text)


def unmarked(text: str) -> str:
    """The text before `marked` had it."""
    return _MARKED.sub(r"\1\2\3", text)
