"""Backups: whole while labels come in, in place of nothing else, told in words where they fail."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import WorkspaceError
from annotator.project.leftovers import aside
from annotator.upkeep.backup import back_up
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 12)
    answer(opened, 4)
    yield opened
    opened.close()


def read(path, folder):
    """What a backup says of itself, its members, and its database in a file."""
    with zipfile.ZipFile(path) as archive:
        archive.extract("certilabel.db", folder)
        said = json.loads(archive.read("backup.json"))["backup"]
        return said, archive.namelist(), folder / "certilabel.db"


def test_without_images_it_holds_the_database_and_says_where_they_lie(service, tmp_path):
    """Every label is in it; its hash, counts and folder are those of what was backed up."""
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=False)
    said, names, database = read(done.path, tmp_path / "out")
    assert sorted(names) == ["backup.json", "certilabel.db"]
    assert hashlib.sha256(database.read_bytes()).hexdigest() == said["sha256"]
    assert (said["images"], said["included"], said["folder"]) == (12, 0, str(tmp_path / "ws"))
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("SELECT COUNT(*) FROM event").fetchone() == (4,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (done.size, done.lost) == (done.path.stat().st_size, ())


def test_with_images_each_is_in_it_as_it_was_imported_and_no_cache_is(service, tmp_path):
    """Nothing of features, rounds, maps, exports or secrets."""
    for name in ("features/pixels-1x16.u8", "embeddings.npy", "exports/a.csv", "worker.log"):
        (service.workspace.root / name).write_bytes(b"not in a backup")
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    _, names, _ = read(done.path, tmp_path / "out")
    images = {each.stored: each.sha256 for each in service.images()}
    assert set(names) == {"backup.json", "certilabel.db", *images}
    with zipfile.ZipFile(done.path) as archive:
        for stored, sha256 in images.items():
            assert hashlib.sha256(archive.read(stored)).hexdigest() == sha256
    assert (done.images, done.included) == (12, 12)


def test_only_its_owner_reads_it(service, tmp_path):
    """Whatever the umask lets others do."""
    before = os.umask(0)
    try:
        done = back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    finally:
        os.umask(before)
    assert done.path.stat().st_mode & 0o777 == 0o600


def test_labels_that_were_acknowledged_before_are_in_it_whatever_is_written_meanwhile(
    service, tmp_path
):
    """An annotator goes on answering in another thread; the backups never miss one of before."""
    images = service.images()
    safe, stop, seen = [0], threading.Event(), []

    def label():
        for seq in range(10_000):
            if stop.is_set():
                return
            ack = service.record([event(service, images[seq % 12], seq=seq, client="two")], "b")
            safe[0] = ack.ack["two"]

    thread = threading.Thread(target=label)
    thread.start()
    try:
        for number in range(5):
            least = safe[0]
            done = back_up(service.workspace, tmp_path / f"{number}.zip", with_images=False)
            _, _, database = read(done.path, tmp_path / "out")
            with closing(sqlite3.connect(database)) as db:
                newest = "SELECT COALESCE(MAX(seq), 0) FROM event WHERE client = 'two'"
                seen.append((least, db.execute(newest).fetchone()[0]))
    finally:
        stop.set()
        thread.join()
    assert all(least <= found for least, found in seen), seen


def test_an_earlier_backup_of_that_name_is_replaced_and_nothing_else_ever_is(service, tmp_path):
    """A picture, a folder and another archive stay as they are."""
    back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    back_up(service.workspace, tmp_path / "b.zip", with_images=False)
    assert read(tmp_path / "b.zip", tmp_path / "out")[0]["included"] == 0
    (tmp_path / "words").write_text("words")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a", "b")
    for taken in ("words", "other.zip", "ws"):
        with pytest.raises(WorkspaceError, match=r"is no backup\. Name a new file"):
            back_up(service.workspace, tmp_path / taken, with_images=False)
    assert (tmp_path / "words").read_text() == "words"
    assert zipfile.ZipFile(tmp_path / "other.zip").namelist() == ["a"]


def test_images_that_are_gone_or_damaged_are_named_and_all_else_is_kept(service, tmp_path):
    """A backup without two images is better than none."""
    first, second, *_ = service.images()
    service.workspace.image_path(first.stored).unlink()
    damaged = service.workspace.image_path(second.stored)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0")
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    assert (done.included, set(done.lost)) == (10, {first.name, second.name})


@pytest.mark.parametrize("name", ["absent/folder/b.zip", "words/b.zip"])
def test_a_place_that_cannot_be_written_is_told_in_one_sentence(service, tmp_path, name):
    """And nothing is left beside it."""
    (tmp_path / "words").write_text("no folder")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WorkspaceError, match="Cannot write the backup"):
        back_up(service.workspace, tmp_path / name, with_images=False)
    assert sorted(tmp_path.iterdir()) == before


def test_a_disk_that_fills_up_leaves_the_earlier_backup_as_it_was(service, tmp_path):
    """Here no file may grow beyond what the database alone needs, and the images come on top."""
    for number in range(30):  # noise does not pack
        (tmp_path / "ws source" / f"{number} dark.bmp").write_bytes(noise(number))
    service.import_source(tmp_path / "ws source")
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=False)
    before = done.path.read_bytes()
    most = service.workspace.database.stat().st_size + 200_000
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from annotator.project import Workspace\n"
        "from annotator.upkeep.backup import back_up\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))\n"
        "back_up(Workspace(Path(sys.argv[1])), Path(sys.argv[2]), with_images=True)"
    )
    command = [sys.executable, "-c", code, service.workspace.root, done.path]
    told = subprocess.run(command, capture_output=True, text=True).stderr.splitlines()[-1]
    assert "WorkspaceError: Cannot write the backup" in told
    assert "Make room" in told
    assert done.path.read_bytes() == before
    assert list(tmp_path.glob(".b.zip*")) == []


def noise(seed):
    """A file of a 100 x 100 picture in color that no two seeds share."""
    import io

    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (100, 100, 3), np.uint8)
    Image.fromarray(pixels).save(file, "BMP")
    return file.getvalue()


def test_one_that_was_killed_half_way_is_swept_by_the_next_at_once(service, tmp_path):
    """A folder that is still being filled belongs to somebody who lives."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    filled = aside(tmp_path / "b.zip")
    left = Path(str(filled).replace(f".{os.getpid()}-", f".{process.pid}-"))
    for each in (filled, left):
        each.mkdir()
        (each / "certilabel.db").write_bytes(b"half")
    back_up(service.workspace, tmp_path / "b.zip", with_images=False)
    assert (filled.exists(), left.exists()) == (True, False)


def test_a_database_that_is_gone_is_told_and_none_is_made(service, tmp_path):
    """A backup of nothing would be worse than none."""
    service.close()
    shutil.move(service.workspace.database, tmp_path / "elsewhere")
    with pytest.raises(WorkspaceError, match=r"no database .*`certilabel restore`"):
        back_up(service.workspace, tmp_path / "b.zip", with_images=False)
    assert not service.workspace.database.exists()
    assert not (tmp_path / "b.zip").exists()
