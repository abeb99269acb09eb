"""What a closed audit came to, in sentences: what is certified, or why not, and what then."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from annotator.auditing.closing import spared, terms_of
from annotator.auditing.remarks import advice, looks, unbounded
from annotator.auditing.several import telling as several
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.results import Certificate, CurvePart
from annotator.model.auditing.words import answered_all, averaged, draws, grouped
from ssl_core.measure.certificate import average, claims, sentences
from ssl_core.measure.certificate.attempts import any_of
from ssl_core.measure.certificate.claims import percent_down
from ssl_core.measure.certificate.curve import precision

LITTLE = Fraction(1, 2)  # of all pseudo-labels: with less released, it is said how to release more


def certificate(audit: Audit) -> Certificate:
    """Read a closed audit."""
    found = audit.evidence
    assert found is not None
    if found.get("parts"):
        return several.certificate(audit, found, terms_of(audit))
    if found.get("average"):
        return _by_group(audit, found)
    plan, terms, rows = audit.plan, terms_of(audit), found["rows"]
    k, n, x = found["k"], found["n"], found["x"]
    errors = [row["rank"] for row in rows if row["wrong"]]
    said = (
        sentences(
            claims(k, n, x, terms.epsilon, spared(plan)), any_of(plan["spent"]), plan["attempt"]
        )
        if k
        else ()
    )
    curve = precision(*_looked_at(found), terms.delta)
    return Certificate(
        audit=audit,
        terms=terms,
        rows=plan["population"],
        released=k,
        audited=n,
        wrong=x,
        asked=len(rows),
        all_wrong=len(errors),
        told=_told(found, terms.target),
        sentences=said,
        looks=(*looks(rows, found["expert"], terms), *grouped(*plan.get("grouped", (0, 0)))),
        advice=() if k > LITTLE * plan["population"] else advice(found, terms.target),
        curve=tuple(CurvePart(each.k, each.observed, each.low) for each in curve),
    )


def _by_group(audit: Audit, found: Mapping[str, Any]) -> Certificate:
    """Read one of an average group: a single test, so there is one sentence and no curve."""
    plan, terms, told, k = audit.plan, terms_of(audit), found["average"], found["k"]
    spent, rows, share = any_of(plan["spent"]), found["rows"], percent_down(1 - terms.epsilon)
    of = f" '{terms.of}'" if terms.of else ""
    if k:
        said = f"{k:,} of {plan['population']:,} guesses{of} are certified at {share} of an "
        said += f"average group, the surest ones.{answered_all(k, found['n'])}"
    elif told["cut"] < 0:
        said = unbounded(found["expert"]) or (
            f"Nothing is certified: {plan['m']:,} labels are too few for {share}."
        )
    else:
        said = (
            f"Nothing is certified at {share} of an average group: {told['wrong']:,} of "
            f"{plan['m']:,} draws came to a wrong one, where {told['cut']:,} may."
        )
    sentence = average(max(k, 1), told["groups"], terms.epsilon, spent, plan["attempt"])
    counted = draws(plan["m"], len(rows), told["wrong"], told["cut"])
    return Certificate(
        audit=audit,
        terms=terms,
        rows=plan["population"],
        released=k,
        audited=found["n"],
        wrong=found["x"],
        asked=len(rows),
        all_wrong=sum(row["wrong"] for row in rows),
        told=said,
        sentences=(sentence,) if k else (),
        looks=(*counted, *looks(rows, found["expert"], terms), *averaged()),
        advice=() if k > LITTLE * plan["population"] else advice(found, terms.target),
        curve=(),
    )


def _looked_at(found: Mapping[str, Any]) -> tuple[list[int], list[int], int]:
    """Ranks of audited rows, of the wrong ones, and of how many they were drawn, all at once.

    Of an audit that goes on from others the first: what followed was drawn from what it left.
    """
    while found.get("extends"):
        found = found["extends"]
    rows = found["rows"]
    wrong = [row["rank"] for row in rows if row["wrong"]]
    return [row["rank"] for row in rows], wrong, found["plan"]["M"]


def _told(found: Mapping[str, Any], target: str) -> str:
    plan, share = found["plan"], percent_down(Fraction(target))
    of = f" '{plan['class']}'" if plan.get("class") else ""
    if found["k"]:
        return (
            f"{found['k']:,} of {plan['population']:,} guesses{of} are certified at {share}, "
            f"the surest ones.{answered_all(found['k'], found['n'])}"
        )
    if why := unbounded(found["expert"]):
        return why
    gates, ranks = found["gates"], [row["rank"] for row in found["rows"] if row["wrong"]]
    if not gates:
        return f"Nothing is certified: {plan['m']:,} labels are too few for {share}."
    first = min(plan["c0"], len(gates) - 1)
    wrong = sum(rank < gates[first] for rank in ranks)
    return (
        f"Nothing is certified at {share}: {wrong:,} of the audited images among the "
        f"{gates[first]:,} surest guesses{of} are wrong, where {first:,} may be."
    )
