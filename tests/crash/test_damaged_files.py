"""Damaged, hostile and absurd files: each is taken or refused, and the process lives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.annotator.pictures import png
from tests.crash import damaging
from tests.crash.mortal import ROOT


def read(kind: str, folder: Path) -> dict[str, int]:
    """Read all files in a child with limits; a file on which it dies is named, and kept."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.reading_damaged", kind, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{folder}: {done.stderr[-2_000:]}"
    return json.loads(done.stdout)


def test_mutated_images_are_taken_or_refused(tmp_path, rng, counts, long_or_short):
    """Of every format that is read; what is taken can be shown."""
    folder, n = tmp_path / "images", long_or_short(3_000, 200)
    folder.mkdir()
    for number, content in enumerate(damaging.pictures(rng, n)):
        (folder / f"{number:05d}.png").write_bytes(content)
    found = read("images", folder)
    assert found["taken"] + found["refused"] == n
    assert min(found.values()) > 0
    counts.add(files=n, **found, stuck=0)


def test_mutated_tables_are_read_or_refused(tmp_path, rng, counts, long_or_short):
    """As a source of images, and as known answers."""
    folder, n = tmp_path / "tables", long_or_short(600, 60)
    folder.mkdir()
    for number, content in enumerate(damaging.tables(rng, n)):
        (folder / f"{number:05d}.csv").write_bytes(content)
    (tmp_path / "a.png").write_bytes(png())
    found = read("tables", folder)
    assert sum(found.values()) == n
    assert min(found.values()) > 0
    counts.add(files=n, **found, stuck=0)
