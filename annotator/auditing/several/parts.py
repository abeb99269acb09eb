"""The parts of a plan: the order of each class behind that of the one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssl_core.measure.certificate.subsets import Planned


@dataclass(frozen=True, slots=True)
class Part:
    """The ranks of one class in the frozen order, and the chain that is planned for them."""

    name: str  # of the class
    start: int  # rank of its first row
    rows: int
    chain: Planned

    @property
    def end(self) -> int:
        """The rank behind its last row."""
        return self.start + self.rows

    def own(self, ranks: Sequence[int]) -> list[int]:
        """Those of these ranks that are of this class, counted from its first row."""
        return [rank - self.start for rank in ranks if self.start <= rank < self.end]


def parts_of(plan: Mapping[str, Any]) -> list[Part]:
    """The parts of a plan of several classes, in its order; none of any other plan."""
    found, start = list[Part](), 0
    for each in plan.get("parts", ()):
        less = int(each["m"]) if plan["strict"] else 0
        chain = Planned(each["M"], each["m"], each["c0"], each["cf"], less)
        found.append(Part(each["class"], start, each["population"], chain))
        start = found[-1].end
    return found


def spans(evidence: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The ranks that an audit released: from each first one up to, and without, the last."""
    parts = parts_of(evidence["plan"])
    if not parts:
        return [(0, evidence["k"])]
    return [
        (part.start, part.start + found["k"])
        for part, found in zip(parts, evidence["parts"], strict=True)
    ]
