"""Backups and restores killed at every kind of step: a whole one, or none that is in the way."""

from __future__ import annotations

import shutil

import pytest

from annotator.service import Service
from tests.annotator.small import answer, event, workspace
from tests.crash.mortal import spread
from tests.crash.test_killed_at_a_step import integrity, state, stored

IMAGES = 12


@pytest.fixture
def root(tmp_path):
    """A workspace with an answer to every image."""
    service = workspace(tmp_path / "ws", IMAGES)
    answer(service, IMAGES)
    service.close()
    return tmp_path / "ws"


def test_a_killed_backup_is_whole_or_not_there(mortal, root, tmp_path, rng, counts, long_or_short):
    """What lies under the name can be restored, and nothing else stays beside it."""
    whole, files = state(root), stored(root)
    (tmp_path / "whole").mkdir()
    words = ("backup", root, tmp_path / "whole" / "file", "--images")
    steps = mortal.live(tmp_path, *words)
    for step in spread(rng, steps, long_or_short(1_000, 6)):
        place = tmp_path / str(step)
        place.mkdir()
        killed = mortal.die(tmp_path, step, "backup", root, place / "file", "--images")
        if not (place / "file").exists():
            mortal.live(tmp_path, "backup", root, place / "file", "--images")
        assert [each.name for each in place.iterdir()] == ["file"], f"step {step} of {steps}"
        mortal.live(tmp_path, "restore", place / "file", place / "back")
        assert state(place / "back") == whole, f"killed at step {step} of {steps}"
        assert stored(place / "back") == files, f"killed at step {step} of {steps}"
        counts.add(kills=killed)
    assert state(root) == whole
    counts.add(lost=0, stuck=0)


def test_a_killed_restore_leaves_nothing_in_the_way(
    mortal, root, tmp_path, rng, counts, long_or_short
):
    """The folder is a whole workspace, or the same command makes it one."""
    whole, files = state(root), stored(root)
    file = tmp_path / "file"
    mortal.live(tmp_path, "backup", root, file, "--images")
    steps = mortal.live(tmp_path, "restore", file, tmp_path / "whole" / "ws")
    for step in spread(rng, steps, long_or_short(1_000, 6)):
        back = tmp_path / str(step) / "ws"
        back.parent.mkdir()
        killed = mortal.die(tmp_path, step, "restore", file, back)
        if not (back / "workspace.json").exists():
            mortal.live(tmp_path, "restore", file, back)
        assert state(back) == whole, f"killed at step {step} of {steps}"
        assert stored(back) == files, f"killed at step {step} of {steps}"
        assert integrity(back / "certilabel.db") == "ok"
        assert [each.name for each in back.parent.iterdir()] == ["ws"], f"step {step} of {steps}"
        counts.add(kills=killed)
    counts.add(lost=0, stuck=0)


def test_a_killed_replacement_loses_neither_workspace(
    mortal, root, tmp_path, rng, counts, long_or_short
):
    """The name leads to the one from before or to the one of the backup, and both can be had."""
    whole, file = state(root), tmp_path / "file"
    mortal.live(tmp_path, "backup", root, file, "--images")
    service = Service.open(root)
    images = service.images()[:3]
    events = [
        event(service, each, seq=1 + i, client="late", name="dark") for i, each in enumerate(images)
    ]
    service.record(events, "anna")
    service.close()
    late = state(root)
    assert late != whole
    shutil.copytree(root, tmp_path / "whole" / "ws")
    steps = mortal.live(tmp_path, "restore", file, tmp_path / "whole" / "ws", "--replace")
    for step in spread(rng, steps, long_or_short(1_000, 6)):
        place = tmp_path / str(step)
        shutil.copytree(root, place / "ws")
        killed = mortal.die(tmp_path, step, "restore", file, place / "ws", "--replace")
        if state(place / "ws") != whole:
            assert state(place / "ws") == late, f"killed at step {step} of {steps}"
            mortal.live(tmp_path, "restore", file, place / "ws", "--replace")
        assert state(place / "ws") == whole, f"killed at step {step} of {steps}"
        assert late in [state(each) for each in place.glob("ws.before-*")], f"step {step}"
        counts.add(kills=killed)
    counts.add(lost=0, stuck=0)
