"""What a closed audit came to, in sentences: what is certified, or why not, and what then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from annotator.auditing.closing import spared, terms_of
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.results import Certificate, CurvePart
from annotator.wording import many
from ssl_core.measure.certificate import claims, sentences
from ssl_core.measure.certificate.attempts import any_of
from ssl_core.measure.certificate.claims import percent_down, percent_up
from ssl_core.measure.certificate.curve import precision
from ssl_core.measure.certificate.expert import second_looks, seen

LITTLE = Fraction(1, 2)  # of all pseudo-labels: with less released, it is said how to release more


def certificate(audit: Audit) -> Certificate:
    """Read a closed audit."""
    found = audit.evidence
    assert found is not None
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
        looks=_looks(rows, found["expert"], terms.delta),
        advice=() if k > LITTLE * plan["population"] else _advice(found, terms.target),
        curve=tuple(CurvePart(each.k, each.observed, each.low) for each in curve),
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
            f"{found['k']:,} of {plan['population']:,} pseudo-labels{of} are certified at {share}, "
            "the surest ones."
        )
    gates, ranks = found["gates"], [row["rank"] for row in found["rows"] if row["wrong"]]
    if not gates:
        return f"Nothing is certified: {plan['m']:,} labels are too few for {share}."
    first = min(plan["c0"], len(gates) - 1)
    wrong = sum(rank < gates[first] for rank in ranks)
    return (
        f"Nothing is certified at {share}: {wrong:,} of the audited images among the "
        f"{gates[first]:,} surest pseudo-labels{of} are wrong, where {first:,} may be."
    )


def _looks(
    rows: Sequence[Mapping[str, Any]], expert: Mapping[str, Any], delta: Fraction
) -> tuple[str, ...]:
    """What answers were before and after second looks, and what is known of the expert."""
    told = [row for row in rows if row["blind"] and row["adjudicated"] is not None]
    differed = sum(any(each["answer"] != row["pseudo"] for each in row["blind"]) for row in told)
    if any(row["second"] for row in rows):
        said = [second_looks(len(told), differed, sum(row["wrong"] for row in told))]
    else:
        said = [
            f"Of {len(told):,} blind answers {differed:,} differed from the pseudo-label; nobody "
            "looked at any of them twice."
        ]
    if nothing := len(rows) - len(told):
        said.append(
            f"{nothing:,} more have no answer that counts (nobody could tell, or got to it, or "
            "answers differ and nobody looked twice): they count as wrong."
        )
    if expert["repeats"]:
        said.append(
            f"Of {many(expert['repeats'], 'image')} that several people answered blind, they "
            f"differ on {expert['differed']:,}: an expert is wrong at times, and what counts is "
            "the answer that stands."
        )
    return (*said, seen(expert["planted"], expert["missed"], delta / 5))


def _advice(found: Mapping[str, Any], target: str) -> tuple[str, ...]:
    """What to do next."""
    wrong = Counter(
        row["pseudo"] for row in found["rows"] if row["wrong"] and row["adjudicated"] is not None
    )
    said = [
        "Label more and train another round: a better model releases more, and is the cheap way. "
        "What this audit has answered is learned from, too.",
        f"Or certify again with a lower target than {percent_down(Fraction(target))}, or with more "
        f"labels. It is attempt {found['plan']['attempt'] + 1}, and its chance to be false comes "
        "on top.",
    ]
    if left := found["plan"].get("declared", [])[found["plan"].get("turn", 1) :]:
        said[1] = (
            f"Or certify the same again: {many(len(left), 'retry', 'retries')} declared beforehand "
            f"{'is' if len(left) == 1 else 'are'} left, at no chance on top. The next is tested at "
            f"{percent_up(Fraction(left[0]))}."
        )
    if wrong:
        name, most = wrong.most_common(1)[0]
        if 2 * most > wrong.total() > 1:
            said.append(
                f"{most:,} of the {wrong.total():,} that were answered otherwise are taken for "
                f"'{name}': look at that class first."
            )
    if found["k"] == 0:
        said.append("An export without a certificate has all pseudo-labels, and promises nothing.")
    return tuple(said)
