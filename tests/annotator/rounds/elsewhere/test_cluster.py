"""Networks on a cluster: whatever is killed meanwhile, a round is what a local worker makes."""

import time
from dataclasses import replace

import numpy as np
import pytest

from annotator.rounds.elsewhere import session
from tests.annotator.rounds.elsewhere.running import (
    FEW,
    cluster,
    drivers,
    listening,
    needs_ray,
    of_few,
    worker,
)
from tests.annotator.small import answer, workspace
from tests.annotator.workers import finish, kill, until

pytestmark = needs_ray

IMAGES = 40
PIECES = 4 * IMAGES // FEW  # of a round: four views of each image
LONG = 300  # seconds: actors begin one after the other, and each loads torch


def asked(root, executor, regime, side):
    """A workspace with labels, and a round that waits for its worker."""
    made = workspace(root, IMAGES, side=side, executor=executor)
    answer(made, 14)
    made.start_round("supervised", regime)
    return made


def caches(service):
    """The caches of embeddings by name: four views."""
    return {path.name: path for path in sorted(service.workspace.features.rglob("*.f16"))}


def pieces(service):
    """What has come so far: of which cache, and the first row."""
    notes = [path.with_suffix(".rows") for path in caches(service).values()]
    lines = [(n.stem, each) for n in notes if n.exists() for each in n.read_text().split("\n")]
    return [(name, each.split()[0]) for name, each in lines if each]


def said(service):
    """Image and model -> class and confidence, of the one round there is."""
    [done] = service.rounds()
    assert done.state == "done"
    rows = service.store.db.rows("SELECT image_id, model, class_id, confidence FROM prediction")
    return {(r["image_id"], r["model"]): (r["class_id"], r["confidence"]) for r in rows}


def same(one, other):
    """Both rounds said the same of every image."""
    assert len(one) == 2 * IMAGES
    assert {key: row[0] for key, row in one.items()} == {key: row[0] for key, row in other.items()}
    assert [one[key][1] for key in one] == pytest.approx([other[key][1] for key in one], abs=0.01)


def test_a_worker_is_killed_then_a_node_and_the_round_is_that_of_a_local_worker(
    tmp_path, monkeypatch
):
    """The cluster is apart from the worker. What it had made stays, and nothing is made twice."""
    there = asked(tmp_path / "there", "local", "frozen", 128)
    with cluster() as nodes:
        there.save_settings(replace(there.settings(), executor=nodes.address))
        with worker(there.workspace.root) as first:
            until(lambda: len(pieces(there)) > 3, LONG)
            [driver] = drivers(first.pid)
            kill(first)
        until(lambda: not session.processes(driver))
        before = pieces(there)
        assert 3 < len(before) < PIECES / 2, "it was killed in the middle"
        with worker(there.workspace.root) as second:
            until(lambda: len(pieces(there)) > PIECES / 2, LONG)
            nodes.kill_node()
            assert len(pieces(there)) < PIECES, "it was killed in the middle"
            assert second.wait() == 0
    assert before == [each for each in pieces(there) if each in before]
    assert len(pieces(there)) == len(set(pieces(there))) == PIECES
    assert not (there.workspace.features / "elsewhere").exists()
    here = asked(tmp_path / "here", "local", "frozen", 128)
    of_few(monkeypatch)
    finish(here)
    assert list(caches(there)) == list(caches(here)) == sorted(caches(there))
    for name, path in caches(there).items():
        found, wanted = (np.fromfile(each, np.float16) for each in (path, caches(here)[name]))
        assert np.allclose(found, wanted, atol=1e-2, rtol=1e-2)
    same(said(there), said(here))
    there.close()
    here.close()


def test_a_whole_network_answers_on_every_core_and_listens_to_nobody_else(tmp_path):
    """The round is that of a local worker; no socket is open to another machine."""
    there = asked(tmp_path / "there", "ray", "finetune", 16)
    seen = set()
    with worker(there.workspace.root) as running:
        while running.poll() is None:
            seen |= listening(running.pid)
            time.sleep(0.2)
        assert running.returncode == 0
    assert seen
    assert seen <= {"127.0.0.1", "::1"}
    here = asked(tmp_path / "here", "local", "finetune", 16)
    finish(here)
    same(said(there), said(here))
    there.close()
    here.close()
