"""A finished English sentence, recognized by a line of a table and said in its language.

The rooms below the pages speak English alone: what they say is stored, logged and printed. So a
line of a table is a pattern, as `{n} of {n2} answered`, that finds what stands in its places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from annotator.ui.words.table import DATES, SCRIPTS, TABLES, Table

PLACE = re.compile(r"\{([a-z_]+)(\d*)(?::([^{}|]*)\|([^{}|]*))?\}")
NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?(?:[ \N{NO-BREAK SPACE}]?%)?"
# What a place may hold, by its name; whatever else it is called: words of the same sentence
MAY_BE = {"n": NUMBER, "name": r".*?", "more": r".*?"}
WORDS = r"(?:(?![.!?] [A-Z\d“']).)*?"
ENDS = re.compile(r"( · |\s*\n(?:[-*] |\d+\. )?|(?<=[.!?…])\s+(?=\S))")  # between sentences


class _Line:
    """A line of a table that has places."""

    def __init__(self, english: str, said: str) -> None:
        self.english, self.said = english, said
        fixed = PLACE.split(english)[::5]  # four groups to a place
        self.longest = max(fixed, key=len)  # found in a text far sooner than the pattern
        self.weight = sum(map(len, fixed))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made once it is asked for: a page needs a few of hundreds."""
        at, pattern = 0, ""
        for place in PLACE.finditer(self.english):
            kind = MAY_BE.get(place[1], WORDS)
            fixed = re.escape(self.english[at : place.start()])
            pattern += f"{fixed}(?P<{place[1]}{place[2]}>{kind})"
            at = place.end()
        return re.compile(pattern + re.escape(self.english[at:]), re.DOTALL)


class Reader:
    """What one table knows."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.exact = table.lines
        lines = [
            _Line(english, said)
            for name, part in table.parts.items()
            if name not in (SCRIPTS, DATES)  # filled by whoever looks them up
            for english, said in part.items()
            if "{" in english
        ]
        self.lines = sorted(lines, key=lambda each: -each.weight)  # the most telling first

    def read(self, text: str) -> str:
        """The text in the language, sentence by sentence; one without a line stays English."""
        core = text.strip()
        start = text.find(core)
        said = "".join(
            f"{english if said is None else said}{end}" for english, said, end in self.parted(core)
        )
        return f"{text[:start]}{said}{text[start + len(core) :]}"

    def parted(self, text: str) -> Iterator[tuple[str, str | None, str]]:
        """Parts of the text, as long as one line knows; each in the language, and its end.

        A part that no line knows is one sentence, with None.
        """
        pieces = ENDS.split(text)  # sentences, and between them their ends
        while pieces:
            for stop in range(len(pieces), 0, -2):
                english = "".join(pieces[:stop])
                if (found := self._whole(english)) is not None:
                    break
            yield english, found, "".join(pieces[stop : stop + 1])
            pieces = pieces[stop + 1 :]

    def _whole(self, text: str) -> str | None:
        """All of the text by one line; None where no line knows it."""
        if text in self.exact:
            return self.exact[text]
        if re.fullmatch(NUMBER, text):
            return self.table.number(text)
        for line in self.lines:
            if line.longest in text and (found := line.pattern.fullmatch(text)):
                return self._filled(line.said, found.groupdict())
        return None

    def _filled(self, said: str, held: dict[str, str]) -> str:
        def fill(place: re.Match[str]) -> str:
            text = held[place[1] + place[2]]
            if place[3] is not None:  # `{images:Bild|Bildern}`: the number, and its noun
                number = text.split(" ")[0]
                return f"{self.table.number(number)} {place[3] if number == '1' else place[4]}"
            return text if place[1] == "name" else self.read(text)

        return PLACE.sub(fill, said)


READERS = {code: Reader(table) for code, table in TABLES.items()}


@lru_cache(maxsize=4096)
def said(text: str, code: str) -> str:
    """An English text in the language of that code."""
    return READERS[code].read(text) if code in READERS else text
