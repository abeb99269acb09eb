"""Whether a certified export proves what it says: every step, recomputed from its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotator.export.proof import after, before, onward, record
from annotator.export.proof.record import Exported, NotChecked

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
    "release": after.release,
    "human labels": after.human_labels,
    "images": after.images,
}
# What evidence without a field, or with another thing in its place, runs into
GARBLED = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a verification."""

    name: str
    holds: bool | None  # none: it could not be checked here
    told: str  # what it says, or what is wrong


def verify(export: Path) -> list[Step]:
    """Check every step; the certificate stands where all of them hold.

    It needs Python alone, and NumPy for the step `draw`, but where groups are drawn. It shows that
    an export agrees with itself: whoever makes up all of it at once could make that agree too. The
    hash of the plan, told to somebody before the audit, is what rules that out.

    Raises:
        ExportError: there is no certificate, or nothing that can be read.
    """
    found = record.read(export)
    return [_step(name, check, found) for name, check in STEPS.items()]


def _step(name: str, check: Callable[[Exported], Iterator[str]], export: Exported) -> Step:
    problems: list[str] = []
    try:
        problems.extend(check(export))
    except NotChecked as problem:
        if not problems:
            return Step(name, None, f"{problem}.")
    except GARBLED as problem:
        problems.append(f"the evidence cannot be followed here ({problem!r})")
    if not problems:
        return Step(name, True, " ".join((check.__doc__ or "").splitlines()[0].split()))
    more = f"; and {len(problems) - NAMED:,} more" if len(problems) > NAMED else ""
    told = "; ".join(problems[:NAMED])
    return Step(name, False, f"{told[0].upper()}{told[1:]}{more}.")
