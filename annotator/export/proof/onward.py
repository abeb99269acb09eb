"""Going on from an earlier release: the audit before released all that it drew from, and holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from annotator.export.proof import after, before, exported
from annotator.export.proof.record import Exported, Fields

# Of the audit before; what was released of it is the business of the one that goes on
CHECKS: tuple[Callable[[Exported], Iterator[str]], ...] = (
    before.plan,
    before.times,
    before.order,
    before.pseudo_labels,
    before.draw,
    after.known,
    after.answers,
    after.gates,
    after.chain,
    after.claims,
    exported.human_labels,
)
SAME = (
    "task", "attempt", "spent", "declared", "turn", "target", "strict", "class", "by",
    "population", "order_hash", "labels_hash", "model_hash",
)  # fmt: skip


def extension(export: Exported) -> Iterator[str]:
    """Where it goes on from another audit, that one released all of its rows, and holds itself.

    Raises:
        NotChecked: NumPy is not installed.
    """
    plan, found = export.plan, export.evidence.get("extends")
    if plan.get("extends") is None:
        if found is not None or plan.get("after"):
            yield "rows are taken for released that no audit has released"
        return
    if not isinstance(found, dict):
        yield "the evidence of the audit before is not there"
        return
    base = replace(export, evidence=found)
    yield from _fits(plan, base)
    for check in (*CHECKS, extension):
        yield from (f"of the audit before: {problem}" for problem in check(base))


def _fits(plan: Fields, base: Exported) -> Iterator[str]:
    """Whether an audit can go on from the one before."""
    if base.evidence["plan_hash"] != plan["extends"]:
        yield "the audit before is not the one whose hash the plan has"
    if other := [name for name in SAME if base.plan.get(name) != plan.get(name)]:
        yield f"the audit before was about something else ({', '.join(other)})"
    if not base.evidence["k"] == base.plan["M"] == plan["after"]:
        yield "the audit before did not release all of the rows that it drew from"
    closed, planned = base.evidence["closed_at"], plan["planned_at"]
    if datetime.fromisoformat(closed) > datetime.fromisoformat(planned):
        yield "the plan was written before the audit before it was closed"
    known = {each["id"] for each in plan["known"]}
    if not {row["id"] for row in base.evidence["rows"]} <= known:
        yield "a row that the audit before asked about is not among the known ones"
