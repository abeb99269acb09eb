"""The examination: each fault is found, safe ones are mended, and no label ever changes."""

import os
import shutil
import subprocess
import sys
import time

import pytest

from annotator.errors import WorkspaceError
from annotator.service import Service
from annotator.upkeep.doctor import examine
from tests.annotator.small import answer, workspace
from tests.annotator.store.old_schemas import dump


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 8)
    answer(opened, 4)
    yield opened
    opened.close()


def look(service, mend=False):
    """What was found, by what it is about; the state alone."""
    found = {each.what: each for each in examine(service.workspace, mend=mend)}
    return {what: each.state for what, each in found.items()}, found


SOUND = dict.fromkeys(
    ("database", "images", "leases", "caches", "leftovers", "orphans", "backups", "disk"), "sound"
)


def age(path, days=3):
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_a_sound_workspace_is_called_so_while_it_is_in_use(service):
    """And nothing in it changes."""
    before = dump(service.workspace.database)
    for mend in (False, True):
        assert look(service, mend)[0] == SOUND
    assert dump(service.workspace.database) == before


def dead_worker(service):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    import socket

    service.store.workers.register("gone", gone.pid, socket.gethostname())
    service.start_round()
    service.store.jobs.claim("gone")


def broken_cache(service):
    (service.workspace.features / "pixels-1x16.json").write_text('{"rows": 8}')


def leftover(service):
    path = service.workspace.images / ".x.png.0123456789abcdef"
    path.write_text("half")
    age(path)


def orphan(service):
    path = service.workspace.images / "ab" / "unknown.png"
    path.parent.mkdir(exist_ok=True)
    path.write_text("an image of nobody")
    age(path)


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (dead_worker, "leases"),
        (broken_cache, "caches"),
        (leftover, "leftovers"),
        (orphan, "orphans"),
    ],
)
def test_what_is_safe_is_said_first_mended_when_asked_and_sound_afterwards(service, fault, what):
    """Looking alone changes nothing; mending changes no label, image or row of an answer."""
    fault(service)
    before = dump(service.workspace.database)
    assert look(service)[0] == SOUND | {what: "can mend"}
    assert dump(service.workspace.database) == before
    assert look(service, mend=True)[0] == SOUND | {what: "mended"}
    assert look(service)[0] == SOUND
    after = dump(service.workspace.database)
    for table in after.keys() - {"worker", "job"}:
        assert after[table] == before[table], table


def test_the_job_of_a_dead_worker_is_free_after_the_mend(service):
    """Another one takes it up."""
    dead_worker(service)
    assert service.store.jobs.claim("next") is None
    look(service, mend=True)
    assert service.store.jobs.claim("next").attempt == 2


def test_a_cache_is_not_taken_from_a_job_that_reads_it(service):
    """It is said, and left for later."""
    broken_cache(service)
    service.start_round()
    states, found = look(service, mend=True)
    assert states == SOUND | {"caches": "left"}
    assert "once it has ended" in found["caches"].text
    assert (service.workspace.features / "pixels-1x16.json").exists()


def test_an_orphan_is_moved_not_deleted(service):
    """It may be the only copy of somebody's image."""
    orphan(service)
    _, found = look(service, mend=True)
    [path] = (service.workspace.root / "set-aside").rglob("unknown.png")
    assert path.read_text() == "an image of nobody"
    assert str(path.parents[2]) in found["orphans"].text


def test_images_that_are_gone_or_changed_are_named_with_the_way_out(service):
    """They are left: only their source can bring them back, and it does."""
    first, second, *_ = service.images()
    service.workspace.image_path(first.stored).unlink()
    path = service.workspace.image_path(second.stored)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    for mend in (False, True):
        found = [each for each in examine(service.workspace, mend=mend) if each.what == "images"]
        assert [each.state for each in found] == ["left", "left"]
        for each, name in zip(found, (first.name, second.name), strict=True):
            assert name in each.text
            assert "Import their source again" in each.text
    path.unlink()
    service.import_source(service.workspace.root.parent / "ws source")
    assert look(service)[0] == SOUND


def test_a_damaged_database_is_said_with_the_newest_backup_and_nothing_is_touched(
    service, tmp_path
):
    """What it says of files cannot be believed."""
    service.workspace.backups.mkdir()
    newest = service.workspace.backups / "labels-4.zip"
    service.backup(newest)
    leftover(service)
    service.close()
    with service.workspace.database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096))
    before = service.workspace.database.read_bytes()
    [found] = examine(service.workspace, mend=True)
    assert (found.what, found.state) == ("database", "left")
    assert f"certilabel restore {newest} {tmp_path / 'ws'} --replace" in found.text
    assert service.workspace.database.read_bytes() == before
    done = Service.restore(newest, tmp_path / "ws", replace=True)
    assert done.lost == ()
    assert Service.open(tmp_path / "ws").progress().labeled == 4


def test_a_backup_that_cannot_be_read_is_said(service):
    """Before it is needed."""
    service.workspace.backups.mkdir()
    (service.workspace.backups / "labels-4.zip").write_bytes(b"cut")
    assert look(service)[0] == SOUND | {"backups": "left"}


def test_without_a_database_it_is_one_sentence_and_none_is_made(service, tmp_path):
    """A fresh and empty one beside the images would hide the loss."""
    service.close()
    shutil.move(service.workspace.database, tmp_path / "elsewhere")
    with pytest.raises(WorkspaceError, match=r"There is no database .*`certilabel restore`"):
        examine(service.workspace, mend=True)
    assert not service.workspace.database.exists()


def test_a_newer_schema_is_refused_in_one_sentence(service):
    """It may mean other things by the same names."""
    service.store.db.run("INSERT INTO migration VALUES (99, 'future', 0)")
    with pytest.raises(WorkspaceError, match="newer version"):
        examine(service.workspace, mend=False)
