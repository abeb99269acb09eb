"""A disk of one program's own: small, or read-only, and gone with it.

`run` starts a Python program in a file system of its own (a mount namespace with a small tmpfs), so
that no other program sees a full disk; it needs root, or a system that lets users have one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.mortal import ROOT

MOUNT = 'mount -t tmpfs -o size="$1" certilabel "$2" && shift 2 && exec "$@"'
TRIED = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))


def namespace(place: Path) -> list[str]:
    """The words before a command that give it mounts of its own; skips where that is forbidden."""
    for words in TRIED:
        if not shutil.which(words[0]):
            continue
        trial = [*words, "sh", "-c", MOUNT, "sh", "1m", str(place), "true"]
        if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
            return list(words)
    pytest.skip("this system lets a test mount nothing, not even for itself")


def run(program: str, place: Path, size: str, *words: object) -> str:
    """Run a program that finds an empty disk of `size` at `place`; return what it printed.

    It is Python text; its arguments are the place and `words`.
    """
    place.mkdir()
    given = [sys.executable, "-c", program, str(place), *map(str, words)]
    done = subprocess.run(
        [*namespace(place), "sh", "-c", MOUNT, "sh", size, str(place), *given],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
