"""Rows that are written many at a time."""

import sqlite3

import pytest

from annotator.store.database import AT_ONCE, Database


@pytest.fixture
def db(tmp_path):
    found = Database.create(tmp_path / "annotations.db")
    found.run("CREATE TABLE noted (number INTEGER NOT NULL, word TEXT) STRICT")
    return found


def rows(n):
    return [(number, None if number % 7 == 0 else f"'{number}; -- ü") for number in range(n)]


@pytest.mark.parametrize("n", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 5])
def test_as_many_rows_come_as_are_given(db, n):
    db.insert("noted", iter(rows(n)))
    assert list(db.each("SELECT number, word FROM noted ORDER BY rowid")) == rows(n)


def test_columns_may_be_named(db):
    db.insert("noted (word, number)", [("one", 1), ("two", 2)])
    assert list(db.each("SELECT number, word FROM noted")) == [(1, "one"), (2, "two")]


@pytest.mark.parametrize("at", [0, AT_ONCE, 2 * AT_ONCE + 3])
def test_one_that_does_not_fit_leaves_none(db, at):
    wrong = rows(3 * AT_ONCE)
    wrong[at] = (None, "without a number")
    with pytest.raises(sqlite3.IntegrityError):
        db.insert("noted", wrong)
    assert db.value("SELECT COUNT(*) FROM noted") == 0
