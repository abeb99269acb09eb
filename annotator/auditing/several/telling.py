"""What an audit of several classes came to, a sentence a class."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from annotator.auditing.planting import Tested, tested
from annotator.auditing.remarks import advice, looks, unbounded
from annotator.auditing.several.parts import Part, parts_of
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Terms
from annotator.model.auditing.results import Certificate, ClassPart
from annotator.model.auditing.words import answered_all, grouped
from annotator.wording import many
from ssl_core.measure.certificate import claims, gates
from ssl_core.measure.certificate.attempts import any_of
from ssl_core.measure.certificate.claims import percent_down, percent_up
from ssl_core.measure.certificate.subsets import each_class

LITTLE = Fraction(1, 2)  # of the pseudo-labels: with less released, it is said what to do


def certificate(audit: Audit, found: Mapping[str, Any], terms: Terms) -> Certificate:
    """Read a closed audit of several classes."""
    plan, rows, parts = audit.plan, found["rows"], parts_of(audit.plan)
    errors = [row["rank"] for row in rows if row["wrong"]]
    expert = found["expert"]
    by = tested(terms, terms.delta, expert["planted"], expert["missed"])
    classes = tuple(
        _class(part, of, errors, terms, by) for part, of in zip(parts, found["parts"], strict=True)
    )
    proved = [each for each in classes if each.released]
    return Certificate(
        audit=audit,
        terms=terms,
        rows=plan["population"],
        released=found["k"],
        audited=found["n"],
        wrong=found["x"],
        asked=len(rows),
        all_wrong=len(errors),
        told=_told(found, proved, len(classes), terms),
        sentences=(*(each.told for each in proved), _together(plan)) if proved else (),
        looks=(
            *(each.told for each in classes if not each.released),
            *_left(parts, classes),
            *looks(rows, found["expert"], terms),
            *grouped(*plan.get("grouped", (0, 0))),
        ),
        advice=() if found["k"] > LITTLE * plan["population"] else advice(found, terms.target),
        curve=(),
        classes=classes,
    )


def _told(found: Mapping[str, Any], proved: list[ClassPart], count: int, terms: Terms) -> str:
    share = percent_down(Fraction(terms.target))
    if why := unbounded(found["expert"]):
        return why
    if not proved:
        return f"Nothing is certified at {share}, of none of {count:,} classes."
    return (
        f"{found['k']:,} of {found['plan']['population']:,} guesses are certified at {share} "
        f"in each of {len(proved):,} of {count:,} classes, the surest ones of each."
        f"{answered_all(found['k'], found['n'])}"
    )


def _together(plan: Mapping[str, Any]) -> str:
    """How likely any sentence about any class is false."""
    chance, attempt = percent_up(any_of(plan["spent"])), plan["attempt"]
    if attempt == 1:
        return (
            "All of these hold at once: the chance that any of them is false, of whatever class, "
            f"is at most {chance}."
        )
    return (
        f"All of these hold at once. Attempt {attempt}; the chance that anything certified in any "
        f"of the {attempt} is false is at most {chance}."
    )


def _left(parts: list[Part], classes: Sequence[ClassPart]) -> list[str]:
    """That nothing goes on from here, where more is left of a class that is done."""
    pairs = zip(parts, classes, strict=True)
    done = [each for part, each in pairs if part.chain.M == each.released < each.rows]
    if not done:
        return []
    more = sum(each.rows - each.released for each in done)
    return [
        f"Of {many(len(done), 'class', 'classes')} all that was drawn from is released, and "
        f"{many(more, 'pseudo-label')} more could follow. To go on to them is not free after an "
        "audit of several classes, as a class that is done leaves its part of the chance to the "
        "others. An audit of it alone may add them: another attempt, whose chance to be false "
        "comes on top."
    ]


def _class(
    part: Part, found: Mapping[str, Any], errors: list[int], terms: Terms, by: Tested
) -> ClassPart:
    """What came of one class; `by` with what all of them were tested."""
    k, n, x = found["k"], found["n"], found["x"]
    right = ""
    if not k:
        least = each_class(by.level, len(terms.each))
        told = _failed(part, found, errors, by.epsilon, least)
    else:
        shares = claims(k, n, x, terms.epsilon, part.chain.less)
        right = percent_down(shares.proposed)
        left = shares.wrong - x
        told = (
            f"'{part.name}': of the {k:,} pseudo-labels proposed, at least {k - shares.wrong:,} "
            f"are right ({percent_down(shares.proposed)}); with the {x:,} wrong ones among the "
            f"{n:,} audited corrected, at least {k - left:,} ({percent_down(shares.corrected)})."
        )
        if shares.unseen is not None:
            told += (
                f" Of the {k - n:,} that nobody looked at, at least {k - n - left:,} are right "
                f"({percent_down(shares.unseen)})."
            )
        told += answered_all(k, n)
    return ClassPart(
        name=part.name,
        rows=part.rows,
        asked=part.chain.m,
        released=k,
        audited=n,
        wrong=x,
        level=found["level"],
        right=right,
        told=told,
    )


def _failed(
    part: Part, found: Mapping[str, Any], errors: list[int], epsilon: Fraction, least: Fraction
) -> str:
    """Why nothing of a class is certified: its first test, which its least level has chosen."""
    chain, level = part.chain, percent_up(Fraction(found["level"]))
    order = gates(chain.M, chain.m, epsilon, least, chain.less) if epsilon else []
    if not order:
        return (
            f"Nothing of '{part.name}' is certified: {chain.m:,} labels are too few at its part of "
            f"the chance, {level}."
        )
    among = order[min(chain.c0, len(order) - 1)]
    wrong = sum(rank < among for rank in part.own(errors))
    may = bisect_right(found["gates"], among) - 1
    return (
        f"Nothing of '{part.name}' is certified: {wrong:,} of its audited images among its "
        f"{among:,} surest guesses are wrong, where {may:,} may be at its part of the "
        f"chance, {level}."
    )
