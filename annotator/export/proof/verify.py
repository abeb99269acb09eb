"""Whether a certified export proves what it says: every step, recomputed from its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.export.proof import after, before, exported, files, form, onward, record
from annotator.export.proof.record import CannotFollow, Exported, NotChecked

NAMED = 3  # problems of a step that are told

# In this order: what was fixed before, then what follows. Each yields what is wrong
STEPS: dict[str, Callable[[Exported], Iterator[str]]] = {
    "plan": before.plan,
    "attempts": before.attempts,
    "times": before.times,
    "order": before.order,
    "pseudo-labels": before.pseudo_labels,
    "splits": before.splits,
    "model": before.model,
    "draw": before.draw,
    "known rows": after.known,
    "extension": onward.extension,
    "answers": after.answers,
    "expert": after.expert,
    "classes": after.classes,
    "gates": after.gates,
    "chain": after.chain,
    "claims": after.claims,
    "sources": exported.sources,
    "release": exported.release,
    "human labels": exported.human_labels,
    "images": files.images,
}
# What lies beside what a step checks: how much of it there is, in words too
UNCHECKED: dict[str, Callable[[Exported], tuple[int, str]]] = {
    "release": exported.by_hand,
    "human labels": exported.beside,
    "images": files.rewritten,
}
# What numbers that do not go together run into, though each has its form
GARBLED = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a verification."""

    name: str
    holds: bool | None  # none: it could not be checked here
    told: str  # what it says, or what is wrong; and what it does not speak of
    unchecked: int = 0  # rows that it does not speak of


def verify(export: Path) -> list[Step]:
    """Check every step; the certificate stands where all of them hold.

    It needs Python alone, and NumPy for the step `draw`, but where groups are drawn. It shows that
    an export agrees with itself: whoever makes up all of it at once could make that agree too. The
    hash of the plan, told to somebody before the audit, is what rules that out.

    Raises:
        ExportError: there is no certificate, nothing that can be read, or a part of the evidence
            is missing or no such thing; it is named.
    """
    found = record.read(export)
    form.check(found)
    return [_step(name, check, found) for name, check in STEPS.items()]


def _step(name: str, check: Callable[[Exported], Iterator[str]], export: Exported) -> Step:
    problems: list[str] = []
    unchecked, beside = 0, ""
    try:
        problems.extend(check(export))
        if name in UNCHECKED:
            unchecked, beside = UNCHECKED[name](export)
    except NotChecked as problem:
        if not problems:
            return Step(name, None, f"{problem}.")
    except CannotFollow as problem:
        problems.append(str(problem))
    except GARBLED:
        problems.append("the evidence cannot be followed here: its parts do not go together")
    if not problems:
        told = " ".join((check.__doc__ or "").splitlines()[0].split())
        return Step(name, True, f"{told} {beside}".rstrip(), unchecked)
    more = f"; and {len(problems) - NAMED:,} more" if len(problems) > NAMED else ""
    told = "; ".join(problems[:NAMED])
    told = f"{told[0].upper()}{told[1:]}{more}. {beside}".rstrip()
    return Step(name, False, told, unchecked)
