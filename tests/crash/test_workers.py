"""Workers that stop, continue, or meet another one: each job is done once."""

from __future__ import annotations

import signal
import time
from collections import Counter

import pytest

from annotator.service import Service
from annotator.store.jobs import LEASE_SECONDS
from tests.annotator.small import answer, workspace
from tests.annotator.workers import kill, start, until
from tests.crash.shifted import DAY
from tests.forks import WORKER, Process

PATIENCE = 400.0  # seconds for a round on a machine that does other things

pytestmark = pytest.mark.timeout(1200)


def start_tomorrow(service: Service) -> Process:
    """A worker whose clock is a day ahead: to it, every lease has run out."""
    ahead = f"from tests.crash.shifted import shift; shift({DAY}); "
    return Process(ahead + WORKER, service.workspace.root, trains=True)


def curve(service: Service, number: int) -> Counter[tuple[str, int]]:
    return Counter((each.model, each.number) for each in service.epochs(number))


def test_a_worker_that_was_stopped_and_continues_disturbs_nobody(tmp_path, counts, soak):
    """The second ends the round; the first finds out, writes nothing, and does the next job."""
    service = workspace(tmp_path / "ws", 30, steps=80, regime="finetune")
    answer(service, 16)
    job = service.start_round("fixmatch")
    workers = [start(service)]
    try:
        until(lambda: service.rounds() and service.epochs(service.rounds()[0].number), PATIENCE)
        workers[0].send_signal(signal.SIGSTOP)
        if soak:
            time.sleep(LEASE_SECONDS + 1)
        workers.append(start(service) if soak else start_tomorrow(service))
        until(lambda: not service.last_job().active, PATIENCE)
        ended, [done] = service.last_job(), service.rounds()
        assert (ended.id, ended.state, ended.attempt) == (job.id, "done", 2), ended.error
        kill(workers[1])
        before = curve(service, done.number), done.model_hash
        workers[0].send_signal(signal.SIGCONT)
        service.prepare()
        until(lambda: service.last_job().state == "done", PATIENCE)
        assert service.last_job().kind == "prepare"
        [after] = service.rounds()
        assert (curve(service, after.number), after.model_hash) == before
        assert set(before[0].values()) == {1}
    finally:
        for worker in workers:
            kill(worker)
        service.close()
    counts.add(takeovers=1, lost=0, stuck=0)


def test_two_workers_do_each_job_once(tmp_path, counts, long_or_short):
    """Jobs come one after the other while both look for work."""
    service = workspace(tmp_path / "ws", 20, steps=12, regime="finetune")
    answer(service, 12)
    workers = [start(service), start(service)]
    rounds = long_or_short(6, 1)
    try:
        until(lambda: len(service.store.workers.all()) == 2, PATIENCE)
        for _ in range(rounds):
            for begin in (service.prepare, lambda: service.start_round("supervised")):
                begin()
                until(lambda: not service.last_job().active, PATIENCE)
                assert service.last_job().state == "done", service.last_job().error
    finally:
        for worker in workers:
            kill(worker)
    rows = service.store.db.rows("SELECT kind, state FROM job WHERE state <> 'canceled'")
    done = {("prepare", "done"): rounds, ("round", "done"): rounds}
    assert Counter(tuple(row.values()) for row in rows) == done
    assert len(service.rounds()) == rounds
    for each in service.rounds():
        assert set(curve(service, each.number).values()) <= {1}
    service.close()
    counts.add(jobs=2 * rounds, lost=0, stuck=0)
