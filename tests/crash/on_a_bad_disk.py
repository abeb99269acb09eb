"""An expert and every command, on a disk that is full, may not grow, or is read-only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from annotator.errors import AnnotatorError
from annotator.service import Service
from tests.annotator.small import event

COMMAND = "from annotator.cli import main; main()"


def label_until_refused(service: Service, saved: dict[int, int], most: int = 100_000) -> bool:
    """Answer images in turn and keep what was called saved, by number; whether one was refused."""
    images = service.images(limit=1_000)
    for seq in range(len(saved) + 1, len(saved) + 1 + most):
        image = images[seq % len(images)]
        try:
            told = service.record([event(service, image, seq=seq)], "anna")
        except AnnotatorError:
            assert seq not in saved
            return True
        assert told.ack == {"tab": seq}
        saved[seq] = image.id
    return False


def logged(service: Service) -> dict[int, int]:
    """Number and image of every answer that is in the log."""
    rows = service.store.db.rows("SELECT seq, image_id FROM event")
    return {row["seq"]: row["image_id"] for row in rows}


def fill(place: Path) -> Path:
    """Take all the room that a disk has left."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filler
    raise AssertionError("the disk has no end")


def check(service: Service, saved: dict[int, int]) -> None:
    """What was called saved is there, and the database is whole."""
    found = logged(service)
    assert saved.items() <= found.items(), f"lost: {saved.items() - found.items()}"
    assert len(found) <= len(saved) + 1
    assert service.store.db.value("PRAGMA integrity_check") == "ok"


def told(*words: object) -> tuple[int, str]:
    """Run a command; return its exit code and what it said on standard error."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, words)],
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip()


def one_sentence(*words: object) -> None:
    """A command ends with code 2 and a line of words, or does what it should."""
    code, said = told(*words)
    assert "Traceback" not in said, said
    assert code in (0, 2), (words, code, said)
    if code == 2:
        assert len(said.splitlines()) == 1, said


def goes_on(service: Service, saved: dict[int, int], free: Callable[[], object]) -> int:
    """Answer until that is refused, make room, and answer on; return how often it was refused."""
    assert label_until_refused(service, saved)
    check(service, saved)
    free()
    assert not label_until_refused(service, saved, most=5)
    check(service, saved)
    return len(saved)
