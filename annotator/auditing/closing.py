"""From answers to a certificate: the chain, what it claims, and the evidence of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from annotator.auditing import grouping
from annotator.auditing.planning import instant
from annotator.auditing.planting import Tested, missed, tested
from annotator.auditing.several import proving
from annotator.auditing.several.proving import claimed
from annotator.export.proof import record
from annotator.model.auditing.audits import Audit, AuditRow, Planted, Said
from annotator.model.auditing.plans import Terms
from annotator.store import Store
from ssl_core.measure.certificate import chain, claims, gates, hopeless
from ssl_core.measure.certificate.attempts import Again


def terms_of(audit: Audit) -> Terms:
    """What the audit is to promise."""
    plan = audit.plan
    delta = Fraction(plan["spent"][-1])
    return Terms(
        plan["target"],
        str(1 - delta),
        plan["strict"],
        of=plan.get("class") or "",
        each=tuple(each["class"] for each in plan.get("parts", ())),
        planted=len(plan.get("planted", ())),
        by=plan.get("by") or "",
    )


def tested_with(audit: Audit, missed: int) -> Tested:
    """With what an audit is tested, where so many of its planted questions were missed."""
    terms = terms_of(audit)
    return tested(terms, terms.delta, terms.planted, missed)


def names_of(store: Store, audit: Audit) -> dict[int, str]:
    """The names of the classes by id, those that were there as they were when it was planned."""
    return {each.id: each.name for each in store.classes.all()} | dict(audit.names)


def spared(plan: Mapping[str, Any]) -> int:
    """How many rows the promise leaves out, since somebody looks at them: all of them in strict."""
    return len(plan["known"]) + int(plan["m"]) if plan["strict"] else 0


def again_of(audit: Audit) -> Again | None:
    """The tests of an audit that goes on from another; None where it begins anew."""
    plan, terms = audit.plan, terms_of(audit)
    if not plan.get("extends"):
        return None
    return Again(
        plan["M"],
        plan["m"],
        terms.epsilon,
        terms.delta,
        known=[each["rank"] for each in plan["known"]],
        wrong=[each["rank"] for each in plan["known"] if each["wrong"]],
        after=plan["after"],
        less=spared(plan),
    )


def gates_of(audit: Audit, by: Tested) -> list[int]:
    """The gates of the audit's plan."""
    plan = audit.plan
    if again := again_of(audit):
        return again.gates()
    return gates(plan["M"], plan["m"], by.epsilon, by.level, spared(plan)) if by.epsilon else []


def is_hopeless(
    audit: Audit,
    rows: Sequence[AuditRow],
    planted: Sequence[Planted] = (),
    names: Mapping[int, str] | None = None,
) -> bool:
    """Whether nothing can be released anymore, whatever is answered to what still waits.

    Args:
        audit: that is open.
        rows: its images with their answers.
        planted: its planted questions with theirs.
        names: of the classes, by id.
    """
    errors = [each.rank for each in rows if each.wrong and not each.waits]
    by = tested_with(audit, missed(planted, names or {}, waiting=False))
    if not by.epsilon:
        return True
    if audit.plan.get("parts"):
        return proving.is_hopeless(audit.plan, errors, by.epsilon, by.level)
    if audit.plan.get("by"):
        may = grouping.most(audit.plan, by.epsilon, by.level)
        return grouping.wrong(grouping.ranks(audit.plan, int(audit.seed or 0)), errors) > may
    if again := again_of(audit):
        return again.hopeless(errors, audit.plan["c0"])
    return hopeless(errors, gates_of(audit, by), audit.plan["c0"])


def evidence(
    audit: Audit,
    rows: Sequence[AuditRow],
    names: Mapping[int, str],
    closed: float,
    *,
    earlier: Sequence[Mapping[str, Any]] = (),
    extends: Mapping[str, Any] | None = None,
    planted: Sequence[Planted] = (),
) -> dict[str, Any]:
    """Return what is written of a closed audit, as the page on the certificate describes it.

    Args:
        audit: that was drawn.
        rows: its images in the order of the draw, with all answers.
        names: of the classes, by id.
        closed: unix seconds, UTC; not before the last answer.
        earlier: the plans of the attempts before.
        extends: the evidence of the audit that it goes on from, if it does.
        planted: its planted questions, with all answers.
    """
    plan, terms = audit.plan, terms_of(audit)
    ranks, errors = [each.rank for each in rows], [each.rank for each in rows if each.wrong]
    lost = missed(planted, names, waiting=True)
    by = tested_with(audit, lost)
    if plan.get("parts"):
        found = proving.proved(plan, ranks, errors, terms.epsilon, by.epsilon, by.level)
    elif terms.by:
        found = grouping.proved(plan, int(audit.seed or 0), errors, by.epsilon, by.level)
    else:
        found = _proved(audit, ranks, errors, by)
    assert audit.drawn is not None
    repeated = [{each.class_id for each in row.blind} for row in rows if len(row.blind) > 1]
    return {
        "version": record.version_of(plan),
        "plan": dict(plan),
        "plan_hash": audit.plan_hash,
        "seed": audit.seed,
        "seeded_at": instant(audit.drawn),
        "numpy": audit.numpy,
        "earlier": [dict(each) for each in earlier],
        "extends": extends,
        "rows": [_row(each, names) for each in rows],
        "expert": {
            "repeats": len(repeated),
            "differed": sum(len(each) > 1 for each in repeated),
            "planted": len(planted),
            "missed": lost,
            "beta": None if by.beta is None else str(by.beta),
            "answers": [_planted(each, names) for each in planted],
        },
        **found,
        "closed_at": instant(closed),
    }


def _proved(
    audit: Audit, ranks: Sequence[int], errors: Sequence[int], by: Tested
) -> dict[str, Any]:
    """What evidence says of what is released: gates, counts and claims."""
    plan, terms, found = audit.plan, terms_of(audit), gates_of(audit, by)
    if again := again_of(audit):
        k = again.chain(errors, plan["c0"], plan["cf"])
    else:
        k = chain(errors, plan["M"], found, plan["c0"], plan["cf"])
    known = {each["rank"]: each["wrong"] for each in plan["known"]}
    n = sum(rank < k for rank in [*known, *ranks])
    x = sum(rank < k for rank in [*errors, *(rank for rank in known if known[rank])])
    told = claims(k, n, x, terms.epsilon, spared(plan)) if k else None
    return {
        "gates": found,
        "k": k,
        "n": n,
        "x": x,
        "claims": told and claimed(told, plan["spent"]),
    }


def _row(row: AuditRow, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row.sha256,
        "rank": row.rank,
        "pseudo": names[row.class_id],
        "blind": [_answer(each, names) for each in row.blind],
        "second": [_answer(each, names) for each in row.second],
        "adjudicated": None if row.final is None else names[row.final],
        "wrong": row.wrong,
    }


def _planted(each: Planted, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": each.sha256,
        "blind": [_answer(said, names) for said in each.blind],
        "passed": each.passed,
    }


def _answer(said: Said, names: Mapping[int, str]) -> dict[str, Any]:
    return {"by": said.by, "answer": names[said.class_id], "at": instant(said.at)}
