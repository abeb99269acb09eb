"""Settling what people disagree about: which images a reviewer is asked, and what they answer.

An image about which more people are still to be asked waits until they have answered, or until
no class can be said by more than half of them whatever the others say. Whoever wants to decide
sooner asks for those too: there may be nobody who could answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.asking.answers import WAIT_MS
from annotator.model import Acknowledged, Apart, Label, LabelEvent, ToSettle
from annotator.store import Store

NOT_NOW = "its image is settled already, or its answers do not differ any more; that stands"


def to_settle(store: Store, later: Sequence[int], n: int, *, early: bool) -> ToSettle:
    """The first `n` images to settle, by id; those put off, `later`, come last, in their order.

    `early` says that those which wait for more answers are to be settled too.
    """
    apart = store.search.opinions.disagreements()
    opinions = int(store.settings.get().opinions)
    waiting = store.twice.awaited(apart)
    said = store.search.opinions.of(waiting)
    awaited = {each for each in waiting if undecided(said.get(each, ()), opinions)}
    ready = apart if early else apart - awaited
    last = {image_id: place for place, image_id in enumerate(later)}
    ids = sorted(ready, key=lambda each: (last.get(each, -1), each))[:n]
    images, told = store.images.many(ids), store.search.opinions.of(ids)
    found = tuple(Apart(images[each], _counted(told.get(each, ()))) for each in ids)
    return ToSettle(found, len(ready), len(awaited), opinions)


def undecided(said: Iterable[Label], opinions: int) -> bool:
    """Whether more than half of so many people may still name one class."""
    own = [each for each in said if each.source != "imported"]
    left = opinions - len({each.annotator for each in own})
    most = max(_counted(own).values(), default=0)
    return left > 0 and 2 * (most + left) > opinions


def _counted(said: Iterable[Label]) -> Counter[int]:
    return Counter(each.class_id for each in said if each.source != "imported")


def settle(store: Store, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
    """Write what a reviewer answered, each to the image that was on their screen.

    An answer to an image that is no longer one to settle is refused: somebody else was sooner, or
    answers were taken back. A label of these counts until somebody settles the image anew.

    Raises:
        StoreError: the database cannot be written now; nothing was.
    """
    refused: list[tuple[str, int, str]] = []
    written: list[LabelEvent] = []
    with store.db.immediate(WAIT_MS):
        for event in sorted(events, key=lambda each: (each.client, each.seq)):
            if event.kind == "label" and not store.labels.known(event):
                if not store.search.opinions.disagreements([event.image_id]):
                    store.labels.refuse(event, NOT_NOW)
                    refused.append((event.client, event.seq, NOT_NOW))
                    continue
                store.queue.settle([event.image_id])
            done = store.labels.record([replace(event, source="adjudicated")], annotator)
            refused += done.refused
            written += done.written
        ack = {client: store.labels.acknowledged(client) for client in {e.client for e in events}}
    return Acknowledged(ack, tuple(refused), tuple(written))
