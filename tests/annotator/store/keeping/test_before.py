"""Before a migration: a copy is kept, not for ever, and without one nothing is changed."""

import os
import time

import pytest

from annotator.errors import WorkspaceError
from annotator.store import Store
from annotator.store.keeping.before import KEPT, keep
from annotator.store.keeping.soundness import schema
from tests.annotator.store.old_schemas import build, dump


def test_a_new_database_and_one_of_today_are_not_copied(tmp_path):
    """There is nothing to lose."""
    Store.create(tmp_path / "certilabel.db").db.close()
    Store(tmp_path / "certilabel.db").db.close()
    assert not (tmp_path / "backups").exists()


def test_a_bounded_number_is_kept(tmp_path):
    """The newest ones stay."""
    path = tmp_path / "certilabel.db"
    build(path, 1)
    made = [keep(path, 9) for _ in range(KEPT + 2)]
    for age, each in enumerate(reversed(made)):
        if each.exists():
            os.utime(each, (1000 - age, 1000 - age))
    left = sorted((tmp_path / "backups").iterdir())
    assert left == sorted(made[-KEPT:])


def test_the_copy_just_made_stays_whatever_the_clock_says(tmp_path):
    """The others are of tomorrow: a clock that was put back would make it the oldest."""
    path = tmp_path / "certilabel.db"
    build(path, 1)
    tomorrow = time.time() + 86_400
    for _ in range(KEPT):
        made = keep(path, 9)
        os.utime(made, (tomorrow, tomorrow))
    new = keep(path, 9)
    assert new.exists()
    assert len([*(tmp_path / "backups").iterdir()]) == KEPT


def test_without_room_for_the_copy_the_schema_stays(tmp_path):
    """A file lies where the folder should be: the sentence names it, and no row has changed."""
    path = tmp_path / "certilabel.db"
    build(path, 2)
    (tmp_path / "backups").write_text("in the way")
    before = dump(path)
    with pytest.raises(WorkspaceError, match=r"before its schema changes.*backups"):
        Store(path)
    assert schema(path) == 2
    assert dump(path) == before
