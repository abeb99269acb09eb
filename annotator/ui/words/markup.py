"""The fixed markup of a component in another language: its texts, and what attributes say."""

from __future__ import annotations

import re
from html import escape

from annotator.ui.words.reading import said

# Our own files, which have no `>` within a tag
_TEXT = re.compile(r">([^<>]+)<")
_TOLD = re.compile(r'\b(title|aria-label|placeholder|alt)="([^"]+)"')


def spoken(html: str, code: str) -> str:
    """The markup, with all that a person reads or hears in the language of that code."""
    html = _TEXT.sub(lambda text: f">{said(text[1], code)}<", html)
    return _TOLD.sub(lambda told: f'{told[1]}="{escape(said(told[2], code))}"', html)


def texts(html: str) -> list[str]:
    """All that a person reads or hears of a markup."""
    return [each.strip() for each in _TEXT.findall(html) if each.strip()] + [
        each for _, each in _TOLD.findall(html)
    ]
