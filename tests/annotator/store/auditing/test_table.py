"""Plans, draws and ends of audits stand as they were written, in the order that makes a proof."""

import sqlite3
import time

import pytest

from tests.annotator import audits, small

TABLES = ("audit", "audit_order", "audit_draw", "audit_row", "audit_end")


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 40)
    yield opened
    opened.close()


def planned(service, **changes):
    """Write a plan about the first unlabeled images of the pool; return its number."""
    said = service.store.results.pseudo_labels(1, 0.0)[:6]
    given = {
        "round_number": 1,
        "person": "anna",
        "plan": {"M": 6, "m": 3, "c0": 0, "cf": 0, "spent": ["0.05"], "target": "0.9"}
        | {"strict": False},
        "plan_hash": "0" * 64,
        "planned": time.time(),
        "newest": 40,
        "watermark": service.store.labels.watermark(),
        "names": {1: "dark"},
    }
    number = service.store.audits.plan(**(given | changes))
    order = ((rank, each.image_id, each.class_id, "0.9") for rank, each in enumerate(said))
    service.store.orders.write(number, order)
    return number


def ended(service):
    """An audit with a row in every table."""
    number = planned(service)
    service.store.audits.draw(number, "7", "2.0", [4, 0, 2])
    service.store.audits.end(number, person="anna", at=time.time(), evidence={"k": 0})
    return number


def test_nothing_of_an_audit_is_changed_or_deleted(service):
    """Not even by whoever writes SQL."""
    ended(service)
    for table in TABLES:
        assert service.store.db.value(f"SELECT COUNT(*) FROM {table}"), table
        for change in (f"UPDATE {table} SET audit_id = 1", f"DELETE FROM {table}"):
            said = change.replace("audit_id", "id") if table == "audit" else change
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                service.store.db.run(said)


def test_the_order_is_frozen_before_the_seed_and_rows_come_after_it(service):
    """The file itself refuses what would spoil the proof."""
    run = service.store.db.run
    number = planned(service)
    row = "INSERT INTO audit_row VALUES (:audit, 0, 0, 1)"
    with pytest.raises(sqlite3.IntegrityError, match="rows are drawn by a seed"):
        run(row, {"audit": number})
    early = "INSERT INTO audit_draw VALUES (:audit, '7', '2.0', 0, 0)"
    with pytest.raises(sqlite3.IntegrityError, match="a seed is drawn after the plan"):
        run(early, {"audit": number})
    service.store.audits.draw(number, "7", "2.0", [1])
    with pytest.raises(sqlite3.IntegrityError, match="frozen before its seed"):
        run("INSERT INTO audit_order VALUES (:audit, 99, 1, 1, '0.5')", {"audit": number})
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        service.store.audits.draw(number, "8", "2.0", [2])  # no second seed
    service.store.audits.end(number, person="anna", at=time.time(), evidence={})
    with pytest.raises(sqlite3.IntegrityError, match="rows are drawn by a seed"):
        run("INSERT INTO audit_row VALUES (:audit, 9, 0, 1)", {"audit": number})
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        service.store.audits.end(number, person="anna", at=time.time(), evidence={"k": 1})


def test_one_audit_is_open_at_a_time(service):
    """The next is planned once the last has ended, in whatever way."""
    first = planned(service)
    with pytest.raises(sqlite3.IntegrityError, match="another audit is open"):
        planned(service)
    service.store.audits.end(first, person="anna", at=time.time(), evidence={})
    assert planned(service) == first + 1


def test_an_audit_is_read_as_it_was_written(service):
    """In each of its states."""
    audits_ = service.store.audits
    assert audits_.current() is None
    number = planned(service)
    assert audits_.current().state == "planned"
    audits_.draw(number, str(2**100), "2.0", [4, 0, 2])
    found = audits_.current()
    assert (found.state, found.seed, found.names) == ("open", str(2**100), {1: "dark"})
    assert found.drawn >= found.planned
    assert [each.rank for each in audits_.rows(number)] == [4, 0, 2]
    assert [each.rank for each in service.store.orders.rows(number)] == list(range(6))
    order = {each.rank: each.image_id for each in service.store.orders.rows(number)}
    assert audits_.waiting() == [order[4], order[0], order[2]]
    audits_.end(number, person="bo", at=time.time(), evidence={"k": 2})
    assert audits_.current() is None
    assert audits_.waiting() == audits_.asked() == []
    assert audits_.last_closed().evidence == {"k": 2}


def test_what_an_audit_asks_teaches_nothing_before_it_has_ended(service):
    """A round that began before it is as it was; from its end on, its labels teach."""
    labels = service.store.labels
    ids = [each.id for each in service.classes()]
    before = {each.image_id for each in labels.fixed(labels.watermark(), ids)}
    number = planned(service)
    service.store.audits.draw(number, "7", "2.0", [4, 0])
    asked = set(service.store.audits.asked())
    images = list(service.store.images.many([*asked, min(_free(service) - asked)]).values())
    events = [small.event(service, each, seq=n, client="a") for n, each in enumerate(images, 1)]
    service.record(events, "anna")
    meanwhile = labels.watermark()
    learned = {each.image_id for each in labels.fixed(meanwhile, ids)}
    assert learned == before | ({each.id for each in images} - asked)
    assert service.store.audits.kept() == 2
    service.store.audits.end(number, person="anna", at=time.time(), evidence={})
    assert {each.image_id for each in labels.fixed(meanwhile, ids)} == learned | asked
    service.record([small.event(service, images[0], seq=9, client="a")], "anna")
    assert service.store.audits.kept() == 0


def _free(service):
    labeled = {each.image_id for each in service.store.labels.current()}
    return set(service.store.images.ids("pool")) - labeled
