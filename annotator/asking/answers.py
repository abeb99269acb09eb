"""Questions out, answers in: leases, events, and the queue between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from annotator.asking import twice
from annotator.asking.order import SHORTLIST, measuring, mixed, woven
from annotator.model import (
    NO_MARKS,
    Acknowledged,
    Beat,
    Earlier,
    LabelEvent,
    Progress,
    Question,
)
from annotator.store import Store
from annotator.store.dividing.draw import SPLITS
from annotator.store.images import picture
from annotator.store.queue import Ask

MARKS = ("flag", "note")  # what leaves an image where it is
WAIT_MS = 5_000  # for another writer: then the page is told, which keeps its answers


def lease(store: Store, client: str, annotator: str, n: int, turn: float = 0) -> list[Question]:
    """What a client holds, topped up to n, from a queue that never runs dry too early.

    Raises:
        StoreError: the database cannot be written now.
    """
    asks: list[Ask] = []
    put_off: list[int] = []
    if short := store.queue.free() < n:
        picks = [Ask.random(each) for each in store.queue.unasked("pool", SHORTLIST)]
        asks = mixed(picks, [], measuring(store.queue.unasked))
        put_off = store.beside.skipped_ids()[:SHORTLIST]
        asks = woven(asks, store.audits.waiting())
    settings = store.settings.get()
    with store.db.immediate(WAIT_MS):
        store.queue.extend(asks)
        if short:
            store.queue.end_with(put_off if store.queue.free() < n else ())
        again, most = twice.again(store, annotator, n, settings)
        return store.leases.lease(client, annotator, n, turn, again, most)


def beat(
    store: Store, client: str, annotator: str, shown: int | None, items: Collection[int]
) -> Beat:
    """Renew what a living page holds; where it holds nothing, say what there is to ask once more.

    Raises:
        StoreError: the database cannot be written now.
    """
    with store.db.immediate(WAIT_MS):
        found = store.leases.beat(client, annotator, shown, items)
        if found.held or found.more:
            return found
        again, _ = twice.again(store, annotator, 1, store.settings.get())
        return replace(found, more=bool(again))


def questions(store: Store, client: str, annotator: str, n: int, turn: float = 0) -> list[Question]:
    """What a client holds, as its annotator may see it: with their own marks, and nobody else's.

    What the model takes an image for is told where the setting says so, and else is not.

    Raises:
        StoreError: the database cannot be written now.
    """
    leased = lease(store, client, annotator, n, turn)
    ids = [each.image.id for each in leased]
    marks, last = store.beside.marks(ids, annotator), store.history.last(ids, annotator)
    shown = store.settings.get().show_guess == "on"
    return [
        replace(
            each,
            guess=each.guess if shown else "",
            marks=marks.get(each.image.id, NO_MARKS),
            # Who is asked an image of their own again is not told that they have answered it
            last="" if each.again == "own" else last.get(each.image.id, ""),
        )
        for each in leased
    ]


def history(store: Store, annotator: str, image_id: int, n: int) -> list[Earlier]:
    """What a person has answered, the newest first, from their answer to an image on."""
    rows = store.history.page(annotator, image_id, n)
    ids = [row["id"] for row in rows]
    marks, last = store.beside.marks(ids, annotator), store.history.last(ids, annotator)
    about = ("kind", "class_id", "why", "again")
    return [
        Earlier(
            picture(row),
            **{key: row[key] for key in about},
            marks=marks.get(row["id"], NO_MARKS),
            last=last[row["id"]],
        )
        for row in rows
    ]


def record(store: Store, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
    """Write what is new in one transaction, and move the images in the queue accordingly.

    Raises:
        StoreError: the database cannot be written now; nothing was.
    """
    with store.db.immediate(WAIT_MS):
        done = store.labels.record(events, annotator)
        last = {event.image_id: event for event in done.written if event.kind not in MARKS}
        answered = store.beside.answered(last)
        store.queue.settle(answered)
        for client in {each.client for each in last.values() if each.again}:
            store.queue.done((i for i, each in last.items() if each.client == client), client)
        twice.note(store, last)
        for image_id, event in last.items():
            if event.kind == "undo" and event.takes not in MARKS and image_id not in answered:
                store.queue.bring_back(image_id, event.client)
    return done


def progress(store: Store) -> Progress:
    """Where the labeling stands."""
    labels = store.labels
    pool, val, test = (labels.count(each) for each in SPLITS)
    seen, kept = 0, store.audits.kept()  # what an audit asks about is nothing to learn from yet
    if watermark := last_asked(store):
        seen, kept = labels.count(None, watermark), kept - store.audits.kept(watermark)
    skipped, unclear = store.beside.counts()
    return Progress(
        images=store.images.count(),
        labeled=pool + val + test,
        pool=store.images.count("pool"),
        pool_labeled=pool,
        test=store.images.count("test"),
        test_labeled=test,
        since_round=max(0, pool + val + test - seen - kept),
        round_every=store.settings.get().round_every,
        skipped=skipped,
        unclear=unclear,
        test_unjudged=sum(store.beside.counts("test")),
        val=store.images.count("val"),
        val_labeled=val,
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
