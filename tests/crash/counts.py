"""What a run of the crash tests counted: kills, tries, and what was lost, let in or stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

BAD = ("lost", "let in", "stuck")  # of these, every row has one, and it is 0


class Counts:
    """Numbers by name, in the order in which they were first counted."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._measured: dict[str, str] = {}

    def add(self, **numbers: int) -> None:
        """Add to what was counted; an underscore in a name is a blank on the page."""
        for name, number in numbers.items():
            self._numbers[name.replace("_", " ")] += number

    def measured(self, name: str, text: str) -> None:
        """Set a number that is no count, with its unit."""
        self._measured[name] = text

    def and_those(self, other: Counts) -> None:
        """Add what another test counted."""
        self._numbers.update(other._numbers)
        self._measured.update(other._measured)

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def __str__(self) -> str:
        return told(self._numbers, self._measured)


def told(numbers: Mapping[str, int], measured: Mapping[str, str]) -> str:
    """Numbers as the page has them; what must be 0 comes last."""
    good = [f"{number:,} {name}" for name, number in numbers.items() if name not in BAD]
    bad = [f"{number:,} {name}" for name, number in numbers.items() if name in BAD]
    return ", ".join([*good, *(f"{name} {text}" for name, text in measured.items()), *bad])
