"""A workspace that takes another's place: there is one at every moment, and none is lost."""

import sys
import threading
import time
from pathlib import Path

import pytest

from annotator.errors import WorkspaceError
from annotator.project import replaced
from annotator.service import Service
from annotator.upkeep.backup import back_up
from annotator.upkeep.restore import restore
from tests.annotator.small import answer, workspace
from tests.annotator.store.old_schemas import dump


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 12)
    answer(opened, 6)
    yield opened
    opened.close()


@pytest.fixture
def file(service, tmp_path):
    return back_up(service.workspace, tmp_path / "b.zip", with_images=True).path


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others exchange no folders")
def test_there_is_a_workspace_at_every_moment_of_a_replacement(
    service, file, tmp_path, monkeypatch
):
    """Somebody looks all the while, and no step is quick: the name never leads to nothing."""
    service.close()
    looks, done, rename = [], threading.Event(), Path.rename

    def slow(path, target):
        renamed = rename(path, target)
        time.sleep(0.1)
        return renamed

    def look():
        while not done.wait(0.001):
            looks.append((tmp_path / "ws" / "workspace.json").exists())

    monkeypatch.setattr(Path, "rename", slow)
    watcher = threading.Thread(target=look)
    watcher.start()
    for _ in range(2):
        restore(file, tmp_path / "ws", replace=True)
    done.set()
    watcher.join()
    assert len(looks) > 100
    assert all(looks)
    assert len([*tmp_path.glob("ws.before-*")]) == 2
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize("cut", [2, 3])
def test_where_a_replacement_that_was_cut_short_left_none_the_way_out_is_told(
    service, tmp_path, monkeypatch, cut
):
    """On a disk that cannot exchange two folders; the same command is given again, and whole."""
    service.close()
    file = back_up(service.workspace, tmp_path / "b.zip", with_images=False).path
    before = dump(tmp_path / "ws" / "certilabel.db")["event"]
    names, rename = [], Path.rename

    class Killed(BaseException):
        pass

    def dies(path, target):
        names.append(Path(target).name)
        if len(names) > cut:
            raise Killed
        return rename(path, target)

    monkeypatch.setattr(replaced, "exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", dies)
    with pytest.raises(Killed):
        restore(file, tmp_path / "ws", replace=True)
    monkeypatch.undo()
    if cut == 3:  # both folders wait, and nothing has the name
        with pytest.raises(WorkspaceError, match=r"a restore was cut short.*ws\.before-"):
            Service.open(tmp_path / "ws")
    done = restore(file, tmp_path / "ws", replace=True)
    assert done.lost == ()
    assert dump(tmp_path / "ws" / "certilabel.db")["event"] == before


def test_without_a_database_none_is_made_by_looking_whether_it_is_open(service, file, tmp_path):
    """What is put aside is what was there; and a restore that fails leaves it as it was."""
    service.close()
    (tmp_path / "ws" / "certilabel.db").unlink()
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(WorkspaceError):
        restore(file, tmp_path / "ws", replace=True)
    assert not (tmp_path / "ws" / "certilabel.db").exists()
