"""One round at a time on a card: whoever comes second waits, and takes over from a dead one."""

import subprocess
import sys

import pytest
import torch

from annotator.errors import RoundError
from annotator.rounds.device import turn as turns
from annotator.rounds.device.turn import Turn, card, turn

HOLDS = """
import fcntl, sys, time
handle = open(sys.argv[1] + "/certilabel-card.lock", "w")
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(turns, "PAUSE", 0.02)


def test_the_second_waits_in_words_until_the_first_has_ended(tmp_path):
    """Two workspaces of one machine, by the file that both of them know."""
    with turn("card", tmp_path) as first, turn("card", tmp_path) as second:
        assert list(first.waiting()) == []
        waiting = second.waiting()
        for _ in range(3):
            step = next(waiting)
            assert step.message == "waiting for the graphics card: another workspace computes on it"
        first.end()
        assert list(waiting) == []
        assert next(Turn("card", tmp_path).waiting()).share == 0
    assert list(Turn("card", tmp_path).waiting()) == []


def test_the_turn_of_a_process_that_was_killed_is_free(tmp_path):
    """The system lets go of its lock."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        mine = Turn("card", tmp_path)
        assert next(mine.waiting())
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with turn("card", tmp_path) as after:
        assert len(list(after.waiting())) < 50


def test_another_card_and_a_cpu_wait_for_nobody(tmp_path):
    """Each card has its own turns; a CPU is shared by the system."""
    with turn("one", tmp_path) as one, turn("other", tmp_path) as other, turn(None) as cpu:
        assert list(one.waiting()) == list(other.waiting()) == list(cpu.waiting()) == []
    assert card(torch.device("cpu")) is None
    assert cpu.path is None


def test_a_file_that_cannot_be_a_lock_is_named(tmp_path):
    """A link that somebody has put there is not followed."""
    (tmp_path / "certilabel-card.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RoundError, match=r"certilabel-card\.lock, by which .* set TMPDIR"):
        list(Turn("card", tmp_path).waiting())
    assert not (tmp_path / "elsewhere").exists()
