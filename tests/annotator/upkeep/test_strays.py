"""Files that nothing knows: old enough, and moved, never deleted; half-written ones go."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.project import Workspace
from annotator.project.leftovers import aside
from annotator.upkeep.strays import (
    half_written,
    remove,
    set_aside,
    unknown_images,
    unknown_rounds,
)

DAY = 86_400


@pytest.fixture
def made(tmp_path):
    return Workspace.create(tmp_path / "ws")


def put(made, name, hours):
    """A file that was last written so many hours ago."""
    path = made.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(name)
    age(path, hours)
    return path


def age(path, hours):
    then = time.time() - 3600 * hours
    os.utime(path, (then, then))


def test_half_written_files_are_known_by_their_names_and_their_age(made):
    """What was written a minute ago may be written on; a person's own files are no one's."""
    hidden = "0123456789abcdef"
    old = [
        put(made, f"images/ab/.x.png.{hidden}", 2),
        put(made, f".secret.{hidden}", 2),
        put(made, "rounds/1/ssl.pt.part", 2),
    ]
    put(made, f"images/ab/.y.png.{hidden}", 0)
    for name in ("images/.DS_Store", "notes.txt", "exports/mine.part", "features/color.json"):
        put(made, name, 2)
    assert half_written(made) == sorted(old)
    remove([*old, made.root / "gone"])
    assert half_written(made) == []
    assert (made.root / "exports" / "mine.part").exists()


def test_what_a_living_process_writes_for_hours_is_not_half_written(made):
    """A long backup, or an import of what a browser sent; of a dead one it goes at once."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    living = aside(made.root / "uploads")
    dead = Path(str(living).replace(f".{os.getpid()}-", f".{process.pid}-"))
    for path, hours in ((living, 5), (dead, 0)):
        path.mkdir()
        age(path, hours)
    assert half_written(made) == [dead]


def test_images_without_a_row_are_moved_aside_once_they_are_a_day_old(made):
    """An import may be about to write the rows of the others."""
    known, old, new = (put(made, f"images/ab/{n}.png", h) for n, h in ((1, 90), (2, 90), (3, 1)))
    found = unknown_images(made, ["images/ab/1.png"])
    assert found == [old]
    folder = set_aside(made, found)
    assert (folder / "images" / "ab" / "2.png").read_text() == "images/ab/2.png"
    assert folder.is_relative_to(made.root)
    assert known.exists()
    assert new.exists()
    assert unknown_images(made, ["images/ab/1.png"]) == []


def test_folders_of_rounds_that_nobody_knows_are_found_but_not_other_folders(made):
    """A number is a round's; anything else is a person's or a trial's."""
    for name in ("1", "2", "mine", "trial-3"):
        age(put(made, f"rounds/{name}/ssl.pt", 90).parent, 90)
    assert [path.name for path in unknown_rounds(made, [1])] == ["2"]
