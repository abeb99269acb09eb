"""The clock jumps a day: labels keep their order, and nothing waits for a day that is not there."""

from __future__ import annotations

import time

import pytest

from annotator.service import Service
from annotator.store import LostJob
from annotator.store.jobs import Fence
from tests.annotator.small import event, workspace
from tests.crash.shifted import DAY

JUMPS = pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])


@pytest.fixture
def clock(monkeypatch):
    """Set the clock so many seconds ahead of the true one."""
    true = time.time

    def to(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: true() + seconds)

    return to


@pytest.fixture
def service(tmp_path):
    service = workspace(tmp_path / "ws", 12)
    yield service
    service.close()


@JUMPS
def test_the_last_answer_counts_whatever_its_time(service, clock, counts, jump):
    """Dark today, light on the other day, and an undo brings today's back."""
    image = service.images()[0]
    names = {each.id: each.name for each in service.classes()}

    def label() -> str:
        return names[service.store.labels.current()[0].class_id]

    service.record([event(service, image, seq=1, name="dark")], "anna")
    clock(jump)
    service.record([event(service, image, seq=2, name="light")], "anna")
    assert label() == "light"
    clock(0)
    service.record([event(service, image, "undo", seq=3)], "anna")
    assert label() == "dark"
    counts.add(answers=3, lost=0)


@JUMPS
def test_images_that_a_page_held_on_the_other_day_are_asked_soon(service, clock, counts, jump):
    """A page that was closed holds its images for minutes, not for the day that was taken back."""
    clock(jump)
    held = service.lease("gone", "anna", 12)
    assert len(held) == 12
    clock(200)  # minutes later, by the true clock
    assert len(service.lease("new", "anna", 12)) == 12
    counts.add(images=12, stuck=0)


@JUMPS
def test_a_job_whose_worker_died_on_the_other_day_is_taken_over(service, clock, counts, jump):
    """Its lease, too, is for seconds, whatever the clock says then."""
    jobs = service.store.jobs
    clock(jump)
    jobs.add("round", {})
    first = jobs.claim("gone")
    clock(60)
    second = jobs.claim("new")
    assert (second.id, second.attempt) == (first.id, 2)
    with pytest.raises(LostJob):
        jobs.beat(Fence(first.id, first.attempt))
    counts.add(jobs=1, stuck=0)


@JUMPS
def test_a_job_whose_worker_died_on_the_other_day_is_canceled_at_once(service, clock, counts, jump):
    """Nobody has to take it over first."""
    jobs = service.store.jobs
    clock(jump)
    job = jobs.add("round", {})
    jobs.claim("gone")
    clock(60)
    jobs.cancel(job.id)
    assert jobs.last().state == "canceled"
    counts.add(jobs=1, stuck=0)


@JUMPS
def test_the_doctor_frees_what_a_worker_of_the_other_day_holds(service, clock, counts, jump):
    """It was on another machine, so its number says nothing here."""
    clock(jump)
    service.store.workers.register("gone", 1, "elsewhere")
    clock(60)
    told = {each.what: each.state for each in Service.examine(service.workspace.root, mend=True)}
    assert told["leases"] == "mended"
    assert service.store.workers.all() == []
    counts.add(workers=1, stuck=0)


@JUMPS
def test_a_worker_of_the_other_day_is_not_waited_for(service, clock, counts, jump):
    """It runs on another machine, perhaps: all that is known of it is when it was heard of."""
    clock(jump)
    service.store.workers.register("gone", 1, "elsewhere")
    clock(60)
    assert not service.worker_alive()
    counts.add(workers=1, stuck=0)
