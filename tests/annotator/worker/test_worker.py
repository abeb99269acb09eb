"""The real worker process: rounds that train, stop, fail in words, and survive kill -9."""

import os
import signal
import subprocess
import sys

import pytest

from tests.annotator.small import KINDS, answer, event, workspace
from tests.annotator.workers import finish, finish_apart, kill, start, until


@pytest.fixture
def service(tmp_path):
    service = workspace(tmp_path / "ws", 60, regime="finetune")
    yield service
    service.close()


def test_a_round_trains_both_models_predicts_and_asks_anew(service):
    """Everything a page shows of a round is there after it, and it is right."""
    answer(service, 24)
    service.start_round()
    finish_apart(service)
    [done] = service.rounds()
    assert done.state == "done"
    assert done.labels == service.progress().pool_labeled
    epochs = service.epochs(done.number)
    assert {point.model for point in epochs} == {"baseline", "ssl"}
    assert epochs[-1].step == service.settings().steps
    points = {point.model: point for point in service.curve()}
    assert points["ssl"].n == service.progress().test_labeled > 0
    rows = service.store.results.pseudo_labels(done.number, 0.0)
    assert len(rows) == service.progress().pool - service.progress().pool_labeled
    assert done.pseudo_labels == sum(row.confidence >= done.threshold for row in rows)
    assert sum(count for _, _, count in service.confidences(done.number)) == len(rows)
    assert sum(ratio.predicted for ratio in service.ratios()) == len(rows)
    reasons = [question.reason for question in service.lease("new tab", "anna", 10)]
    assert any(reason.startswith("a close call") for reason in reasons)


def test_test_images_are_never_trained_on_nor_pseudo_labeled(service):
    """With every image labeled, the round still learns from the pool's alone."""
    answer(service, 60)
    assert service.progress().labeled == 60
    service.start_round()
    finish(service)
    [done] = service.rounds()
    assert done.labels == service.progress().pool < 60
    assert service.pseudo_labels(done.number, limit=-1) == []


def test_a_worker_killed_in_the_middle_of_a_round_is_resumed_from_its_checkpoint(tmp_path):
    """The second attempt goes on where the first had saved, and finishes the same round."""
    service = workspace(tmp_path / "ws", 60, steps=4000, regime="finetune")
    answer(service, 24)
    job = service.start_round()
    worker = start(service)
    folder = until(
        lambda: service.rounds() and service.workspace.round_folder(service.rounds()[0].number)
    )
    until(
        lambda: (
            len([p for p in service.epochs(service.rounds()[0].number) if p.model == "baseline"])
            > 3
        )
    )
    kill(worker)
    [begun] = service.rounds()
    saved = service.epochs(begun.number)
    assert service.last_job().state == "running"
    assert list(folder.glob("baseline-fits/*.pt"))

    service.store.db.run("DELETE FROM epoch")  # what comes now was computed by the second worker
    second = start(service)
    try:
        again = until(lambda: service.epochs(begun.number))
        assert service.last_job().attempt == 2
        assert again[0].step > 20 * (len(saved) - 2) > 0, "it began from the start"
        service.cancel(job.id)
        until(lambda: not service.last_job().active)
    finally:
        kill(second)
    assert len(service.rounds()) == 1
    assert service.rounds()[0].watermark == begun.watermark


def test_a_round_that_was_killed_ends_as_if_it_had_not_been(tmp_path):
    """The same workspace twice, one killed: the same weights and curve, to the last bit."""
    hashes, curves = [], []
    for name in ("calm", "killed"):
        service = workspace(tmp_path / name, 40, steps=60, regime="finetune", method="fixmatch")
        answer(service, 20)
        service.start_round()
        if name == "killed":
            worker = start(service)
            until(lambda s=service: s.rounds() and len(s.epochs(s.rounds()[0].number)) > 1)
            kill(worker)
            assert service.last_job().state == "running"
        finish_apart(service)
        [done] = service.rounds()
        assert done.state == "done", service.last_job().error
        hashes.append(done.model_hash)
        points = service.epochs(done.number)
        curves.append({(each.model, each.number): (each.step, each.loss) for each in points})
    assert hashes[0] == hashes[1]
    calm, killed = curves
    assert killed.items() <= calm.items()
    assert len(killed) >= len(calm) - 1, "the point between its checkpoint and the kill may be lost"


def test_a_round_can_be_canceled_while_it_trains(tmp_path):
    """It ends within an epoch, and another can start."""
    service = workspace(tmp_path / "ws", 40, steps=100_000, regime="finetune")
    answer(service, 20)
    job = service.start_round()
    worker = start(service)
    try:
        until(lambda: service.rounds() and service.epochs(service.rounds()[0].number))
        service.cancel(job.id)
        until(lambda: service.last_job().state == "canceled")
        assert service.start_round().state == "queued"
    finally:
        kill(worker)


def test_a_worker_ends_by_itself_when_its_app_is_gone(service):
    """An app that was killed leaves no process behind."""
    code = (
        "import subprocess, sys, os, time\n"
        "p = subprocess.Popen([sys.executable, '-m', 'annotator.worker', sys.argv[1],"
        " '--parent', str(os.getpid())])\n"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(service.workspace.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as app:
        worker = int(app.stdout.readline())
        until(service.store.workers.all)
        app.kill()
    until(lambda: not service.store.workers.all())
    with pytest.raises(ProcessLookupError):
        until(lambda: os.kill(worker, signal.SIG_DFL))


def test_frozen_rounds_reuse_the_embeddings_of_the_first(tmp_path):
    """The second round does not embed again: the files of the cache are not touched."""
    service = workspace(tmp_path / "ws", 24, side=20)
    answer(service, 12)
    stamps = []
    for _ in range(2):
        service.start_round(regime="frozen")
        finish(service)
        assert service.last_job().state == "done", service.last_job().error
        files = sorted(service.workspace.features.rglob("*.f16"))
        stamps.append([(file.name, file.stat().st_mtime_ns) for file in files])
    assert len(stamps[0]) == 4
    assert stamps[0] == stamps[1]
    assert [each.regime for each in service.rounds()] == ["frozen", "frozen"]


def test_a_recipe_runs_as_a_round(service):
    """Self-training goes the same way as a method."""
    answer(service, 16)
    service.start_round("self_training", params={"max_iter": 2})
    finish(service)
    [done] = service.rounds()
    assert (done.state, done.method) == ("done", "self_training")
    assert done.stopped


def test_a_round_with_enough_labels_starts_from_the_one_before(tmp_path):
    """A class that was added in between is learned as well."""
    service = workspace(tmp_path / "ws", 90, kinds=KINDS, regime="finetune")
    striped = next(each for each in service.classes() if each.name == "striped")
    service.remove_class(striped.id)
    images = [question.image for question in service.lease("tab", "anna", 90)]
    two = [image for image in images if "striped" not in image.name]
    service.record([event(service, image, seq=i) for i, image in enumerate(two, 1)], "anna")
    service.start_round()
    finish(service)
    assert service.rounds()[0].labels >= 10 * 3
    assert (service.workspace.round_folder(service.rounds()[0].number) / "ssl.pt").exists()
    service.restore_class(striped.id)
    rest = [image for image in images if "striped" in image.name][:20]
    service.record([event(service, image, seq=i) for i, image in enumerate(rest, 100)], "anna")
    service.start_round()
    finish(service)
    assert [each.state for each in service.rounds()] == ["done", "done"], service.last_job().error
    assert [each.details.warm for each in service.rounds()] == [None, service.rounds()[0].number]
    assert len(service.rounds()[1].details.classes) == 3


def test_an_import_prepares_the_first_questions_without_any_label(tmp_path):
    """The first questions spread over both groups and say why they are asked."""
    service = workspace(tmp_path / "ws", 40)
    service.prepare()
    finish(service)
    assert service.last_job().state == "done", service.last_job().error
    questions = service.lease("tab", "anna", 10)
    kinds = {q.image.name.split()[-1] for q in questions if "look like this one" in q.reason}
    assert kinds == {"dark.png", "light.png"}


def test_a_defect_in_a_round_is_told_in_words_and_the_worker_lives_on(service):
    """A missing image file fails the job with the file's name; the next job still runs."""
    answer(service, 12)
    image = service.images()[0]
    path = service.workspace.image_path(image.stored)
    content = path.read_bytes()
    path.unlink()
    service.start_round()
    finish(service)
    assert service.last_job().state == "failed"
    assert path.name in service.last_job().error
    path.write_bytes(content)
    service.start_round()
    finish(service)
    assert service.last_job().state == "done"
