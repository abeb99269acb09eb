"""The audit that ends a simulated loop: answered by the truth, released, and held against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from annotator.model.auditing.plans import Terms
from annotator.model.auditing.results import Certificate
from annotator.service import Service
from annotator.simulating.loop import Annotator

HOLDER = "simulated-audit"
BATCH = 10  # answers between two looks at whether anything can be released still
USUAL = 200  # labels that are spent where no number is worth it by the plan


@dataclass(frozen=True, slots=True)
class Asked:
    """What the audit is to promise, and what it may cost."""

    terms: Terms
    budget: int | None = None  # labels at most; what the plan proposes by default


@dataclass(frozen=True, slots=True)
class Proof:
    """What the audit released, and what is true of it. Shares are None where there is nothing."""

    round: int
    target: float
    confidence: float
    rows: int  # pseudo-labels that there were
    asked: int  # images of the audit
    answered: int  # of them, before it was certain that nothing can be released, or all was asked
    unknown: int  # of them the truth does not tell, so they counted as wrong
    released: int
    certified: float | None  # share of the released that is right at least
    precision: float | None  # share of the released that is right in truth
    unseen_certified: float | None  # likewise of the released that the audit did not ask about
    unseen_precision: float | None
    verified: bool  # whether its export proves itself; nothing released is nothing to prove
    told: tuple[str, ...]  # what the audit says

    @property
    def holds(self) -> bool:
        """Whether the promise is true: it may be false with a chance of 1 - confidence."""
        return self.precision is None or self.precision >= self.target


def prove(service: Service, truth: Mapping[str, str], asked: Asked) -> Proof:
    """Audit the newest round, export what is released, and say how much of it is true.

    Args:
        service: a workspace as `loop.run` leaves it.
        truth: SHA-256 -> class.
        asked: what is promised, and for how many labels.

    Raises:
        AnnotatorError: the terms cannot be promised, or not with so few labels.
        RoundError: there is nothing to certify.
    """
    verbs = service.certify
    ahead = verbs.outlook(asked.terms)
    best = ahead.offer(asked.budget or ahead.proposed or USUAL)
    audit = verbs.begin(best.labels if best else asked.budget or ahead.least, asked.terms)
    annotator = Annotator(service, truth, HOLDER)
    while (found := verbs.status()) and not (found.asked_all or found.hopeless):
        if not annotator.answer(BATCH):
            break  # the rest is not known
    assert found
    result = verbs.close(unanswered_wrong=True)
    right = _right(service, truth)
    shares = _certified(result)
    return Proof(
        round=audit.round,
        target=float(Fraction(asked.terms.target)),
        confidence=float(Fraction(asked.terms.confidence)),
        rows=result.rows,
        asked=result.asked,
        answered=found.answered,
        unknown=found.passed,
        released=result.released,
        certified=shares[0],
        precision=_share(right, True, False),
        unseen_certified=shares[1],
        unseen_precision=_share(right, False),
        verified=bool(result.released) and _verified(service),
        told=(result.told, *result.sentences, *result.looks),
    )


def _certified(result: Certificate) -> tuple[float | None, float | None]:
    """The shares that are right at least, of all that is released and of what was not audited."""
    told = result.audit.evidence and result.audit.evidence["claims"]
    if not told:
        return None, None
    unseen = told["unseen"]
    return float(Fraction(told["proposed"])), None if unseen is None else float(Fraction(unseen))


def _right(service: Service, truth: Mapping[str, str]) -> Counter[tuple[bool, bool]]:
    """How many released pseudo-labels were audited or not and true or not, where it is known."""
    names = {each.id: each.name for each in service.classes(removed=True)}
    audited = service.certify.audited()
    return Counter(
        (each.rank in audited, names[each.class_id] == truth[each.sha256])
        for each in service.certify.released()
        if each.sha256 in truth
    )


def _share(counted: Counter[tuple[bool, bool]], *audited: bool) -> float | None:
    """The share that is true, of those that were audited or not."""
    right, wrong = (sum(counted[each, true] for each in audited) for true in (True, False))
    return right / (right + wrong) if right + wrong else None


def _verified(service: Service) -> bool:
    """Whether the certified export, written without its images, proves what it says."""
    place = service.export_place()
    service.export(place, "csv", images=False, certified=True)
    return not any(each.holds is False for each in service.verify(place))
