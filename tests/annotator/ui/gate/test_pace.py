"""The pace of writes: what comes too fast waits, and is not lost."""

import random

import pytest

from annotator.ui.gate import pace
from annotator.ui.gate.pace import MESSAGES, UNIT, WRITES, Bucket, Paced
from tests.annotator.asgi import Recorder, request, websocket


@pytest.fixture
def slept(monkeypatch):
    """The seconds that were waited, without waiting."""
    seconds = []

    async def sleep(time):
        seconds.append(time)

    monkeypatch.setattr(pace.asyncio, "sleep", sleep)
    return seconds


def test_a_bucket_lets_its_burst_and_its_rate_through():
    """By the clock: at no moment has more come through than both allow."""
    bucket, rng, now, through = Bucket(10, 20), random.Random(0), 0.0, []
    for _ in range(500):
        now += rng.expovariate(25)
        through.append(now + bucket.wait(1, now))
    for first in range(0, 500, 7):
        for last in range(first, 500, 11):
            spent = through[last] - through[first]
            assert last - first + 1 <= 20 + 10 * spent + 1e-6 + 1


def test_a_person_never_waits(slept):
    """Ten answers a second for a minute, with the clock of this test."""
    bucket = Bucket(*MESSAGES)
    assert [bucket.wait(1, second / 10) for second in range(600)] == [0.0] * 600


def test_messages_beyond_the_pace_wait_and_all_arrive(slept):
    """In their order; a large message counts as many."""
    app = Recorder()
    sent = [str(n).encode() for n in range(700)] + [b"x" * UNIT * 100]
    assert websocket(Paced(app), sent=sent).status == 101
    assert app.received == sent
    assert max(slept[:400]) == 0
    assert slept[-1] > slept[-2] + 1.5  # 101 units at 50 a second


def test_uploads_beyond_the_pace_wait_and_then_are_told_to_come_again(slept, monkeypatch):
    """All in the same moment. Reading is free; what is refused costs no further time."""
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1.0)
    monkeypatch.setattr(pace, "LONGEST_WAIT", 2.0)
    app = Recorder()
    gate = Paced(app)
    wanted = int(WRITES[1] + WRITES[0] * pace.LONGEST_WAIT) + 500
    statuses = [request(gate, "/x", method="PUT").status for _ in range(wanted)]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) == len(app.paths) == WRITES[1] + WRITES[0] * pace.LONGEST_WAIT
    assert max(slept) == pace.LONGEST_WAIT
    before = len(slept)
    assert request(gate, "/x").status == 200
    assert len(slept) == before


def test_only_so_many_addresses_are_remembered(monkeypatch):
    """Whoever comes from ever new ones fills no memory."""
    monkeypatch.setattr(pace, "_KEPT", 10)
    gate = Paced(Recorder())
    for number in range(50):
        gate._bucket({"client": (f"192.0.2.{number}", 1)})
    assert len(gate.addresses) == 10
