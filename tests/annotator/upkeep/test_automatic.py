"""Backups that make themselves: when they are due, how many stay, and that they harm nothing."""

import os
import time
from dataclasses import replace

import pytest

from annotator.simulating.loop import copy
from annotator.store import Store
from annotator.upkeep.automatic import RETRY_SECONDS, keeping, made, make_if_due
from annotator.upkeep.restore import restore
from tests.annotator.small import answer, event, workspace
from tests.annotator.workers import kill, start, until


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 40, backup_every=5, backups_kept=2)
    yield opened
    opened.close()


def due(service):
    return make_if_due(service.workspace, service.store)


def test_one_is_made_after_every_so_many_labels_and_has_them_all(service, tmp_path):
    """Skips and undos do not count; only its owner reads the folder."""
    answer(service, 4)
    service.record([event(service, service.images()[0], "skip", seq=90)], "anna")
    assert due(service) is None
    answer(service, 1, first=91)
    file = due(service)
    assert file is not None
    assert due(service) is None
    assert file.parent.stat().st_mode & 0o777 == 0o700
    restore(file, tmp_path / "new")
    assert Store(tmp_path / "new" / "certilabel.db").labels.count() == 5


def test_no_more_than_a_bounded_number_stays(service):
    """The newest ones do."""
    files = []
    for number in range(4):
        answer(service, 5, first=1 + 5 * number)
        files.append(due(service))
        os.utime(files[-1], (1000 + number, 1000 + number))
    assert made(service.workspace) == files[-2:]


def test_a_clock_that_was_put_back_does_not_make_the_newest_the_oldest(service):
    """It was removed at once, and with it the thread that makes them ended."""
    tomorrow = time.time() + 86_400
    for number in range(2):
        answer(service, 5, first=1 + 5 * number)
        os.utime(due(service), (tomorrow + number, tomorrow + number))
    for number in range(2, 5):
        answer(service, 5, first=1 + 5 * number)
        file = due(service)
        assert file.exists()
        assert made(service.workspace)[-1] == file
        assert len(made(service.workspace)) == 2
    assert [each.name for each in made(service.workspace)] == ["labels-20.zip", "labels-25.zip"]


def test_a_job_goes_first_unless_twice_as_many_labels_have_come(service):
    """What the job is to have is not spent beside it; labels do not wait for ever either."""
    answer(service, 5)
    service.start_round("supervised")
    assert due(service) is None
    answer(service, 4, first=20)
    assert due(service) is None
    answer(service, 1, first=30)
    assert due(service) is not None
    answer(service, 5, first=40)
    assert due(service) is None
    service.cancel(service.last_job().id)
    assert due(service) is not None


def test_zero_is_never(service):
    """The owner may have another way."""
    service.save_settings(replace(service.settings(), backup_every=0))
    answer(service, 20)
    assert due(service) is None
    assert not service.workspace.backups.exists()


def test_a_backup_of_later_labels_does_not_count(service):
    """A database that somebody brought back by hand is behind its own backups."""
    service.workspace.backups.mkdir()
    (service.workspace.backups / "labels-900.zip").write_bytes(b"of another history")
    answer(service, 5)
    assert due(service) is not None


def test_a_worker_makes_them_by_itself_and_logs_it(service):
    """No job is needed, and no page waits for it."""
    answer(service, 5)
    worker = start(service)
    try:
        [file] = until(lambda: made(service.workspace))
        lines = until(lambda: service.workspace.log.path.read_text().count("backup made"))
        assert lines == 1
        assert file.name == f"labels-{service.store.labels.watermark()}.zip"
    finally:
        kill(worker)


def test_one_that_fails_is_logged_and_tried_later(service):
    """Something lies where the folder should be; the body goes on and ends."""
    service.workspace.backups.write_text("in the way")
    answer(service, 5)
    log = service.workspace.log.path
    with keeping(service.workspace):
        until(lambda: "backup failed" in log.read_text())
    assert log.read_text().count("backup failed") == 1
    assert RETRY_SECONDS > 5
    answer(service, 1, first=60)


def test_a_simulated_copy_backs_nothing_up(service, tmp_path):
    """It has nothing to lose."""
    with copy(service, tmp_path / "copy", seed=0, policy="random") as fresh:
        assert fresh.settings().backup_every == 0
