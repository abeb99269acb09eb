"""Questions whose answer is known, asked among those of an audit: how often an expert errs.

An expert who waves a wrong pseudo-label through breaks the promise. So some images of which it is
known what they show are asked blind once more. How often another answer comes bounds how often an
expert misses, exactly; and all is then tested as if so many fewer wrong ones could be seen.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from annotator.errors import AnnotatorError
from annotator.model import Label
from annotator.model.auditing.audits import Planted
from annotator.model.auditing.plans import Effect, Terms
from annotator.store import Store
from ssl_core.measure.certificate.expert import PART, missing

HOW = ("settled", "agreed", "labeled")  # how an answer is known, the surest first
TOLD = 4  # numbers of misses whose effect is told


@dataclass(frozen=True, slots=True)
class Tested:
    """With what an audit is tested, by what is known of its experts."""

    beta: Fraction | None  # of wrong labels at most this share is missed; None: nothing is known
    epsilon: Fraction
    level: Fraction


def tested(terms: Terms, level: Fraction, asked: int, missed: int) -> Tested:
    """Return with what is tested where `missed` of `asked` known answers were given otherwise."""
    if not asked:
        return Tested(None, terms.epsilon, level)
    beta = missing(asked, missed, PART * level)
    return Tested(beta, terms.epsilon * (1 - beta), (1 - PART) * level)


def assumed(terms: Terms, level: Fraction) -> tuple[Terms, Fraction]:
    """The terms and the level as they are tested where no known answer is given otherwise."""
    found = tested(terms, level, terms.planted, 0)
    return replace(terms, target=str(1 - found.epsilon)), found.level


def effects(terms: Terms, level: Fraction) -> tuple[Effect, ...]:
    """What some misses among the known answers would do."""
    if not terms.planted:
        return ()
    found = [
        (missed, tested(terms, level, terms.planted, missed))
        for missed in range(min(TOLD, terms.planted))
    ]
    return tuple(
        Effect(missed, str(each.beta), str(each.epsilon), str(each.level)) for missed, each in found
    )


def candidates(store: Store) -> dict[str, list[Label]]:
    """Labeled images of the pool by how their answer is known; no check of a guess is one."""
    labels = [
        each
        for each in store.labels.current("pool")
        if each.source in ("human", "adjudicated") and not each.suggestion_shown
    ]
    said = store.search.opinions.of(each.image_id for each in labels)
    found: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        opinions = [each for each in said.get(label.image_id, ()) if each.source == "human"]
        people = {each.annotator for each in opinions}
        if label.source == "adjudicated":
            found["settled"].append(label)
        elif len(people) > 1 and len({each.class_id for each in opinions}) == 1:
            found["agreed"].append(label)
        elif len(people) == 1:
            found["labeled"].append(label)
    return found


def chosen(store: Store, count: int, salt: str) -> list[dict[str, str]]:
    """Return so many known answers as a plan has them: the surest kinds first, else by hash.

    Args:
        store: of the workspace.
        count: how many.
        salt: a text that nobody chose, such as the hash of the order.

    Raises:
        AnnotatorError: there are not so many.
    """
    if not count:
        return []
    by_how = candidates(store)
    if count > (there := sum(len(each) for each in by_how.values())):
        raise AnnotatorError(
            f"{count:,} questions with known answers cannot be asked: {there:,} images have an "
            "answer that somebody gave without seeing a guess. Label more, or ask fewer "
            "(`--planted`)."
        )
    images = store.images.many(each.image_id for some in by_how.values() for each in some)
    names = {each.id: each.name for each in store.classes.all()}

    def place(label: Label) -> str:
        return hashlib.sha256(f"{salt}:{images[label.image_id].sha256}".encode()).hexdigest()

    found = [
        {"id": images[each.image_id].sha256, "answer": names[each.class_id], "how": how}
        for how in HOW
        for each in sorted(by_how[how], key=place)
    ]
    return found[:count]


def missed(planted: Sequence[Planted], names: Mapping[int, str], *, waiting: bool) -> int:
    """How many were answered otherwise by anybody; and, if `waiting` counts, not answered.

    Who put one off or could not tell it has not missed: an audited image would count as wrong.
    """
    return sum(
        any(names[said.class_id] != each.answer for said in each.blind) or (waiting and each.waits)
        for each in planted
    )
