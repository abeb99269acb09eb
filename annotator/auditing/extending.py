"""Going on: when all of the rows that were drawn from are released, a new draw goes beyond them.

It costs no chance on top: it is one fixed order of tests, and the new ones come after all others.
Rows that somebody has looked at are known. They count and are no evidence.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotator.auditing import attempts, releasing
from annotator.auditing.closing import terms_of
from annotator.auditing.planning import instant
from annotator.errors import RoundError
from annotator.export.proof import record
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Offer
from annotator.store import Store
from ssl_core.measure.certificate.beyond import beyond
from ssl_core.measure.certificate.pilot import worlds


@dataclass(frozen=True, slots=True)
class Ground:
    """What an extension stands on: the audit before, its rows, and what is known of it."""

    audit: Audit
    rows: int  # of its order
    known: list[dict[str, Any]]  # id, rank and whether it is wrong, by rank
    watermark: int  # the newest label event

    @property
    def left(self) -> int:
        """Pseudo-labels that are not released."""
        return self.rows - int(self.audit.plan["M"])


def ground(store: Store) -> Ground:
    """Return what can be extended.

    Raises:
        ExportError: what the audit was about has changed since.
        RoundError: nothing can be: no audit is closed, it did not release all rows that it drew
            from, it drew from all there are, or another was drawn since.
    """
    drawn = [each for each in store.audits.all() if each.seed is not None]
    audit = drawn[-1] if drawn else None
    if audit is None or audit.evidence is None:
        raise RoundError(
            "There is no certificate to go on from: the newest audit is not closed, or there is "
            "none. Certify first."
        )
    if audit.plan.get("parts"):
        raise RoundError(
            f"Audit {audit.number} was of several classes, and from such a one nothing can be gone "
            "on: a class of which all that was drawn from is released has left its part of the "
            "chance to the others, so a test beyond it would add to the chance. Certify that class "
            "alone (`--class`), or all with more labels: another attempt, whose chance to be false "
            "comes on top. Or train another round."
        )
    if audit.plan.get("planted"):
        raise RoundError(
            f"Audit {audit.number} asked planted questions, and from such a one nothing can be "
            "gone on. Certify again, with more labels, or train another round."
        )
    if audit.plan.get("by"):
        raise RoundError(
            f"Audit {audit.number} was by group, and from such a one nothing can be gone on: it "
            "was one test of one set. Certify again, with more labels, or train another round."
        )
    rows = store.orders.count(audit.number)
    if audit.evidence["k"] != audit.plan["M"]:
        raise RoundError(
            f"Audit {audit.number} did not release all of the {audit.plan['M']:,} guesses "
            "that it drew from, so there is nothing to go on from. Certify again, or train another "
            "round."
        )
    if rows == audit.plan["M"]:
        raise RoundError(f"Audit {audit.number} released all guesses: there are no more.")
    releasing.same(store, audit)
    watermark = store.labels.watermark()
    return Ground(audit, rows, _known(store, audit), watermark)


def _known(store: Store, audit: Audit) -> list[dict[str, Any]]:
    """All rows that somebody has looked at: audited ones as they counted, others by their label."""
    known = {
        each.rank: {"id": each.sha256, "rank": each.rank, "wrong": each.wrong}
        for each in store.orders.labeled(audit.number)
    }
    for row in releasing.audited_rows(audit):
        known[row["rank"]] = {each: row[each] for each in ("id", "rank", "wrong")}
    return [known[rank] for rank in sorted(known)]


def offer(found: Ground, labels: int) -> Offer:
    """Return the plan for a number of new labels.

    Raises:
        RoundError: so many cannot be drawn, or so few prove nothing beyond.
    """
    audit, rows = found.audit, found.rows
    terms, (declared, place) = terms_of(audit), attempts.declared_with(audit)
    ranks = [each["rank"] for each in found.known]
    seed = int(audit.plan["order_hash"][:15], 16)
    curves = worlds(
        (np.array(ranks) + 0.5) / rows, np.array([each["wrong"] for each in found.known]), seed
    )
    best = beyond(
        rows,
        max(labels, 1),
        terms.epsilon,
        declared[place - 1],
        curves,
        known=ranks,
        wrong=[each["rank"] for each in found.known if each["wrong"]],
        after=audit.plan["M"],
        seed=seed,
        strict=terms.strict,
    )
    if labels < 1 or best is None:
        raise RoundError(
            f"{labels:,} labels certify nothing beyond the {audit.plan['M']:,} pseudo-labels that "
            f"are: {found.left:,} are left, and {rows - len(ranks):,} rows can be drawn. Give "
            "another number, or export what is certified."
        )
    return Offer(best.m, best.M, best.c0, best.cf, best.coverage, best.chance)


def written(store: Store, found: Ground, best: Offer) -> dict[str, Any]:
    """Return the plan of the extension as evidence has it."""
    audit = found.audit
    return dict(audit.plan) | {
        "M": best.among,
        "m": best.labels,
        "c0": best.start,
        "cf": best.walk,
        "splits_hash": record.pairs_hash(store.orders.splits(audit.newest)),
        "known": [each for each in found.known if each["rank"] < best.among],
        "after": audit.plan["M"],
        "extends": audit.plan_hash,
        "planned_at": instant(time.time()),
    }


def noted(audit: Audit, newest: Audit | None) -> tuple[str, ...]:
    """What is to be said beside a certificate that a newer audit failed to extend."""
    if newest is None or newest.number == audit.number:
        return ()
    return (
        f"Audit {newest.number} went on from it and proved nothing beyond: what is certified here "
        "stands.",
    )
