"""What a cell says: numbers are one class however they are written, and text stays text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import numpy as np

# As a program writes a number: `01` and `1e5` are names, not numbers
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
WHOLE = re.compile(r"(-?[0-9]+)\.0+")
NO_NUMBER = "nan"
KINDS: dict[type, str] = {list: "a list", dict: "several values", bytes: "bytes"}


class Numeric:
    """Whether a column of text holds numbers alone: then `0.0` and `0` are one."""

    def __init__(self) -> None:
        self.numbers = True
        self.found = 0
        self.example = ""  # a number that is read as another text

    def see(self, text: str) -> None:
        """Look at one cell."""
        if not text or not self.numbers or text.lower() == NO_NUMBER:
            return
        self.numbers = bool(NUMBER.fullmatch(text))
        self.found += 1
        if not self.example and _plain(text) != text:
            self.example = text

    @property
    def changes(self) -> bool:
        """Whether a number stands there that is read as another text."""
        return self.numbers and bool(self.example)

    def read(self, text: str) -> str:
        """The cell, `1.0` as `1` and nan as nothing where all others are such numbers."""
        if not self.changes:
            return text
        return "" if text.lower() == NO_NUMBER else _plain(text)

    @property
    def note(self) -> str:
        """What was done, in words."""
        return f"holds numbers alone, so {self.example} is read as {_plain(self.example)}"


def _plain(number: str) -> str:
    whole = WHOLE.fullmatch(number)
    if not whole:
        return number
    return "0" if whole[1] == "-0" else whole[1]


class Unfit(str):
    """Stands in a cell for what is neither text nor a number, and says what it is."""

    __slots__ = ()


def text_of(value: object) -> str:
    """The text of a value that has a type: 1.0 is `1`, and null and NaN are nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, (bool, int, date)):
        return str(value)
    if isinstance(value, (float, Decimal, np.floating)):
        if value != value:  # NaN
            return ""
        return str(int(value)) if value == value // 1 else str(value)
    return Unfit(f"{KINDS.get(type(value), type(value).__name__)}, not text or a number")


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return Unfit("half a letter, which no text can have")
    return text
