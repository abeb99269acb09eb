"""The parts of a certificate: one of each class that it speaks of, or one of all pseudo-labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from annotator.export.proof.arithmetic import Audit, by_group, cut
from annotator.export.proof.record import CannotFollow, Exported, Fields

EXPERT = Fraction(1, 5)  # of the level, for the bound on what the expert misses


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of the order, what is planned for them, and what is claimed of them."""

    name: str  # of the class; none where it is of all
    start: int  # rank of its first row
    planned: Fields
    found: Fields

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self.planned["population"])

    @property
    def end(self) -> int:
        """The rank behind its last row."""
        return self.start + self.rows

    def own(self, ranks: Sequence[int]) -> list[int]:
        """Those of these ranks that are of it, counted from its first row."""
        return [rank - self.start for rank in ranks if self.start <= rank < self.end]


def parts(export: Exported) -> list[Part]:
    """The parts in the order of the plan.

    Raises:
        CannotFollow: there is not one claim for each class, or it is of another one.
    """
    plan, evidence = export.plan, export.evidence
    if "parts" not in plan:
        return [Part("", 0, plan, evidence)]
    if [each["class"] for each in plan["parts"]] != [each["class"] for each in evidence["parts"]]:
        raise CannotFollow("the classes that are claimed are not those that were planned")
    found, start = list[Part](), 0
    for planned, told in zip(plan["parts"], evidence["parts"], strict=True):
        found.append(Part(planned["class"], start, planned, told))
        start = found[-1].end
    return found


def less(export: Exported, part: Part) -> int:
    """How many rows the promise leaves out, since somebody looks at them: all of them in strict."""
    known = len(export.plan["known"])
    return known + int(part.planned["m"]) if export.plan["strict"] else 0


def chances(export: Exported) -> tuple[Fraction, Fraction]:
    """With what share of wrong rows, and at what level, all is tested."""
    epsilon, level = 1 - Fraction(export.plan["target"]), Fraction(export.plan["spent"][-1])
    beta = export.evidence["expert"]["beta"]
    if beta is None:
        return epsilon, level
    return epsilon * (1 - Fraction(beta)), (1 - EXPERT) * level


def audit(export: Exported, part: Part, level: Fraction) -> Audit:
    """The audit of a part at a level.

    Raises:
        CannotFollow: more rows were drawn from than there are, or so many cannot be drawn.
    """
    if part.planned["M"] > part.rows or part.end > len(export.order):
        raise CannotFollow("more rows were drawn from than there are")
    place = {row.id: row.rank for row in export.order}
    known = export.plan["known"]
    return Audit(
        part.planned["M"],
        part.planned["m"],
        chances(export)[0],
        level,
        known=[int(place[each["id"]] or 0) for each in known],
        wrong=[int(place[each["id"]] or 0) for each in known if each["wrong"]],
        less=less(export, part),
        after=export.plan.get("after", 0),
    )


def drawn(export: Exported) -> list[int]:
    """The ranks that the seed draws where an average group is promised, draw by draw.

    Raises:
        CannotFollow: so often cannot be drawn.
    """
    plan = export.plan
    return by_group(int(export.evidence["seed"]), plan["groups"], plan["m"])


def average(export: Exported) -> dict[str, int]:
    """Of how many groups rows are drawn, how many draws may be wrong, and how many are."""
    errors = {row["rank"] for row in export.evidence["rows"] if row["wrong"]}
    ranks = drawn(export)
    return {
        "groups": len({*export.plan["groups"]}),
        "cut": cut(len(ranks), *chances(export)),
        "wrong": sum(rank in errors for rank in ranks),
    }


def held(export: Exported) -> Iterator[tuple[Part, Fraction, list[int], int]]:
    """Every part with the level at which it was tested last, its gates there, and what it releases.

    Of one part the level is that of the attempt. Several begin with equal parts of it; once some
    have released all that they drew from, it is shared by those that are left (Holm, 1979). What
    is tested, and in which order, is fixed at the first. An average group has one test, no gate.
    """
    found, level = parts(export), chances(export)[1]
    if export.plan.get("by"):
        counted = average(export)
        passes = counted["wrong"] <= counted["cut"]
        yield found[0], level, [], found[0].planned["M"] if passes else 0
        return
    errors = [row["rank"] for row in export.evidence["rows"] if row["wrong"]]
    first = [audit(export, each, level / len(found)) for each in found]
    told: dict[int, tuple[Fraction, list[int], int]] = {}
    left = [*range(len(found))]
    while left:
        now = level / len(left)
        for place in left:
            part, tried = found[place], first[place]
            if len(left) < len(found):
                tried = audit(export, part, now)
            planned, order = part.planned, first[place].gates()
            k = tried.released(part.own(errors), planned["c0"], planned["cf"], order)
            told[place] = now, tried.gates(), k
        still = [place for place in left if told[place][2] < found[place].planned["M"]]
        if len(still) == len(left):
            break
        left = still
    for place, part in enumerate(found):
        yield part, *told[place]
