"""What is said beside a certificate: of the expert, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from annotator.auditing.planting import tested
from annotator.model.auditing.plans import Terms
from annotator.wording import many
from ssl_core.measure.certificate.claims import percent_down, percent_up
from ssl_core.measure.certificate.expert import PART, second_looks, seen


def looks(
    rows: Sequence[Mapping[str, Any]], expert: Mapping[str, Any], terms: Terms
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
    return (*said, *_planted(expert, terms))


def unbounded(expert: Mapping[str, Any]) -> str:
    """Why planted questions leave nothing to be promised; empty where they do not."""
    if not expert["planted"] or expert["missed"] < expert["planted"]:
        return ""
    return (
        f"Nothing is certified: to {expert['missed']:,} of {expert['planted']:,} planted questions "
        "people gave another answer than is known, so any number of wrong ones may be missed. Look "
        "at what is known of them, or let another expert answer."
    )


def _planted(expert: Mapping[str, Any], terms: Terms) -> list[str]:
    """What planted questions say of the expert, and what that changed."""
    asked, missed = expert["planted"], expert["missed"]
    said = [seen(asked, missed, PART * terms.delta)]
    if asked:
        by = tested(terms, terms.delta, asked, missed)
        said.append(
            f"So all was tested as if {percent_down(by.epsilon)} might be wrong, in place of "
            f"{percent_down(terms.epsilon)}, at a chance of {percent_down(by.level)}; the rest of "
            "the chance is for that bound. It supposes that wrong pseudo-labels are missed no more "
            "often than planted questions are answered otherwise."
        )
    return said


def advice(found: Mapping[str, Any], target: str) -> tuple[str, ...]:
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
