"""The commands that keep a workspace: what they print, and how each of them ends."""

import json

import pytest

from annotator.service import Service
from tests.annotator.small import answer, workspace


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 6)
    answer(opened, 3)
    yield opened
    opened.close()


def test_there_and_back_by_commands_while_the_workspace_is_open(service, run, tmp_path):
    """Each says what it did; the examination of what came back finds nothing."""
    code, out, _ = run("backup", tmp_path / "ws", tmp_path / "b.zip", "--images")
    assert (code, out.strip().endswith("6 images, 6 of them in it.")) == (0, True)
    code, out, _ = run("restore", tmp_path / "b.zip", tmp_path / "new")
    assert (code, out) == (0, f"Restored {tmp_path / 'new'} with 6 images.\n")
    assert Service.open(tmp_path / "new").progress().labeled == 3
    code, out, _ = run("doctor", tmp_path / "new")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"sound"}


def test_images_that_are_lost_are_named_and_the_status_is_one(service, run, tmp_path):
    """What could be done was done all the same."""
    gone = service.images()[0]
    service.workspace.image_path(gone.stored).unlink()
    for words in (
        ("backup", tmp_path / "ws", tmp_path / "b.zip", "--images"),
        ("restore", tmp_path / "b.zip", tmp_path / "new"),
    ):
        code, out, _ = run(*words)
        assert code == 1
        assert f"lost      {gone.name}\n" in out
        assert "1 image is " in out
    code, out, _ = run("doctor", tmp_path / "new", "--json")
    assert code == 1
    states = {each["what"]: each["state"] for each in json.loads(out)}
    assert states["images"] == "left"
    assert set(states.values()) == {"sound", "left"}


def test_the_examination_mends_only_when_asked_and_its_status_follows(service, run, tmp_path):
    """1 while something is left, 0 once it is mended."""
    (service.workspace.root / "map.npy").write_bytes(b"cut")
    assert run("doctor", tmp_path / "ws")[0] == 1
    assert (service.workspace.root / "map.npy").exists()
    code, out, _ = run("doctor", tmp_path / "ws", "--mend")
    assert code == 0
    assert (
        "mended    Of the caches 1 file is damaged, such as map.npy (it cannot be read): removed"
        in out
    )
    assert not (service.workspace.root / "map.npy").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "{tmp}/nowhere", "{tmp}/b.zip"), "is not a workspace"),
        (("backup", "{tmp}/ws", "{tmp}/absent/b.zip"), "Cannot write the backup"),
        (("backup", "{tmp}/ws", "{tmp}/ws"), "is no backup"),
        (("restore", "{tmp}/absent.zip", "{tmp}/new"), "There is no file"),
        (("restore", "{tmp}/words.zip", "{tmp}/new"), "is no backup of Certilabel"),
        (("restore", "{tmp}/words.zip", "{tmp}/ws"), "is a workspace already"),
        (("restore", "{tmp}/words.zip", "{tmp}/ws", "--replace"), "is open: end `certilabel"),
        (("doctor", "{tmp}/nowhere"), "is not a workspace"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_two(service, run, tmp_path, words, said):
    """No traceback, the thing named, and nothing made."""
    (tmp_path / "words.zip").write_text("these are words")
    before = sorted(tmp_path.iterdir())
    code, out, err = run(*(each.format(tmp=tmp_path) for each in words))
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert said in err
    assert sorted(tmp_path.iterdir()) == before


def test_status_says_how_the_workspace_is(service, run, tmp_path):
    """For a script that watches it."""
    code, out, _ = run("status", tmp_path / "ws", "--json")
    health = json.loads(out)["health"]
    assert (code, health["database"], health["worker"], health["disk"]) == (0, "ok", "none", "ok")
    assert health["schema"] > 0
    assert health["last_backup"] is None
