"""The ledger of a job: whose time it was, what it learns of earlier jobs, what it records."""

import pytest

from annotator.model import Part, Step
from annotator.rounds.timing.ledger import Ledger
from annotator.store import Fence, Store


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "certilabel.db")


@pytest.fixture
def clock():
    return Clock()


def begun(store, clock):
    store.jobs.add("round", {})
    job = store.jobs.claim("w")
    fence = Fence(job.id, job.attempt)
    return Ledger(store, fence, clock), fence


def step(ledger, clock, after, part, done):
    """A step that comes `after` so many seconds."""
    clock.now += after
    ledger.note(Step(0.5, "…", part=part, done=done))


def seconds(ledger):
    return {each.name: each.seconds for each in ledger.parts}


def test_time_is_put_down_to_the_part_that_took_it(store, clock):
    """What passes before a part says that it has begun was the one before's; at first, nobody's."""
    ledger, fence = begun(store, clock)
    ledger.expect([Part("reading", "r", 10), Part("training", "t", 100), Part("predicting")])
    step(ledger, clock, 0.5, "reading", 0.0)
    step(ledger, clock, 2, "reading", 0.4)
    step(ledger, clock, 3, "reading", 1.0)
    step(ledger, clock, 7, "training", 0.2)  # it begins in silence
    step(ledger, clock, 5, "training", 1.0)
    step(ledger, clock, 1, "predicting", 0.0)  # told at its begin
    clock.now += 4
    ledger.close()
    assert seconds(ledger) == {"reading": 5.0, "training": 13.0, "predicting": 4.0}
    assert sum(seconds(ledger).values()) == clock.now - 0.5
    found, _ = store.parts.of_job(fence.job_id)
    assert found == tuple(ledger.parts)
    assert all(each.ended for each in found)


def test_a_part_that_is_passed_over_is_done_and_news_of_an_earlier_one_changes_nothing(
    store, clock
):
    """Such as near-duplicates where no image is new."""
    ledger, _ = begun(store, clock)
    ledger.expect([Part("a", "a", 10), Part("b", "b", 10), Part("c", "c", 10)])
    step(ledger, clock, 1, "a", 0.5)
    step(ledger, clock, 2, "c", 0.5)
    step(ledger, clock, 1, "a", 0.7)
    assert [each.done for each in ledger.parts] == [10, 10, 5]
    assert seconds(ledger) == {"a": 1, "b": 0, "c": 3}


def test_what_was_begun_stays_when_more_is_known(store, clock):
    """The outline gives way to what there is to do; the time already spent is not forgotten."""
    ledger, _ = begun(store, clock)
    ledger.expect([Part("color", "c", 10), Part("training", amount=1)])
    step(ledger, clock, 2, "color", 0.3)
    ledger.expect([Part("reading", "r", 40), Part("training", "t", 300)])
    step(ledger, clock, 2, "reading", 0.5)
    assert [(each.name, each.done, each.seconds) for each in ledger.parts] == [
        ("color", 10, 2), ("reading", 20, 2), ("training", 0, 0),
    ]  # fmt: skip


def test_the_next_job_knows_from_the_one_before_how_long_it_will_take(store, clock):
    """Unknown at first; then the bar goes by time: a tenth of the steps may be half of it."""
    ledger, fence = begun(store, clock)
    ledger.expect([Part("reading", "r", 10), Part("training", "t", 100)])
    assert not ledger.knows("training")
    step(ledger, clock, 30, "reading", 1.0)
    assert store.jobs.last().progress == 0.5, "what the step says, as nobody knows better"
    step(ledger, clock, 10, "training", 1.0)
    ledger.close()
    store.jobs.finish(fence, "done")
    ledger, _ = begun(store, clock)
    ledger.expect([Part("reading", "r", 20), Part("training", "t", 100)])
    assert ledger.knows("training")
    step(ledger, clock, 30, "reading", 0.5)
    assert store.jobs.last().progress == pytest.approx(30 / (30 + 30 + 10))


def test_what_follows_the_last_step_of_a_job_is_on_its_way_too(store, clock):
    """Two thirds of a part pass after it has last said how far it is: storing, of a large pool."""
    for _ in range(2):
        ledger, fence = begun(store, clock)
        ledger.expect([Part("predicting", "p", 100)])
        for done in (0.0, 0.4, 0.6, 0.7, 0.8):
            step(ledger, clock, 2.5 if done else 0, "predicting", done)
        known = ledger.parts[0]
        clock.now += 20
        ledger.close()
        store.jobs.finish(fence, "done")
    assert known.done == pytest.approx(100 * 10 / 30, abs=5)


def test_a_probe_tells_where_no_earlier_job_does(store, clock):
    """How long one takes, and how the time spreads over the way."""
    ledger, _ = begun(store, clock)
    ledger.expect([Part("baseline", "b", 100), Part("training", "t", 100)])
    ledger.learn("training", 0.5, (0.5,) * 15)
    assert [each.usual for each in ledger.parts] == [None, 0.5]
    step(ledger, clock, 1, "training", 0.5)
    assert ledger.parts[1].done == 50


def test_the_next_job_knows_where_on_the_way_the_time_goes(store, clock):
    """Three quarters of the steps take a quarter of the time, and the last quarter the rest."""
    for after in (0, 1):
        ledger, fence = begun(store, clock)
        ledger.expect([Part("training", "t", 100)])
        for number in range(1, 17):
            step(ledger, clock, 1 if number <= 12 else 9, "training", number / 16)
            if number == 12:
                assert ledger.parts[0].done == pytest.approx(25 if after else 75)
        ledger.close()
        store.jobs.finish(fence, "done")
