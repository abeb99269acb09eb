"""Exploring beside jobs and labels: the map they leave, and a reason followed to the end."""

import csv

import pytest

from annotator.store.queue import RANDOM
from annotator.worker import Worker
from tests.annotator.small import answer, event, workspace


def test_jobs_leave_map_embeddings_near_duplicates_and_agreement(tmp_path):
    """A preparing job draws the map; rounds draw it anew and say how far they agree."""
    service = workspace(tmp_path / "ws", 40, steps=4)
    service.prepare()
    worker = Worker(service.workspace)
    worker.run(once=True)
    pool = service.store.images.ids("pool")
    assert [each.image_id for each in service.explore.points()] == pool
    assert {each.source for each in service.explore.points()} == {"new"}
    assert service.explore.near_duplicates().unsearched == 0
    assert service.explore.like(1)
    before = service.explore.state()
    for first in (1, 13):
        answer(service, 12, first=first)
        service.start_round("supervised", "finetune")
        worker.run(once=True)
    assert service.explore.state() != before
    points = {each.image_id: each for each in service.explore.points()}
    for label in service.store.labels.current("pool"):
        assert points[label.image_id].source == "human"
    assert all(each.entropy is not None and each.predicted for each in points.values())
    one, two = (each.details.agreement for each in service.rounds())
    assert one is None
    assert -1 <= two <= 1
    assert any("Too few rounds" in each.text for each in service.advice())


def test_a_reason_goes_from_the_score_to_the_page_to_the_export(tmp_path):
    """The entropy that a round computed is what the expert reads, and what the data set keeps."""
    service = workspace(tmp_path / "ws", 60, policy="entropy", steps=6)
    service.prepare()
    worker = Worker(service.workspace)
    worker.run(once=True)
    answer(service, 20)
    service.start_round("supervised", "finetune")
    worker.run(once=True)
    latest = service.store.results.latest()
    said = service.store.results.predictions(latest.number)
    questions = service.lease("reader", "anna", 25)
    scored = [each for each in questions if each.reason == "the model is undecided"]
    assert scored
    for each in scored:
        assert each.score == pytest.approx(said[each.image.id].entropy, abs=1e-4)
        assert each.detail == f"entropy {each.score:.2f} nats"
        assert each.guess == ""  # it sways who reads it
    events = [
        event(service, each.image, seq=seq, client="reader")
        for seq, each in enumerate(questions, 1)
    ]
    service.record(events, "anna")
    service.export(tmp_path / "out", pseudo=True)
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        exported = {row["sha256"]: row for row in csv.DictReader(file)}
    for each in questions:
        told = f"{each.reason} ({each.detail})" if each.detail else each.reason
        assert exported[each.image.sha256]["reason"] == told
    tests = {each.image.sha256 for each in questions if each.image.split == "test"}
    assert tests
    assert {exported[sha]["reason"] for sha in tests} == {RANDOM}
    assert {row["reason"] for row in exported.values() if row["source"] == "pseudo"} <= {""}
