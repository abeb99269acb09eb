"""Commands killed at every kind of step on disk: what they leave is whole, or is not there."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
import tarfile
from pathlib import Path

import pytest

from annotator.service import Service
from tests.annotator.small import answer, source, truth, workspace
from tests.crash.mortal import spread

FIXTURE = Path(__file__).parents[1] / "fixtures" / "workspace-0.1.tar.gz"
IMAGES = 12


def integrity(database: Path) -> str:
    with sqlite3.connect(database) as db:
        return db.execute("PRAGMA integrity_check").fetchone()[0]


def test_a_killed_init_leaves_nothing_in_the_way(mortal, tmp_path, rng, counts, long_or_short):
    """Whatever the step: the folder is a whole workspace, or the same command makes it one."""
    words = ("--classes", "dark,light", "--set", "steps=12")
    steps = mortal.live(tmp_path, "init", tmp_path / "whole" / "ws", *words)
    for step in spread(rng, steps, long_or_short(1_000, 8)):
        root = tmp_path / str(step) / "ws"
        killed = mortal.die(tmp_path, step, "init", root, *words)
        if not (root / "workspace.json").exists():
            mortal.live(tmp_path, "init", root, *words)
        service = Service.open(root)
        found = [each.name for each in service.classes()], service.settings().steps
        service.close()
        assert found == (["dark", "light"], 12), f"killed at step {step} of {steps}"
        assert integrity(root / "certilabel.db") == "ok"
        assert [each.name for each in root.parent.iterdir()] == ["ws"], f"step {step} of {steps}"
        counts.add(kills=killed)
    counts.add(lost=0, stuck=0)


def labeled_folders(folder: Path) -> Path:
    """Pictures in a folder a class."""
    made = source(folder / "plain", IMAGES)
    for picture in sorted(made.iterdir()):
        place = folder / "pictures" / truth(picture.name) / picture.name
        place.parent.mkdir(parents=True, exist_ok=True)
        picture.rename(place)
    return folder / "pictures"


def state(root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Image names and human labels of a workspace, by content."""
    service = Service.open(root)
    images = {each.id: each for each in service.images(limit=1_000)}
    names = {each.id: each.name for each in service.classes()}
    labels = {images[e.image_id].sha256: names[e.class_id] for e in service.store.labels.current()}
    service.close()
    return {each.sha256: each.name for each in images.values()}, labels


def stored(root: Path) -> dict[str, str]:
    """Every file among the images: its name and the hash of what is in it."""
    files = [each for each in (root / "images").rglob("*") if each.is_file()]
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_a_killed_import_is_completed_by_the_next_one(mortal, tmp_path, rng, counts, long_or_short):
    """No row without its file, all images or none, and the second import leaves no trace of it."""
    pictures = labeled_folders(tmp_path)
    empty = tmp_path / "empty"
    Service.create(empty, ["dark", "light"]).close()
    words = (pictures, "--labels", "folders")
    shutil.copytree(empty, tmp_path / "whole")
    steps = mortal.live(tmp_path, "import", tmp_path / "whole", *words)
    whole, files = state(tmp_path / "whole"), stored(tmp_path / "whole")
    assert len(whole[0]) == len(whole[1]) == len(files) == IMAGES
    for step in spread(rng, steps, long_or_short(1_000, 8)):
        root = tmp_path / str(step)
        shutil.copytree(empty, root)
        killed = mortal.die(tmp_path, step, "import", root, *words)
        images, labels = state(root)
        there = stored(root)
        assert len(images) in (0, IMAGES), f"killed at step {step} of {steps}"
        assert len(labels) in (0, IMAGES), f"killed at step {step} of {steps}"
        assert set(images) <= set(there.values())
        mortal.live(tmp_path, "import", root, *words)
        assert state(root) == whole, f"killed at step {step} of {steps}"
        assert stored(root) == files, f"killed at step {step} of {steps}"
        assert integrity(root / "certilabel.db") == "ok"
        counts.add(kills=killed)
    counts.add(lost=0, stuck=0)


def test_a_killed_export_is_whole_or_not_there(mortal, tmp_path, rng, counts, long_or_short):
    """A folder under the name that was asked for is complete; nothing else stays beside it."""
    service = workspace(tmp_path / "ws", IMAGES)
    answer(service, IMAGES)
    service.close()

    def exported(out: Path) -> dict[str, str]:
        with (out / "labels.csv").open(encoding="utf-8", newline="") as file:
            return {row["sha256"]: row["label"] for row in csv.DictReader(file)}

    steps = mortal.live(tmp_path, "export", tmp_path / "ws", tmp_path / "whole" / "out")
    wanted = exported(tmp_path / "whole" / "out")
    assert len(wanted) == IMAGES
    for step in spread(rng, steps, long_or_short(1_000, 8)):
        out = tmp_path / str(step) / "out"
        out.parent.mkdir()
        killed = mortal.die(tmp_path, step, "export", tmp_path / "ws", out)
        if not out.exists():
            mortal.live(tmp_path, "export", tmp_path / "ws", out)
        assert exported(out) == wanted, f"killed at step {step} of {steps}"
        assert json.loads((out / "provenance.json").read_text())["rows"] == IMAGES
        pictures = list(out.rglob("*.png"))
        found = {hashlib.sha256(each.read_bytes()).hexdigest() for each in pictures}
        assert found == set(wanted), f"killed at step {step} of {steps}"
        assert [each.name for each in out.parent.iterdir()] == ["out"], f"step {step} of {steps}"
        counts.add(kills=killed)
    counts.add(lost=0, stuck=0)


@pytest.fixture
def old(tmp_path) -> Path:
    """A workspace of the first version."""
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(tmp_path / "old", filter="data")
    return tmp_path / "old" / "workspace"


def content(root: Path) -> dict[str, object]:
    """All that a database holds, but for when its migrations ran."""
    with sqlite3.connect(root / "certilabel.db") as db:
        schema = db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = [name for name, sql in schema if sql and sql.startswith("CREATE TABLE")]
        rows = {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in tables}
        rows["migration"] = db.execute("SELECT number, name FROM migration").fetchall()
    return {"schema": schema, **rows}


def test_a_killed_migration_is_completed_by_the_next_start(
    mortal, old, tmp_path, rng, counts, long_or_short
):
    """Killed at any statement, the old workspace becomes what it becomes undisturbed."""
    shutil.copytree(old, tmp_path / "whole")
    steps = mortal.live(tmp_path, "status", tmp_path / "whole")
    wanted = content(tmp_path / "whole")
    assert len(wanted["event"]) == 20  # type: ignore[arg-type]
    for step in spread(rng, steps, long_or_short(1_000, 8)):
        root = tmp_path / str(step)
        shutil.copytree(old, root)
        killed = mortal.die(tmp_path, step, "status", root)
        mortal.live(tmp_path, "status", root)
        assert content(root) == wanted, f"killed at step {step} of {steps}"
        assert integrity(root / "certilabel.db") == "ok"
        counts.add(kills=killed)
    counts.add(lost=0, stuck=0)
