"""What an audit is about: the newest round's pseudo-labels, the surest first, and what is frozen.

The order is that of the confidence, which the round made as sure as labels that its learners had
not seen let it be. A better order releases more; none breaks the promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from annotator.errors import AnnotatorError, RoundError, unknown
from annotator.export.proof import record
from annotator.export.proof.record import Frozen
from annotator.model import Round
from annotator.model.auditing.audits import Audit
from annotator.model.columns.ranks import Ranks
from annotator.store import Store
from annotator.store.queue import RANDOM
from ssl_core.measure.certificate import frozen
from ssl_core.measure.certificate.pilot import places


@dataclass(frozen=True)
class Order:
    """The pseudo-labels that there are, in their order, and what is known of the model.

    Attributes:
        round: whose they are.
        rows: the surest first; ties by SHA-256.
        names: of the classes, by id.
        newest: the last image that was there.
        watermark: the newest label event.
        at: where (p,) images of the pilot would stand in the order, in (0, 1).
        wrong: whether (p,) the round was wrong about them.
    """

    round: Round
    rows: Ranks
    names: Mapping[int, str]
    newest: int
    watermark: int
    at: NDArray[np.float64]
    wrong: NDArray[np.bool_]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of ids and scores, as evidence has it."""
        return record.pairs_hash(zip(self.rows.hashes(), self.rows.decimals(), strict=True))


def order(store: Store, of: str = "") -> Order:
    """Read the pseudo-labels of the newest round as they are now.

    Args:
        store: of the workspace.
        of: the class that they are of; all of them by default.

    Raises:
        AnnotatorError: there is no such class.
        RoundError: no round has finished, or no image is left without a label.
    """
    _class(store, of)
    found = orders(store, [of])
    if not found:
        number = store.results.latest()
        assert number
        raise RoundError(
            f"There is nothing to certify: round {number.number} takes no image without a label "
            f"for '{of}'. Name another class, or train another round."
        )
    return found[of]


def orders(store: Store, names: Sequence[str]) -> dict[str, Order]:
    """Likewise of several classes, of each by itself; those without pseudo-labels are left out.

    Args:
        store: of the workspace.
        names: of the classes; an empty one stands for all of them.

    Raises:
        AnnotatorError: there is no such class.
        RoundError: no round has finished, or no image is left without a label.
    """
    ids = {name: _class(store, name) for name in names}
    latest = store.results.latest()
    if latest is None:
        raise RoundError(
            "There is nothing to certify: no round has finished. Label some images and start one "
            "(`certilabel round WORKSPACE`)."
        )
    watermark, newest = store.labels.watermark(), store.images.newest()
    found = store.orders.pseudo_labels(latest.number)
    if not len(found):
        raise RoundError(
            f"There is nothing to certify: round {latest.number} says nothing of any image that "
            "has no label. Import more images, or train another round."
        )
    ranks = Ranks(found.table, frozen(found.scores, found.table["sha256"]))
    pilot = _pilot(store, latest)
    known = {each.id: each.name for each in store.classes.all()}
    by_name = {}
    for name, only in ids.items():
        own = ranks if only is None else ranks.of(only)
        if not len(own):
            continue
        told = [each for each in pilot if only in (None, each[1])]
        at = places(own.scores, np.array([score for score, _, _ in told], np.float64))
        wrong = np.array([is_wrong for _, _, is_wrong in told], np.bool_)
        by_name[name] = Order(latest, own, known, newest, watermark, at, wrong)
    return by_name


def _class(store: Store, of: str) -> int | None:
    """The id of the class of that name; None where all are meant."""
    ids = {each.name: each.id for each in store.classes.active()}
    if of and of not in ids:
        raise AnnotatorError(unknown("class", of, ids))
    return ids[of] if of else None


def _pilot(store: Store, latest: Round) -> list[tuple[float, int, bool]]:
    """What blind answers say of the round: how sure of which class, and if it was wrong.

    Those are of validation images, and of images that were drawn by chance since the round. Test
    images are no pilot, as they are looked at every round.
    """
    learned = {each.image_id for each in store.labels.current("pool", latest.watermark)}
    since = [
        each
        for each in store.labels.current("pool")
        if each.image_id not in learned and each.reason == RANDOM
    ]
    shown = set(store.near_duplicates.of_test())
    validating = [each for each in store.labels.current("val") if each.image_id not in shown]
    asked = [each.image_id for each in (*since, *validating)]
    results = store.results
    said = results.predictions(latest.number, among=asked)
    said |= results.predictions(latest.number, "val", among=asked)
    return [
        (
            said[label.image_id].confidence,
            said[label.image_id].class_id,
            said[label.image_id].class_id != label.class_id,
        )
        for label in (*since, *validating)
        if label.image_id in said and not label.again and not label.suggestion_shown
    ]


def as_frozen(store: Store, audit: Audit) -> Iterator[Frozen]:
    """All images up to its newest as evidence has them: its order, then what is not in it.

    They are read as they are asked for.
    """
    names = audit.names
    for sha256, split, rank, score, class_id in store.orders.told(audit.number):
        yield Frozen(sha256, split, rank, score, names[class_id])
    for sha256, split in store.orders.others(audit.number, audit.newest):
        yield Frozen(sha256, split)
