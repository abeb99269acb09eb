"""What a run of the crash tests counted: kills, tries, and what was lost, let in or stuck."""

from __future__ import annotations

from collections.abc import Mapping

COUNTS = "counts"  # the name under which the report of a test has them
BAD = ("lost", "let in", "stuck")  # of these, every row has one, and it is 0


class Counts:
    """Numbers by name in the order in which they were first counted, and measures as text."""

    def __init__(self) -> None:
        self.numbers: dict[str, int | str] = {}

    def add(self, **numbers: int) -> None:
        """Add to what was counted; an underscore in a name is a blank on the page."""
        self.and_those({name.replace("_", " "): number for name, number in numbers.items()})

    def measured(self, name: str, text: str) -> None:
        """Set a number that is no count, with its unit."""
        self.numbers[name] = text

    def and_those(self, others: Mapping[str, int | str]) -> None:
        """Add what another test counted; of measures the last one stands."""
        for name, new in others.items():
            old = self.numbers.get(name, 0)
            both = isinstance(new, int) and isinstance(old, int)
            self.numbers[name] = old + new if both else new

    def __bool__(self) -> bool:
        return bool(self.numbers)

    def __str__(self) -> str:
        return told(self.numbers)


def told(numbers: Mapping[str, int | str]) -> str:
    """Numbers as the page has them: counts, then measures; what must be 0 comes last."""
    counts = {name: each for name, each in numbers.items() if isinstance(each, int)}
    good = [f"{number:,} {name}" for name, number in counts.items() if name not in BAD]
    bad = [f"{number:,} {name}" for name, number in counts.items() if name in BAD]
    measures = [f"{name} {text}" for name, text in numbers.items() if isinstance(text, str)]
    return ", ".join([*good, *measures, *bad])
