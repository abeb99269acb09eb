"""Attempts: what those before have spent, and what was declared before the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from annotator.errors import AnnotatorError
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Terms
from annotator.store import Store
from ssl_core.measure.certificate.attempts import any_of, levels

MOST = 5  # retries that can be declared: the last of six levels is a 3,000th already


@dataclass(frozen=True, slots=True)
class Turn:
    """The attempt that is next."""

    before: tuple[Audit, ...]  # those that were drawn, whatever became of them
    declared: tuple[Fraction, ...]  # levels of it and of those that were declared with it
    place: int  # which of these it is, from 1

    @property
    def level(self) -> Fraction:
        """The chance that it may be false by itself."""
        return self.declared[self.place - 1]

    @property
    def spent(self) -> list[str]:
        """The level of each attempt, this one last."""
        return [*(each.plan["spent"][-1] for each in self.before), str(self.level)]

    @property
    def false_at_most(self) -> Fraction:
        """The chance that any of the attempts is false, this one among them."""
        return any_of(self.spent)


def check(retries: int) -> None:
    """Raise AnnotatorError where so many retries cannot be declared."""
    if not 0 <= retries <= MOST:
        raise AnnotatorError(f"{retries:,} retries cannot be declared: give 0 to {MOST}.")


def upcoming(store: Store, terms: Terms) -> Turn:
    """Return the next attempt: a retry that was declared for the same promise, else a new one.

    Raises:
        AnnotatorError: other retries were declared for the same promise and are not used up.
    """
    before = tuple(drawn(store))
    for audit in reversed(before):
        declared, place = declared_with(audit)
        if not _same(audit, terms, declared):
            continue
        if place == len(declared):
            break  # all are spent: a new promise, on top
        if terms.retries not in (0, len(declared) - 1):
            raise AnnotatorError(
                f"{len(declared) - 1:,} retries were declared for this promise, of which "
                f"{len(declared) - place:,} are left: their number stands since the first "
                "attempt. Leave `--retries` out to use the next of them."
            )
        return Turn(before, declared, place + 1)
    return Turn(before, tuple(levels(terms.delta, terms.retries)), 1)


def drawn(store: Store) -> list[Audit]:
    """The attempts whose seed was drawn; to go on from one costs no chance and is none."""
    return [
        each
        for each in store.audits.all()
        if each.seed is not None and not each.plan.get("extends")
    ]


def earlier(store: Store, audit: Audit) -> list[dict[str, Any]]:
    """The plans of the attempts before an audit, which its own plan names by their hashes."""
    named = audit.plan.get("earlier", [])
    plans = {each.plan_hash: dict(each.plan) for each in store.audits.all()}
    return [plans[each] for each in named]


def declared_with(audit: Audit) -> tuple[tuple[Fraction, ...], int]:
    """The levels that were declared with an audit, itself among them, and its place from 1."""
    plan = audit.plan
    declared = plan.get("declared") or [plan["spent"][-1]]
    return tuple(Fraction(each) for each in declared), plan.get("turn", 1)


def _same(audit: Audit, terms: Terms, declared: tuple[Fraction, ...]) -> bool:
    """Whether an audit was about the same promise."""
    plan = audit.plan
    return (
        Fraction(plan["target"]) == Fraction(terms.target)
        and plan["strict"] == terms.strict
        and (plan.get("class") or "") == terms.of
        and (plan.get("by") or "") == terms.by
        and tuple(each["class"] for each in plan.get("parts", ())) == terms.each
        and sum(declared) == terms.delta
    )
