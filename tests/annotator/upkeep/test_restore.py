"""Restoring: what comes back is what was, and nothing that is there is lost by it."""

import json
import os
import shutil
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import WorkspaceError
from annotator.service import Service
from annotator.store.migrations import MIGRATIONS
from annotator.upkeep.backup import back_up
from annotator.upkeep.restore import restore
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, event, workspace
from tests.annotator.store.old_schemas import dump


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 12)
    answer(opened, 6)
    finish_round(opened)
    yield opened
    opened.close()


@pytest.fixture
def file(service, tmp_path):
    return back_up(service.workspace, tmp_path / "b.zip", with_images=True).path


def same(root, before):
    """Whether a workspace has every row that was, but for what processes held."""
    after = dump(root / "certilabel.db")
    for table in before.keys() - {"worker", "queue", "job"}:
        assert after[table] == before[table], table
    for table in ("queue", "job"):
        free = [
            {
                k: v
                for k, v in row.items()
                if k not in ("holder", "until", "worker", "lease_until", "state")
            }
            for row in after[table]
        ]
        assert [row.items() <= was.items() for row, was in zip(free, before[table], strict=True)]
    return True


def test_all_that_was_comes_back_also_on_another_machine(service, file, tmp_path):
    """The workspace it was made of is gone; labels, rounds, settings and images are there."""
    before, labels = dump(service.workspace.database), service.store.labels.current()
    service.close()
    shutil.rmtree(tmp_path / "ws")
    done = restore(file, tmp_path / "deep" / "new")
    assert (done.images, done.lost, done.aside) == (12, (), None)
    assert same(done.root, before)
    again = Service.open(done.root)
    assert again.store.labels.current() == labels
    assert len(again.rounds()) == 1
    assert all(again.workspace.image_path(each.stored).exists() for each in again.images())
    assert again.lease("new tab", "anna", 20), "what an old tab held is free"
    answer(again, 2, client="new tab")
    again.close()
    assert done.root.stat().st_mode & 0o077 == 0
    assert (done.root / "certilabel.db").stat().st_mode & 0o077 == 0


def test_images_by_reference_come_from_where_it_was_made_or_where_one_says(service, tmp_path):
    """The workspace has moved: without its new place they are lost and named, with it not."""
    file = back_up(service.workspace, tmp_path / "b.zip", with_images=False).path
    assert restore(file, tmp_path / "one").lost == ()
    service.close()
    shutil.move(tmp_path / "ws", tmp_path / "moved")
    names = {each.name for each in Service.open(tmp_path / "one").images()}
    assert set(restore(file, tmp_path / "two").lost) == names
    for number, place in enumerate((tmp_path / "moved", tmp_path / "moved" / "images")):
        assert restore(file, tmp_path / f"three {number}", images=place).lost == ()


def test_an_image_comes_back_with_its_own_bytes_or_not_at_all(service, tmp_path):
    """One of them was changed where the others are linked from."""
    file = back_up(service.workspace, tmp_path / "b.zip", with_images=False).path
    changed = service.images()[3]
    path = service.workspace.image_path(changed.stored)
    path.write_bytes(path.read_bytes() + b"\0")
    done = restore(file, tmp_path / "new")
    assert done.lost == (changed.name,)
    assert not (tmp_path / "new" / changed.stored).exists()


def test_a_workspace_that_is_there_is_never_touched_without_a_word(service, file, tmp_path):
    """Nor is any other folder with something in it."""
    service.close()
    before = dump(service.workspace.database)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    with pytest.raises(WorkspaceError, match=r"is a workspace already.*--replace"):
        restore(file, tmp_path / "ws")
    for replace in (False, True):
        with pytest.raises(WorkspaceError, match="is not empty and no workspace"):
            restore(file, tmp_path / "mine", replace=replace)
    assert dump(service.workspace.database) == before
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years"


def test_one_that_is_replaced_lies_beside_it_whole(service, file, tmp_path):
    """What was labeled after the backup is there, in the folder that the report names."""
    before = dump(service.workspace.database)
    service.record([event(service, service.images()[0], seq=99, client="late")], "anna")
    later = dump(service.workspace.database)
    service.close()
    done = restore(file, tmp_path / "ws", replace=True)
    assert done.aside is not None
    assert done.aside.parent == tmp_path
    assert dump(done.aside / "certilabel.db") == later
    assert same(tmp_path / "ws", before)
    Service.open(done.aside).close()


def test_what_comes_back_is_on_the_disk_before_it_has_its_name(
    service, file, tmp_path, monkeypatch
):
    """Database, images and their folders: a power cut leaves no workspace of empty files."""
    flushed, before, fsync, rename = [], [], os.fsync, Path.rename

    def note(handle):
        fsync(handle)
        flushed.append(os.fstat(handle).st_ino)

    def noted(path, target):
        before.append(set(flushed))
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", noted)
    root = restore(file, tmp_path / "new").root
    assert len([*(root / "images").rglob("*.png")]) == 12
    for path in (root, *root.rglob("*")):
        assert path.stat().st_ino in before[-1], path
    assert flushed[-1] == tmp_path.stat().st_ino


def test_one_that_is_open_is_not_replaced(service, file, tmp_path):
    """Its pages would go on storing answers where nobody looks."""
    before = dump(service.workspace.database)
    with pytest.raises(WorkspaceError, match="is open: end `certilabel serve`"):
        restore(file, tmp_path / "ws", replace=True)
    assert dump(service.workspace.database) == before
    answer(service, 1, first=50)


def test_a_newer_schema_is_refused_in_one_sentence_and_leaves_nothing(service, tmp_path):
    """The way out is an upgrade."""
    number = len(MIGRATIONS) + 4
    service.store.db.run("INSERT INTO migration VALUES (:n, 'future', 0)", {"n": number})
    file = back_up(service.workspace, tmp_path / "b.zip", with_images=False).path
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WorkspaceError, match=rf"newer version \(schema {number}; this one"):
        restore(file, tmp_path / "new")
    assert sorted(tmp_path.iterdir()) == before


def test_an_older_schema_comes_back_and_is_brought_to_this_one_s(tmp_path):
    """A copy from before a migration is a plain database, and a backup too."""
    from tests.annotator.store.old_schemas import IMAGES, build

    build(tmp_path / "old.db", 1)
    done = restore(tmp_path / "old.db", tmp_path / "new")
    assert (done.images, len(done.lost)) == (IMAGES, IMAGES)
    opened = Service.open(done.root)
    assert opened.progress().images == IMAGES
    assert opened.store.workers.all() == []
    job = opened.store.jobs.claim("next")
    assert (job.id, job.attempt) == (5, 3), "the round that ran there is taken up here"
    opened.close()


def test_an_automatic_copy_finds_the_images_of_its_own_workspace(service, tmp_path):
    """It lies below them."""
    from annotator.store.keeping.copies import copy

    (tmp_path / "ws" / "backups").mkdir()
    copy(service.workspace.database, tmp_path / "ws" / "backups" / "schema-3.db")
    assert restore(tmp_path / "ws" / "backups" / "schema-3.db", tmp_path / "new").lost == ()


def damaged(file, how):
    """A backup with one thing wrong."""
    content = file.read_bytes()
    if how == "cut":
        return content[: len(content) // 2]
    if how == "emptied":
        return b""
    if how == "words":
        return b"these are words"
    at = content.index(b"certilabel.db") + 200  # inside the packed database
    return content[:at] + bytes(255 - each for each in content[at : at + 40]) + content[at + 40 :]


def test_a_copy_that_another_program_made_and_its_images_come_back(service, tmp_path):
    """As one that streams each change to another disk leaves them: a database, and a folder."""
    before = dump(service.workspace.database)
    with closing(sqlite3.connect(service.workspace.database)) as now:
        now.execute("VACUUM INTO ?", [str(tmp_path / "copy.db")])
    shutil.copytree(service.workspace.images, tmp_path / "images")
    service.close()
    shutil.rmtree(tmp_path / "ws")
    done = restore(tmp_path / "copy.db", tmp_path / "new", images=tmp_path / "images")
    assert (done.images, done.lost) == (12, ())
    assert same(done.root, before)


@pytest.mark.parametrize("how", ["cut", "emptied", "words", "a few bytes"])
def test_a_damaged_backup_is_told_and_leaves_nothing(file, tmp_path, how):
    """One sentence, no half workspace."""
    (tmp_path / "bad.zip").write_bytes(damaged(file, how))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WorkspaceError, match=r"is damaged|is no backup"):
        restore(tmp_path / "bad.zip", tmp_path / "new")
    assert sorted(tmp_path.iterdir()) == before


def test_a_backup_whose_database_was_exchanged_is_told(file, tmp_path):
    """Its hash is that of another."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content + b"\0" * 9 if name == "certilabel.db" else content)
    with pytest.raises(WorkspaceError, match="its database was changed"):
        restore(tmp_path / "bad.zip", tmp_path / "new")


def test_a_path_that_leads_out_of_the_workspace_is_refused(service, tmp_path):
    """Whoever made the backup may not write elsewhere by it."""
    service.store.db.run("UPDATE image SET kept = 'images/../../../evil' WHERE id = 1")
    with pytest.raises(WorkspaceError, match="is no image of this workspace"):
        back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    file = back_up(service.workspace, tmp_path / "c.zip", with_images=False).path
    with pytest.raises(WorkspaceError, match="is no image of this workspace"):
        restore(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_not_there_is_told(tmp_path):
    """And no workspace is made."""
    with pytest.raises(WorkspaceError, match="There is no file"):
        restore(tmp_path / "absent.zip", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_the_round_that_was_running_is_taken_up_once(service, tmp_path):
    """Its worker is not of this machine, so its job is free at once."""
    answer(service, 2, first=30)
    service.start_round()
    held = service.store.jobs.claim("elsewhere")
    service.store.workers.register("elsewhere", 1, "another machine")
    file = back_up(service.workspace, tmp_path / "b.zip", with_images=False).path
    done = restore(file, tmp_path / "new")
    opened = Service.open(done.root)
    assert opened.store.workers.all() == []
    taken = opened.store.jobs.claim("here")
    assert (taken.id, taken.attempt) == (held.id, held.attempt + 1)
    assert taken.params == held.params
    opened.close()
    with closing(sqlite3.connect(service.workspace.database)) as db:
        lease = db.execute("SELECT lease_until FROM job WHERE id = ?", [held.id]).fetchone()[0]
    assert lease > time.time() - 60, "the workspace itself goes on"
    assert json.loads(zipfile.ZipFile(file).read("backup.json"))["backup"]["included"] == 0
