"""The table of a language, read from its file: what a page says in English, and the same in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENGLISH = "en"  # what the code says: it needs no table
SCRIPTS = "scripts"  # the part of a table that the scripts of pages look up by themselves
DATES = "dates"  # the part that only dates are written by


@dataclass(frozen=True, slots=True)
class Table:
    """One language."""

    code: str  # as browsers and the attribute `lang` call it, such as "de"
    name: str  # in itself, such as "Deutsch"
    thousands: str  # the sign between them
    decimal: str  # the sign before the decimals
    parts: Mapping[str, Mapping[str, str]]  # part of the table -> English -> the language

    @property
    def lines(self) -> dict[str, str]:
        """All of it, whatever the part."""
        return {english: said for part in self.parts.values() for english, said in part.items()}

    def number(self, text: str) -> str:
        """An English number such as `1,234.5`, as the language writes it."""
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})


def read(path: Path) -> Table:
    """Read a table from its file, whose part `language` tells how it writes numbers."""
    parts = tomllib.loads(path.read_text(encoding="utf-8"))
    about = parts.pop("language")
    return Table(**about, parts=parts)


TABLES: Mapping[str, Table] = {each.code: each for each in map(read, sorted(HERE.glob("*.toml")))}
NAMES = {ENGLISH: "English", **{code: each.name for code, each in TABLES.items()}}
