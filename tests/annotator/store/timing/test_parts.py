"""Parts of jobs: kept as they go, and told to the jobs that come after."""

import pytest

from annotator.model import Part
from annotator.store import Fence, LostJob, Store


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "certilabel.db")


def begun(store):
    store.jobs.add("round", {})
    job = store.jobs.claim("w")
    return Fence(job.id, job.attempt)


def test_parts_are_read_as_they_were_told_in_their_order(store):
    """From the first that changed on; the others stay."""
    fence = begun(store)
    parts = [Part("reading", "r", 10, 10, 2.5, 0.2), Part("training", "t", 300, 0, 0.0, None)]
    store.parts.report(fence, parts, 0.1, "reading")
    parts = [
        Part("not written", "n", 1),
        Part("training", "t", 300, 100, 7.0, 0.1, True, (0.2, 0.4), 0.06, 20.0),
    ]
    store.parts.report(fence, parts, 0.4, "training", since=1)
    found, at = store.parts.of_job(fence.job_id)
    assert [(each.name, each.done) for each in found] == [("reading", 10), ("training", 100)]
    assert found[1] == parts[1]
    assert at > 0
    assert (store.jobs.last().progress, store.jobs.last().message) == (0.4, "training")
    assert store.parts.of_job(99) == ((), 0.0)


def test_who_lost_the_job_writes_no_part(store):
    """Nor takes any away."""
    fence = begun(store)
    store.parts.report(fence, [Part("reading", "r", 10)], 0.1, "")
    with pytest.raises(LostJob):
        store.parts.report(Fence(fence.job_id, fence.attempt + 1), [], 0.5, "")
    assert [each.name for each in store.parts.of_job(fence.job_id)[0]] == ["reading"]


def test_the_usual_rate_is_that_of_the_newest_jobs_that_did_all_of_it_at_once(store):
    """Not of one that failed, of one begun anew, of half a part, or of one without a kind."""
    for seconds, state, done, again in (
        (900, "done", 10, False),
        (10, "done", 10, False),
        (20, "done", 10, False),
        (500, "failed", 10, False),
        (500, "done", 5, False),
        (500, "done", 10, True),
        (60, "done", 10, False),
    ):
        fence = begun(store)
        if again:
            store.jobs.release(fence)
            job = store.jobs.claim("w")
            fence = Fence(job.id, job.attempt)
        part = Part("reading", "r", 10, done, seconds, course=(seconds / 100,))
        store.parts.report(fence, [part, Part("other", "", 10, 10, 77)], 1, "")
        store.jobs.finish(fence, state)
    rate, course = store.parts.like("r")
    assert rate == pytest.approx((10 + 20 + 60) / 30)
    assert course == (0.6,), "that of the newest"
    assert store.parts.like("") is None
    assert store.parts.like("unknown") is None
