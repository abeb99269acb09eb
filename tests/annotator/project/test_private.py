"""Closed to all but the owner, whatever the umask and whatever an older version left."""

import os
import stat
from contextlib import suppress

import pytest

from annotator.project import Workspace, private
from annotator.service import Service
from annotator.worker import Worker
from tests.annotator.small import answer, source


@pytest.fixture
def careless():
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(root):
    """All that group or others have a right on, with the rights; links aside."""
    paths = [root, *root.rglob("*")]
    return {
        path.relative_to(root.parent).as_posix(): oct(stat.S_IMODE(path.stat().st_mode))
        for path in paths
        if not path.is_symlink() and path.stat().st_mode & 0o077
    }


@pytest.mark.usefixtures("careless")
def test_all_that_a_workspace_comes_to_hold_is_closed(tmp_path):
    """Database and its logs, images, caches, secret, exports, a copy: each as it is made."""
    service = Service.create(tmp_path / "ws", ["dark", "light"])
    service.import_source(source(tmp_path / "source", 12))
    Worker.open(tmp_path / "ws").run(once=True)
    answer(service, 4)
    for name in service.export_formats():
        service.export(tmp_path / "ws" / "exports" / name, name)
        service.export(tmp_path / "elsewhere" / name, name)
        assert open_to_others(tmp_path / "elsewhere" / name) == {}
    service.blank_copy(tmp_path / "ws" / "copy", service.settings())
    with private.appending(tmp_path / "ws" / "worker.log") as log:
        log.write(b"a line\n")
    held = {path.name for path in (tmp_path / "ws").rglob("*")}
    assert {"certilabel.db", "certilabel.db-wal", "certilabel.db-shm", "secret"} <= held
    assert {"workspace.json", "embeddings.npy", "labels.csv", "labels.parquet"} <= held
    assert len(list((tmp_path / "ws" / "features").rglob("*"))) > 1
    assert open_to_others(tmp_path / "ws") == {}
    service.close()


@pytest.mark.usefixtures("careless")
def test_the_worker_s_log_is_closed(tmp_path):
    """It may say what images are called."""
    service = Service.create(tmp_path / "ws", ["dark", "light"])
    service.ensure_worker()
    service.close()
    assert stat.S_IMODE((tmp_path / "ws" / "worker.log").stat().st_mode) == 0o600


def opened_wide(root):
    for path in [root, *root.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)


def test_what_an_older_version_left_open_is_closed_when_it_is_opened(tmp_path):
    """All of it, also images in their folders; what the owner may do stays as it was."""
    service = Service.create(tmp_path / "ws", ["dark", "light"])
    service.import_source(source(tmp_path / "source", 4))
    service.close()
    opened_wide(tmp_path / "ws")
    kept = tmp_path / "ws" / "images" / "read only.txt"
    kept.write_text("x")
    kept.chmod(0o444)
    assert len(open_to_others(tmp_path / "ws")) > 12
    Service.open(tmp_path / "ws").close()
    assert open_to_others(tmp_path / "ws") == {}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o400


def test_what_a_link_leads_to_is_left_alone(tmp_path):
    """A shared cache behind a link keeps its rights, and so does a file elsewhere."""
    Workspace.create(tmp_path / "ws")
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "cache.npy").write_text("x")
    opened_wide(shared)
    (tmp_path / "ws" / "features").rmdir()
    (tmp_path / "ws" / "features").symlink_to(shared)
    (tmp_path / "ws" / "notes").symlink_to(shared / "cache.npy")
    opened_wide(tmp_path / "ws" / "images")
    Workspace.open(tmp_path / "ws")
    assert stat.S_IMODE(shared.stat().st_mode) == 0o777
    assert stat.S_IMODE((shared / "cache.npy").stat().st_mode) == 0o666
    assert open_to_others(tmp_path / "ws") == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_is_left_alone(tmp_path):
    """Root that opens a workspace takes no rights from its owner's colleagues."""
    root = Workspace.create(tmp_path / "ws").root
    (root / "theirs").write_text("x")
    (root / "theirs").chmod(0o664)
    os.chown(root / "theirs", 12345, 12345)
    Workspace.open(root)
    assert open_to_others(root) == {"ws/theirs": "0o664"}


def test_the_umask_is_as_it_was_after_the_work(tmp_path):
    """Also where the work fails."""
    before = os.umask(0o022)
    try:
        with suppress(OSError), private.everything():
            (tmp_path / "a").touch()
            raise OSError
        (tmp_path / "b").touch()
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"]
    assert modes == [0o600, 0o644]
