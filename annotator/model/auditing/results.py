"""How far an audit is, and what one came to."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Terms
from annotator.model.images import Image


@dataclass(frozen=True, slots=True)
class AuditProgress:
    """How far the open audit is. What the answers come to is not told before it is closed."""

    audit: Audit
    terms: Terms
    labels: int  # images that are asked about
    answered: int
    passed: int  # skipped, or nobody could tell: they count as wrong
    waiting: int  # not asked yet
    elsewhere: int  # of the waiting: labeled otherwise than by an answer, so never asked
    differing: int  # answers that are not the pseudo-label, and have had no second look
    hopeless: bool  # so many are wrong that nothing can be released, unless second looks clear some

    @property
    def asked_all(self) -> bool:
        """Whether no image is left that can be asked about."""
        return self.waiting == self.elsewhere


@dataclass(frozen=True, slots=True)
class SecondLook:
    """An image whose blind answer is not its pseudo-label: two classes, nobody says whose."""

    image: Image
    classes: tuple[int, ...]  # ids, in an order that chance gave


@dataclass(frozen=True, slots=True)
class CurvePart:
    """The first k pseudo-labels, as the audit saw them."""

    k: int
    observed: float | None  # share of the audited ones that is right; an estimate
    low: float  # at least this share of all k is right, for all points at once


@dataclass(frozen=True, slots=True)
class ClassPart:
    """What an audit of several classes came to for one of them."""

    name: str
    rows: int  # pseudo-labels of it
    asked: int  # m
    released: int  # k
    audited: int  # n: of the released
    wrong: int  # x: of these
    level: str  # at which it was tested last: a part of the chance that any claim is false
    right: str  # at least this share of the released is right, as `95.1 %`; empty where none is
    told: str  # one sentence: what is certified of it, or why not


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a closed audit came to."""

    audit: Audit
    terms: Terms
    rows: int  # pseudo-labels that there were
    released: int  # k
    audited: int  # n: of the released
    wrong: int  # x: of these
    asked: int  # m
    all_wrong: int  # of all that were asked
    told: str  # one sentence: what came of it
    sentences: tuple[str, ...]  # what is certified; none where nothing is
    looks: tuple[str, ...]  # what second looks and planted labels say of the expert
    advice: tuple[str, ...]  # what to do next, where nothing or little was released
    curve: tuple[CurvePart, ...]  # none of several classes, or by group
    classes: tuple[ClassPart, ...] = ()  # what came of each, where there are several

    @property
    def extendable(self) -> bool:
        """Whether all that was drawn from is released, and there is more.

        Nothing goes on from an audit of several classes, by group, or with planted questions.
        """
        other = self.classes or self.terms.by or self.audit.plan.get("planted")
        return not other and self.released == int(self.audit.plan["M"]) < self.rows
