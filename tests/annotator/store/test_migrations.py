"""Every earlier schema, full of rows, comes to this version's without a row lost or changed."""

import sqlite3
from contextlib import closing

import pytest

from annotator.store import Store
from annotator.store.keeping.soundness import damage, schema
from annotator.store.migrations import MIGRATIONS
from annotator.store.schema.brief import kept as path_kept
from tests.annotator.store.old_schemas import (
    EARLIER,
    FORMERLY,
    IMAGES,
    RANDOM,
    build,
    dump,
)

RENAMED = {"twin": "near_duplicate", "twin_search": "near_duplicate_search"}
STEPS = [step.__name__ for step in MIGRATIONS]
OWN = {"migration", "sqlite_sequence"}  # tables that say where a database stands, not what is in it


@pytest.fixture(params=EARLIER, ids=lambda number: f"schema {number}")
def old(request, tmp_path):
    """The file of an earlier version, and what was in it."""
    path = tmp_path / "certilabel.db"
    build(path, request.param)
    assert schema(path) == request.param
    return path, dump(path)


@pytest.fixture
def store(old):
    opened = Store(old[0])
    yield opened
    opened.db.close()


def test_every_row_is_there_and_says_what_it_said(old, store):
    """Table by table and column by column, but for what the steps set out to change."""
    before, after = old[1], dump(store.db.path)
    for table in before.keys() - OWN:
        rows = after[RENAMED.get(table, table)]
        assert len(rows) == len(before[table]) > 0, table
        kept = before[table][0].keys() & rows[0].keys()
        gone = before[table][0].keys() - kept
        assert gone <= {"suggestion_shown", "settles"}, f"{table} lost {gone}"  # was worked out
        for was, now in zip(before[table], rows, strict=True):
            wanted = {name: was[name] for name in kept}
            if table == "job":
                wanted["state"] = was["state"].replace(FORMERLY, "canceled")
            assert {name: now[name] for name in kept} == wanted, table


def test_the_labels_are_those_that_the_log_adds_up_to(store):
    """Worked out event by event: the last that nobody took back, unless its class is gone."""
    events = store.db.rows("SELECT * FROM event ORDER BY id")
    taken = {event["undoes"] for event in events}
    gone = {each.id for each in store.classes.all() if each.removed}
    last = {
        e["image_id"]: e["class_id"]
        for e in events
        if e["kind"] == "label" and e["id"] not in taken
    }
    wanted = {image: class_id for image, class_id in last.items() if class_id not in gone}
    assert {each.image_id: each.class_id for each in store.labels.current()} == wanted
    assert (len(wanted), wanted[3], 4 in wanted) == (15, 2, False)


def test_where_an_image_lies_is_kept_in_a_few_bytes_where_its_hash_says_it(store):
    """Of all others the whole path; either way it is told as it was."""
    found = store.db.rows("SELECT sha256, kept, stored FROM image ORDER BY id")
    usual = [each for each in found if each["stored"].startswith("images/00/")]
    assert len(usual) == len(found) // 2 > 0
    assert {each["kept"] for each in usual} == {".png"}
    assert all(each["kept"] == each["stored"] for each in found if each not in usual)
    again = {path_kept(each["stored"], each["sha256"]) == each["kept"] for each in found}
    assert again == {True}


@pytest.mark.parametrize("number", range(1, STEPS.index("beside") + 1))
def test_a_question_that_waits_tells_its_reason_without_the_guess(number, tmp_path):
    """The two classes that a model was torn between stand apart, to be shown only where wanted."""
    path = tmp_path / "certilabel.db"
    build(path, number)
    before = dump(path)
    with closing(sqlite3.connect(path)) as db:
        torn = "entropy 1.31 nats, torn between 4 and 9; nearer to 7 images than all that is known"
        db.execute("UPDATE queue SET reason = ? WHERE image_id = 32", [torn])
        db.commit()
    store = Store(path)
    rows = store.db.rows("SELECT image_id, reason, guess FROM queue ORDER BY position")
    store.db.close()
    guesses = {row["image_id"]: row["guess"] for row in rows if row["guess"]}
    assert guesses == {32: "torn between 4 and 9"}
    said = {row["image_id"]: row["reason"] for row in rows}
    assert said[32] == "entropy 1.31 nats; nearer to 7 images than all that is known"
    others = {each["image_id"]: each["reason"] for each in before["queue"]}
    assert {i: why for i, why in said.items() if i != 32} == {
        i: why for i, why in others.items() if i != 32
    }


def test_it_ends_as_a_new_database_does_and_is_sound(store, tmp_path):
    """The same tables, indexes and triggers; no page is damaged, no row leads nowhere."""
    fresh = Store.create(tmp_path / "fresh.db")
    sql = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    assert store.db.rows(sql) == fresh.db.rows(sql)
    fresh.db.close()
    assert damage(store.db.path) == []
    assert schema(store.db.path) == len(MIGRATIONS)


def test_what_the_database_keeps_it_keeps_afterwards(store):
    """The log takes no change, a job's number is given once, chance is known by its flag."""
    for change in ("UPDATE event SET at = 0", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.db.run(change)
    store.db.run("UPDATE job SET state = 'done' WHERE state IN ('queued', 'running')")
    assert store.jobs.add("round", {}).id == 78
    asks = store.db.rows("SELECT drawn, reason FROM queue")
    assert all(bool(each["drawn"]) == (each["reason"] == RANDOM) for each in asks)
    assert store.images.count() == IMAGES


def test_a_copy_of_what_was_there_is_kept_first(old, store):
    """It is the earlier schema still, row for row, and nobody else may read it."""
    path, before = old
    [kept] = (path.parent / "backups").glob("schema-*.db")
    assert dump(kept) == before
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (path.parent / "backups").stat().st_mode & 0o777 == 0o700
    Store(path).db.close()
    assert len(list((path.parent / "backups").iterdir())) == 1, "nothing changed any more"


def test_a_step_that_fails_leaves_the_schema_that_was_and_the_copy(old, monkeypatch):
    """Everything up to the failing step is done, and the next start goes on from there."""
    path, before = old

    def broken(db):
        db.conn.execute("UPDATE image SET name = 'spoilt'")
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("annotator.store.migrations.MIGRATIONS", (*MIGRATIONS[:-1], broken))
        with pytest.raises(Exception, match="disk is full"):
            Store(path)
    assert schema(path) == len(MIGRATIONS) - 1
    kept = before["image"][0].keys()  # the steps before it may have added columns
    assert [{name: row[name] for name in kept} for row in dump(path)["image"]] == before["image"]
    with closing(sqlite3.connect(next((path.parent / "backups").iterdir()))) as kept:
        assert kept.execute("SELECT COUNT(*) FROM event").fetchone() == (23,)
    Store(path).db.close()
    assert schema(path) == len(MIGRATIONS)


def test_an_image_is_for_one_of_three_things_afterwards(store):
    """Each is for what it was for; of new ones some may validate, and none is for anything else."""
    before = store.db.rows("SELECT id, split FROM image ORDER BY id")
    assert {each["split"] for each in before} == {"pool", "test"}
    store.db.run("UPDATE image SET split = 'val' WHERE id = 1")
    assert store.images.ids("val") == [1]
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        store.db.run("UPDATE image SET split = 'train' WHERE id = 2")
    store.db.run("UPDATE image SET split = :s WHERE id = 1", {"s": before[0]["split"]})
    assert store.db.rows("SELECT id, split FROM image ORDER BY id") == before
