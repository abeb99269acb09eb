"""A workspace that version 0.1 made opens and goes on: a round killed in the middle included.

`tests/fixtures/workspace-0.1.tar.gz` was made with that version: 36 images, 17 labels, an undo, a
skip, a finished round, a canceled job, a removed class, picks, and a second round whose worker was
killed half-way, with its checkpoints. `facts.json` holds what that version said of it.
"""

import csv
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest

from annotator.service import Service
from annotator.store.queue import RANDOM
from tests.annotator.small import answer
from tests.annotator.workers import finish

FIXTURE = Path(__file__).parents[2] / "fixtures" / "workspace-0.1.tar.gz"


@pytest.fixture
def root(tmp_path):
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "workspace"


@pytest.fixture
def facts(root):
    return json.loads((root.parent / "facts.json").read_text())


@pytest.fixture
def service(root):
    opened = Service.open(root)
    yield opened
    opened.close()


def test_it_says_what_the_old_version_said(service, facts):
    """Counts, every label, the measured curve, the classes, the settings."""
    progress = service.progress()
    assert [progress.images, progress.labeled] == facts["progress"]
    assert service.count_by_class() == facts["by_class"]
    labels = {str(each.image_id): each.class_id for each in service.store.labels.current()}
    assert labels == facts["labels"]
    points = [[p.round, p.model, p.labels, p.accuracy, p.n] for p in service.curve()]
    assert points == facts["curve"]
    assert [each.name for each in service.classes(removed=True) if each.removed] == ["unused"]
    assert (service.settings().steps, service.settings().goal) == (120, 0.9)
    assert len(service.explore.points()) == progress.pool


def test_states_and_questions_have_their_new_names(service):
    """What was spelled otherwise is found, and what was drawn is known by its flag."""
    states = [row["state"] for row in service.store.db.rows("SELECT state FROM job ORDER BY id")]
    assert states == ["canceled", "done", "done", "canceled", "running"]
    asks = service.store.queue.ahead()
    assert {each.drawn for each in asks} == {True, False}
    assert all(each.drawn == (each.reason == RANDOM) for each in asks)
    assert {each.reason for each in asks if each.picked} == {"like 3"}


def test_the_round_that_was_killed_is_done_and_the_next_ones_follow(service, root):
    """It keeps its number, its labels and its settings; a job's id is never given twice."""
    [first, killed] = service.rounds()
    assert (killed.number, killed.state, killed.labels) == (2, "running", 14)
    assert (killed.details.steps, killed.details.backbone) == (120, "small_cnn")
    service.store.db.run("DELETE FROM epoch")  # what comes now was computed by this version
    finish(service)
    steps = [point.step for point in service.epochs(2) if point.model == "ssl"]
    assert steps == [80, 100, 120], "it goes on from the old version's checkpoint"
    assert not [point for point in service.epochs(2) if point.model == "baseline"]
    done = service.rounds()[-1]
    assert (done.state, done.number, done.method) == ("done", 2, "flexmatch")
    assert done.labels == killed.labels
    assert done.details.agreement is not None, "it was compared with the round before"
    assert first.finished < done.finished
    answer(service, 3, first=100)
    newest = service.store.jobs.last()
    job = service.start_round("supervised", "frozen")
    assert job.id == newest.id + 1
    finish(service)
    assert [each.number for each in service.rounds()] == [1, 2, 3]
    assert service.rounds()[-1].labels > done.labels
    report = service.export(root / "exports" / "all", threshold=0.0)
    assert report.human == service.progress().labeled
    with (root / "exports" / "all" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rounds = {row["round"] for row in csv.DictReader(file) if row["source"] == "pseudo"}
    assert rounds == {"3"}


def test_a_round_that_waits_is_completed_by_what_the_workspace_is_now(service):
    """An old click fixed four things only; the rest is fixed when it begins."""
    service.cancel(service.active_job().id)
    asked = {"method": "supervised", "regime": "frozen", "params": {}, "watermark": 20}
    service.store.jobs.add("round", asked)
    finish(service)
    done = service.rounds()[-1]
    assert (done.state, done.watermark, done.details.steps) == ("done", 20, 120)


def test_nothing_of_the_old_log_is_changed(root):
    """Every event and every image, column by column, before and after the upgrade."""

    def read(table, columns):
        with sqlite3.connect(root / "certilabel.db") as db:
            return db.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()

    wanted = {
        "event": "id, client, seq, kind, image_id, class_id, undoes, annotator, at, reason, score",
        "image": "id, sha256, name, stored, width, height, split, note, draw, added",
        "class": "id, name, added, removed",
        "round": "*",
    }
    before = {table: read(table, columns) for table, columns in wanted.items()}
    Service.open(root).close()
    assert {table: read(table, columns) for table, columns in wanted.items()} == before
    assert len(before["event"]) == 20
