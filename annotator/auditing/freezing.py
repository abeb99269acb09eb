"""What an audit is about: the newest round's pseudo-labels, the surest first, and what is frozen.

The order is that of the confidence, which the round made as sure as labels that its learners had
not seen let it be. A better order releases more; none breaks the promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.errors import AnnotatorError, RoundError, unknown
from annotator.export.proof.record import Frozen
from annotator.model import Round
from annotator.model.auditing.audits import Ranked
from annotator.store import Store
from annotator.store.queue import RANDOM
from ssl_core.measure.certificate import frozen
from ssl_core.measure.certificate.pilot import places


@dataclass(frozen=True, slots=True)
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
    rows: Sequence[Ranked]
    names: Mapping[int, str]
    newest: int
    watermark: int
    at: NDArray[np.float64]
    wrong: NDArray[np.bool_]


def order(store: Store, of: str = "") -> Order:
    """Read the pseudo-labels of the newest round as they are now.

    Args:
        store: of the workspace.
        of: the class that they are of; all of them by default.

    Raises:
        AnnotatorError: there is no such class.
        RoundError: no round has finished, or no image is left without a label.
    """
    only = _class(store, of)
    latest = store.results.latest()
    if latest is None:
        raise RoundError(
            "There is nothing to certify: no round has finished. Label some images and start one "
            "(`certilabel round WORKSPACE`)."
        )
    watermark, newest = store.labels.watermark(), store.images.newest()
    found = store.results.pseudo_labels(latest.number, 0.0)
    if not found:
        raise RoundError(
            f"There is nothing to certify: round {latest.number} says nothing of any image that "
            "has no label. Import more images, or train another round."
        )
    found = [each for each in found if only in (None, each.class_id)]
    if not found:
        raise RoundError(
            f"There is nothing to certify: round {latest.number} takes no image without a label "
            f"for '{of}'. Name another class, or train another round."
        )
    images = store.images.many(each.image_id for each in found)
    ids = [images[each.image_id].sha256 for each in found]
    scores = np.array([each.confidence for each in found])
    rows = [
        Ranked(
            rank,
            found[place].image_id,
            ids[place],
            found[place].class_id,
            repr(found[place].confidence),
        )
        for rank, place in enumerate(frozen(scores, ids).tolist())
    ]
    at, wrong = _pilot(store, latest, scores, only)
    names = {each.id: each.name for each in store.classes.all()}
    return Order(latest, rows, names, newest, watermark, at, wrong)


def _class(store: Store, of: str) -> int | None:
    """The id of the class of that name; None where all are meant."""
    ids = {each.name: each.id for each in store.classes.active()}
    if of and of not in ids:
        raise AnnotatorError(unknown("class", of, ids))
    return ids[of] if of else None


def _pilot(
    store: Store, latest: Round, scores: NDArray[np.float64], only: int | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What blind answers say of the round: where such images stand, and if it was wrong.

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
    results = store.results
    said = results.predictions(latest.number) | results.predictions(latest.number, "val")
    pairs = [
        (said[label.image_id].confidence, said[label.image_id].class_id != label.class_id)
        for label in (*since, *validating)
        if label.image_id in said
        and only in (None, said[label.image_id].class_id)
        and not label.again
        and not label.suggestion_shown
    ]
    pilot = np.array([score for score, _ in pairs], np.float64)
    return places(scores, pilot), np.array([wrong for _, wrong in pairs], np.bool_)


def as_frozen(
    store: Store, rows: Sequence[Ranked], names: Mapping[int, str], newest: int
) -> list[Frozen]:
    """All images up to the newest as evidence has them: the order, then those that are not in it.

    Args:
        store: of the workspace.
        rows: of the order.
        names: of the classes, by id.
        newest: the last image that counts.
    """
    splits = {each.id: each for each in store.images.all() if each.id <= newest}
    told = [
        Frozen(
            each.sha256, splits[each.image_id].split, each.rank, each.score, names[each.class_id]
        )
        for each in rows
    ]
    ordered = {each.image_id for each in rows}
    return [
        *told,
        *(Frozen(each.sha256, each.split) for each in splits.values() if each.id not in ordered),
    ]
