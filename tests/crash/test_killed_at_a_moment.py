"""Servers and workers killed at any moment: what was saved is there, what was begun ends once."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from annotator.service import Service
from tests.annotator.small import answer, workspace
from tests.annotator.workers import finish, kill, start, until
from tests.crash.test_killed_at_a_step import integrity


def acknowledged(said: Path) -> set[tuple[str, ...]]:
    """(client, seq, kind, image, class) of each answer that was called saved."""
    text = said.read_text() if said.exists() else ""
    return {tuple(line.split()) for line in text.splitlines()}


def logged(service: Service) -> list[tuple[str, ...]]:
    """Likewise, of each that is in the log."""
    rows = service.store.db.rows("SELECT client, seq, kind, image_id, class_id FROM event")
    return [tuple(str(value) for value in row.values()) for row in rows]


def test_what_a_killed_server_called_saved_is_saved(mortal, tmp_path, rng, counts, long_or_short):
    """Each kill takes at most the answer of each expert that was on its way."""
    service = workspace(tmp_path / "ws", 30)
    said, before, known, most = tmp_path / "said", 0, set(), 0.6
    for number in range(long_or_short(60, 8)):
        seconds = rng.uniform(0.05, most)
        most *= 1 if known else 1.6  # where the first answer takes its time
        assert mortal.die_after(seconds, tmp_path, "experts", tmp_path / "ws", said, number)
        known, log = acknowledged(said), logged(service)
        assert len(log) == len(set(log)), "an answer was written twice"
        assert known <= set(log), f"lost: {known - set(log)}"
        assert len(set(log) - known) <= before + 2, "more than was on its way"
        before = len(set(log) - known)
        assert integrity(service.workspace.database) == "ok"
        counts.add(kills=1)
    assert known
    counts.add(saved_answers=len(known), lost=0)


@pytest.mark.timeout(1800)
def test_a_round_whose_workers_are_killed_ends_once(tmp_path, rng, counts, long_or_short):
    """Two workers die at any moment, the third ends the round; it is one round, with one curve."""
    for number in range(long_or_short(12, 1)):
        service = workspace(tmp_path / f"{number}", 40, steps=80, regime="finetune")
        answer(service, 20)
        labels = logged(service)
        job = service.start_round("fixmatch")
        for attempt in (1, 2):
            worker = start(service)
            until(lambda a=attempt, s=service: _attempt(s) >= a or not s.last_job().active, 300)
            time.sleep(rng.uniform(0, 4))
            counts.add(kills=worker.poll() is None)
            kill(worker)
        if service.last_job().active:
            finish(service)
        ended = service.last_job()
        assert (ended.id, ended.state) == (job.id, "done"), ended.error
        [done] = service.rounds()
        points = Counter((each.model, each.number) for each in service.epochs(done.number))
        assert done.state == "done"
        assert set(points.values()) == {1}
        assert logged(service) == labels
        assert integrity(service.workspace.database) == "ok"
        service.close()
        counts.add(rounds=1)
    counts.add(lost=0, stuck=0)


def _attempt(service: Service) -> int:
    return service.last_job().attempt
