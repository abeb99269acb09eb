"""Frozen orders, and what is asked of them, are what going through all images would tell."""

from contextlib import suppress

import pytest

from annotator.auditing import freezing
from annotator.export.proof import record
from tests.annotator import audits, small


class NotKept(Exception):
    """What was written is taken back."""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """An open audit of half of the images; later ones came in after it, one of them is labeled."""
    opened = audits.ready(tmp_path_factory.mktemp("orders") / "ws", 90)
    opened.certify.begin(30, audits.TERMS)
    free = next(
        each
        for each in opened.store.orders.rows(1, 5)
        if each.image_id not in opened.store.audits.asked()
    )
    image = opened.image(free.image_id)
    opened.record([small.event(opened, image, seq=1, client="later")], "anna")
    opened.store.db.run(
        """INSERT INTO image (sha256, name, kept, width, height, split, note, draw, added, origin,
                              page, text, facts, in_group, pages, face)
           SELECT 'f' || substr(sha256, 2), name, kept, width, height, split, note, draw, added,
                  origin, page, text, facts, in_group, pages, face FROM image WHERE id = 1"""
    )
    yield opened
    opened.close()


def test_a_part_of_an_order_is_that_part(service):
    """From one rank up to, and without, another; the count is that of all."""
    orders = service.store.orders
    rows = list(orders.rows(1))
    assert [each.rank for each in rows] == list(range(orders.count(1)))
    assert list(orders.rows(1, 3, 7)) == rows[3:7]
    assert orders.score(1, 4) == rows[4].score
    assert orders.classes(1) == {each.class_id for each in rows}
    assert orders.count(99) == 0


def test_all_images_are_told_and_none_that_came_later(service):
    """In the order and beside it; sorted by hash they have the hash that sorting all has."""
    audit, orders = service.store.audits.current(), service.store.orders
    images = {each.sha256: each for each in service.images(limit=-1) if each.id <= audit.newest}
    assert len(images) == service.store.images.count() - 1
    rows = list(orders.rows(1))
    told = list(freezing.as_frozen(service.store, audit))
    assert [(each.id, each.rank, each.score) for each in told[: len(rows)]] == [
        (each.sha256, each.rank, each.score) for each in rows
    ]
    ordered = {each.sha256 for each in rows}
    others = sorted(
        (each for sha, each in images.items() if sha not in ordered), key=lambda i: i.id
    )
    assert [each.id for each in told[len(rows) :]] == [each.sha256 for each in others]
    assert all(each.split == images[each.id].split for each in told)
    assert list(orders.splits(audit.newest)) == sorted((each.id, each.split) for each in told)
    assert audit.plan["splits_hash"] == record.splits_hash(told)


def test_rows_that_somebody_has_looked_at_have_that_label(service):
    """Row by row: the label of each image of the pool, held against the pseudo-label."""
    orders = service.store.orders
    labels = {each.image_id: each.class_id for each in service.store.labels.current("pool")}
    rows = list(orders.rows(1))
    slowly = [
        (each.rank, each.image_id, each.sha256, each.class_id, labels[each.image_id])
        for each in rows
        if each.image_id in labels
    ]
    found = orders.labeled(1)
    assert [(e.rank, e.image_id, e.sha256, e.class_id, e.label) for e in found] == slowly
    assert len(found) == 1
    looked = orders.looked(1, [found[0].rank, 0])
    assert [each.label for each in looked] == [labels.get(each.image_id) for each in looked]
    assert [each.wrong for each in looked] == [each.label != each.class_id for each in looked]
    assert {each.rank for each in looked} == {found[0].rank, 0}


def test_an_order_is_frozen_once_more_as_it_is(service):
    """For the audit that goes on from it."""
    orders, db = service.store.orders, service.store.db
    with suppress(NotKept), db.immediate():
        service.store.audits.end(1, person="anna", at=2e9, evidence={})
        db.run(
            """INSERT INTO audit (round_id, person, planned, plan, plan_hash, newest, watermark,
                                  names)
               SELECT round_id, person, planned, plan, plan_hash, newest, watermark, names
               FROM audit"""
        )
        orders.repeat(2, of=1)
        assert list(orders.rows(2)) == list(orders.rows(1))
        raise NotKept
