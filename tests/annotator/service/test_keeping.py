"""Keeping, as pages and commands ask for it: backups, health, and a request followed to its job."""

import json
import time

import pytest

from annotator.service import Service
from annotator.upkeep import doctor
from tests.annotator.small import answer, workspace
from tests.annotator.workers import finish, finish_apart, kill, start, until


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 12, regime="frozen", steps=4)
    yield opened
    opened.close()


def lines(service):
    return [json.loads(line) for line in service.workspace.log.path.read_text().splitlines()]


def test_there_and_back_again(service, tmp_path):
    """What was labeled is there, in a new place."""
    answer(service, 5)
    service.backup(tmp_path / "b.zip", images=True)
    service.restore(tmp_path / "b.zip", tmp_path / "new")
    again = Service.open(tmp_path / "new")
    assert again.store.labels.current() == service.store.labels.current()
    assert {each.state for each in again.examine(tmp_path / "new")} == {"sound"}
    again.close()


def test_health_says_what_works_and_names_nothing(service):
    """A worker comes and goes; a backup is known by its time."""
    now = service.health()
    assert (now.ok, now.database, now.worker, now.disk) == (True, "ok", "none", "ok")
    assert now.schema == service.store.db.value("SELECT MAX(number) FROM migration")
    assert now.last_backup is None
    service.workspace.backups.mkdir()
    service.backup(service.workspace.backups / "labels-0.zip")
    assert abs(service.health().last_backup - time.time()) < 60
    worker = start(service)
    try:
        until(lambda: service.health().worker == "alive")
    finally:
        kill(worker)


def test_health_says_what_does_not_work(service, tmp_path, monkeypatch):
    """A database that is gone or of no use, and a disk that is nearly full."""
    monkeypatch.setattr(doctor, "LOW_BYTES", 2**80)
    assert (service.health().disk, service.health().ok) == ("low", False)
    monkeypatch.undo()
    service.close()
    path = service.workspace.database
    path.replace(tmp_path / "elsewhere")
    assert (service.health().database, service.health().ok) == ("missing", False)
    assert not path.exists()
    path.write_text("words, and no database at all" * 200)
    assert (service.health().database, service.health().ok) == ("failing", False)


def test_one_id_leads_from_the_click_to_the_worker_s_last_line(service):
    """The page gives it, the service and the job carry it, the worker's own process writes it."""
    answer(service, 8)
    with service.requested("click-1"):
        job = service.start_round()
    finish_apart(service)
    mine = [line for line in lines(service) if line.get("request") == "click-1"]
    assert {line.get("job") for line in mine} == {job.id}
    events = [line["event"] for line in mine]
    assert (events[0], events[1], events[-1]) == ("round asked for", "job begun", "job done")
    assert "step" in events
    assert len({line["process"] for line in mine}) == 2
    assert mine == service.job_log(job)[-len(mine) :]


def test_a_job_without_a_page_has_an_id_too(service):
    """A script that calls the service: every call is a request of its own."""
    answer(service, 4)
    answer(service, 4, first=5)
    ids = [line["request"] for line in lines(service) if line["event"] == "answers stored"]
    assert len(ids) == len(set(ids)) == 2


def test_a_round_that_failed_says_why_in_its_log(service):
    """With where it came from; the sentence on the page is the shorter one."""
    answer(service, 8)
    service.workspace.image_path(service.images()[0].stored).unlink()
    job = service.start_round()
    finish(service)
    assert service.last_job().state == "failed"
    last = service.job_log(job)[-1]
    assert (last["event"], last["level"]) == ("job failed", "error")
    assert last["error"] == service.last_job().error


def test_the_log_names_no_person(service):
    """Who labeled stands in the database alone."""
    answer(service, 4)
    assert "anna" not in service.workspace.log.path.read_text()


def test_a_label_is_stored_where_the_log_cannot_be_written(service):
    """A full disk for the log is no reason to lose an answer."""
    service.workspace.log.path.unlink(missing_ok=True)
    service.workspace.log.path.mkdir()
    answer(service, 4)
    assert service.progress().labeled == 4
