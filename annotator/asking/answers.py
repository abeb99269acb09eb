"""Questions out, answers in: leases, events, and the queue between them."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.asking.order import SHORTLIST, mixed
from annotator.model import Acknowledged, LabelEvent, Progress, Question
from annotator.store import Store
from annotator.store.queue import Ask

WAIT_MS = 5_000  # for another writer: then the page is told, which keeps its answers


def lease(store: Store, client: str, annotator: str, n: int, turn: float = 0) -> list[Question]:
    """What a client holds, topped up to n, from a queue that never runs dry too early.

    Raises:
        StoreError: the database cannot be written now.
    """
    asks: list[Ask] = []
    if store.queue.free() < n:
        picks = [Ask.random(each) for each in store.queue.unasked("pool", SHORTLIST)]
        asks = mixed(picks, [], store.queue.unasked("test", SHORTLIST))
    with store.db.immediate(WAIT_MS):
        store.queue.extend(asks)
        return store.leases.lease(client, annotator, n, turn)


def record(store: Store, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
    """Write what is new in one transaction, and move the images in the queue accordingly.

    Raises:
        StoreError: the database cannot be written now; nothing was.
    """
    with store.db.immediate(WAIT_MS):
        done = store.labels.record(events, annotator)
        last = {event.image_id: event for event in done.written}
        store.queue.settle(
            [each for each, event in last.items() if event.kind == "label"],
            [each for each, event in last.items() if event.kind == "skip"],
        )
        for image_id, event in last.items():
            if event.kind == "undo":
                store.queue.bring_back(image_id, event.client)
    return done


def progress(store: Store) -> Progress:
    """Where the labeling stands."""
    labels = store.labels
    pool, test = labels.count("pool"), labels.count("test")
    seen = labels.count(None, watermark) if (watermark := last_asked(store)) else 0
    return Progress(
        images=store.images.count(),
        labeled=pool + test,
        pool=store.images.count("pool"),
        pool_labeled=pool,
        test=store.images.count("test"),
        test_labeled=test,
        since_round=max(0, pool + test - seen),
        round_every=store.settings.get().round_every,
    )


def last_asked(store: Store) -> int:
    """The newest event that the last round has seen, or would have if it had not failed."""
    job = store.jobs.last("round")
    if job is None:
        return 0
    begun = store.results.of_job(job.id)
    return begun.watermark if begun else int(job.params.get("watermark", 0))


def round_due(store: Store) -> bool:
    """Whether enough new labels have come in for a round to start by itself; not beside another."""
    latest = store.jobs.last("round")
    if latest and latest.active:
        return False
    now = progress(store)
    return bool(now.round_every) and now.since_round >= now.round_every
