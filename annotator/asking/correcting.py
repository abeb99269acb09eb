"""Answering anew: labels for images that somebody found, all at once, and taking them back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from annotator.asking.answers import WAIT_MS
from annotator.errors import AnnotatorError
from annotator.model import Acknowledged, LabelEvent, LabelSource
from annotator.store import Store

MOST = 1000  # images answered at once


def relabel(
    store: Store,
    image_ids: Iterable[int],
    class_id: int,
    annotator: str,
    *,
    guess_shown: bool = False,
) -> str:
    """Give images a class, as that person's word; return the name by which it is taken back.

    Where people disagree about an image, this answer and theirs included, where somebody else could
    not tell it, or somebody has settled it before, the answer settles it: nobody's later press
    changes that. An answer for which a
    model's guess was in sight says so. It is not the answer to a question of the queue, which
    would tell why it was asked and how likely that was.

    Raises:
        AnnotatorError: there is no such image or class, or there are too many; nothing was written.
        StoreError: the database cannot be written now; nothing was.
    """
    ids = list(dict.fromkeys(image_ids))
    if not 0 < len(ids) <= MOST:
        raise AnnotatorError(f"Choose 1 to {MOST:,} images to answer anew, not {len(ids):,}.")
    name = f"data-{uuid.uuid4().hex}"
    with store.db.immediate(WAIT_MS):
        images = store.images.many(ids)
        if gone := [each for each in ids if each not in images]:
            raise AnnotatorError(f"There is no image {gone[0]} in this workspace.")
        apart = _apart(store, dict.fromkeys(ids, class_id), annotator)
        plain: LabelSource = "verified" if guess_shown else "human"
        store.queue.settle(ids)
        events = [
            LabelEvent(
                name,
                number,
                "label",
                each,
                images[each].sha256,
                class_id,
                at=time.time(),
                source="adjudicated" if each in apart else plain,
                suggestion_shown=guess_shown,
            )
            for number, each in enumerate(ids, 1)
        ]
        done = store.labels.record(events, annotator)
        if done.refused:
            raise AnnotatorError(f"Nothing was answered anew: {done.refused[0][2]}.")
    return name


def decide(store: Store, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
    """Write what somebody decided on guesses that they saw, in one transaction.

    A label of these is no blind answer: its source is `verified`, so it is learned from, and never
    measures; nor is it the answer to a question of the queue. Where people disagree, this label and
    theirs included, it settles that, as one of `relabel` does. A guess that was turned down leaves
    its image as it is: open, or with the label that it had. What an open audit asks about is
    refused.

    Raises:
        StoreError: the database cannot be written now; nothing was.
    """
    given = {each.image_id: each.class_id for each in events if each.kind == "label"}
    with store.db.immediate(WAIT_MS):
        apart = _apart(store, given, annotator)
        seen = [
            replace(
                each,
                source="adjudicated" if each.image_id in apart else "verified",
                suggestion_shown=True,
            )
            for each in events
        ]
        done = store.labels.record(seen, annotator)
        store.queue.settle(each.image_id for each in done.written if each.kind == "label")
    return done


def _apart(store: Store, given: Mapping[int, int | None], annotator: str) -> set[int]:
    """The images about which people disagree once somebody has given them these classes, by id.

    Also those that somebody else could not tell, or that were settled before.
    """
    opinions = store.search.opinions
    apart = opinions.disagreements(given) | opinions.settled(given)
    return (
        apart
        | opinions.untold(given, annotator)
        | {
            image_id
            for image_id, said in opinions.of(given).items()
            for each in said
            if each.annotator != annotator
            and each.class_id != given[image_id]
            and each.source != "imported"
        }
    )


def take_back(store: Store, name: str, annotator: str) -> int:
    """Take back what one `relabel` of that person gave; return how many images that were.

    Raises:
        StoreError: the database cannot be written now; nothing was.
    """
    with store.db.immediate(WAIT_MS):
        images = store.images.many(store.labels.given_by(name, annotator))
        first = store.labels.acknowledged(name) + 1
        events = [
            LabelEvent(name, number, "undo", each.id, each.sha256, at=time.time())
            for number, each in enumerate(images.values(), first)
        ]
        store.labels.record(events, annotator)
    return len(events)
