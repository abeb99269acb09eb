"""Twenty experts at once, rounds and imports beside them: quick, complete, and no more memory."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import mean, quantiles

import pytest

from annotator.service import Service
from tests.annotator.small import answer, source, workspace
from tests.crash.mortal import ROOT

EXPERTS = 20
SLOW = 3.0  # seconds that 19 of 20 answers stay below, also on a machine that does other things
GROWTH = 48.0  # MiB that the second half may have more than the first: what caches take, no leak


@pytest.mark.timeout(1800)
def test_twenty_experts_lose_nothing_and_do_not_wait(tmp_path, counts, long_or_short, in_ci):
    """Every answer that was called saved is in the log, once, and nothing else is."""
    seconds, folders = long_or_short(1200, 120 if in_ci else 15), long_or_short(20, 2)
    images, method = long_or_short(3000, 200), long_or_short("ensemble", "supervised")
    service = workspace(tmp_path / "ws", images, steps=30, round_every=50, method=method)
    answer(service, 20, client="before")
    service.start_round("supervised")  # it begins with the experts
    service.close()
    for number in range(folders):
        made = source(tmp_path / "sources" / f"{number:02d}", 40, side=17 + number)
        assert len(list(made.iterdir())) == 40
    given = [tmp_path / "ws", tmp_path / "sources", seconds, EXPERTS]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.crowd", *map(str, given)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seen = json.loads(done.stdout)
    assert seen["wrong"] == []
    service = Service.open(tmp_path / "ws")
    rows = service.store.db.rows(
        "SELECT client, seq, kind, image_id FROM event WHERE client <> 'before'"
    )
    log = [tuple(row.values()) for row in rows]
    saved = [tuple(each) for each in seen["saved"]]
    assert len(saved) == len(set(saved)) > EXPERTS
    assert sorted(log) == sorted(saved)
    assert seen["imports"] == folders
    assert service.store.db.value("PRAGMA integrity_check") == "ok"
    failed = [
        each["error"] for each in service.store.db.rows("SELECT error FROM job") if each["error"]
    ]
    assert failed == []
    rounds = sum(each.state == "done" for each in service.rounds())
    assert rounds >= 1
    p95 = quantiles(seen["took"], n=20)[-1]
    assert p95 < SLOW
    half = len(seen["memory"]) // 2
    growth = mean(seen["memory"][half:]) - mean(seen["memory"][:half])
    assert growth < GROWTH
    service.close()
    counts.add(seconds=seconds, answers=len(saved), imports=folders, rounds=rounds, lost=0, stuck=0)
    counts.measured("p95 of a saved answer", f"{1000 * p95:.0f} ms")
    counts.measured("memory", f"{growth:+.1f} MiB from the first half to the second")
