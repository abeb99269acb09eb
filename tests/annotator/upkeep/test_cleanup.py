"""What rounds leave on disk: checkpoints while they can be resumed, then weights, then nothing."""

import os
import shutil

import pytest

from annotator.imaging.shown.kept import bound
from annotator.model import RoundDetails
from annotator.service import Service
from annotator.store import Fence
from annotator.store.results import Begun, Outcome
from annotator.upkeep.cleanup import clear
from annotator.upkeep.workers import bury_dead
from tests.annotator.pictures import jpeg
from tests.annotator.small import answer, workspace
from tests.annotator.workers import finish, kill, start, until

DETAILS = RoundDetails((1, 2), "small_cnn", 28, 10, "cpu", "mix", "photo")
WHOLE = {"regime": "finetune", "method": "fixmatch"}
NOTHING = Outcome(0, {}, 0, 0.0, {}, "", "", DETAILS)


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """A workspace with a round whose worker was killed after a checkpoint."""
    service = workspace(tmp_path_factory.mktemp("left") / "ws", 40, steps=100_000, **WHOLE)
    answer(service, 20)
    service.start_round()
    worker = start(service)
    try:
        until(lambda: list(service.workspace.rounds.glob("*/*-fits/*.pt")), 240)
    finally:
        kill(worker)
    service.close()
    return service.workspace.root


@pytest.fixture
def killed(left, tmp_path):
    """A copy of it, and the folder of its round."""
    service = Service.open(shutil.copytree(left, tmp_path / "ws"))
    [folder] = service.workspace.rounds.iterdir()
    yield service, folder
    service.close()


def test_a_canceled_round_leaves_nothing(killed):
    """Not even if a second worker had taken it over."""
    service, folder = killed
    [begun] = service.rounds()
    service.store.db.run("DELETE FROM epoch")  # what comes now was computed by the second worker
    worker = start(service)
    try:
        until(lambda: service.epochs(begun.number), 240)
        service.cancel(begun.job_id)
        until(lambda: not folder.exists())
    finally:
        kill(worker)
    assert [each.state for each in service.rounds()] == ["canceled"]


def test_a_failed_round_leaves_nothing(killed):
    """Here an image had gone that it would have to read again."""
    service, folder = killed
    shutil.rmtree(service.workspace.features)
    service.workspace.features.mkdir()
    service.workspace.image_path(service.image(1).stored).unlink()
    finish(service)
    assert service.last_job().state == "failed"
    assert not folder.exists()


def test_what_a_killed_worker_could_not_remove_goes_when_the_next_one_starts(killed):
    """The round is kept while it may be taken up again, and not once it was canceled."""
    service, folder = killed
    clear(service.workspace, service.store)
    assert list(folder.glob("*-fits/*.pt"))
    bury_dead(service.store)
    service.cancel(service.rounds()[0].job_id)  # nobody runs it: it ends at once
    assert [each.state for each in service.rounds()] == ["canceled"]
    assert folder.exists()
    finish(service)  # a worker, and no job for it
    assert not folder.exists()


def test_of_finished_rounds_the_last_three_keep_their_weights_alone(tmp_path):
    """Whole and half-written checkpoints go; folders of which no round is known stay."""
    service = workspace(tmp_path / "ws", 4)
    store, rounds = service.store, service.workspace.rounds
    for number in range(1, 6):
        store.jobs.add("round", {})
        job = store.jobs.claim("worker")
        fence = Fence(job.id, job.attempt)
        begun = store.results.begin(fence, Begun("vat", "finetune", {}, 9, 9, number, 0.9, DETAILS))
        folder = service.workspace.round_folder(begun.number)
        (folder / "ssl-fits").mkdir()
        names = ("ssl.pt", "baseline.pt", "ssl.part.pt", "ssl.part.pt.part", "ssl-fits/000.pt")
        for name in names:
            (folder / name).write_text("x")
        store.results.finish(begun.number, NOTHING)
        store.jobs.finish(fence, "failed" if number == 4 else "done")
    (rounds / "mine").mkdir()
    clear(service.workspace, store)
    clear(service.workspace, store)
    left = {str(path.relative_to(rounds)) for path in rounds.rglob("*") if path.is_file()}
    assert left == {f"{number}/{name}.pt" for number in (2, 3, 5) for name in ("ssl", "baseline")}
    assert {path.name for path in rounds.iterdir()} == {"2", "3", "5", "mine"}
    service.close()


def test_a_trial_goes_with_its_job(killed):
    """It is kept while the round that it is for may go on from it."""
    service, folder = killed
    [begun] = service.rounds()
    now, before = (service.workspace.trial_folder(id_) for id_ in (begun.job_id, 0))
    for each in (now, before):
        each.mkdir()
    clear(service.workspace, service.store)
    assert now.exists()
    assert not before.exists()
    service.cancel(begun.job_id)
    service.store.db.run("UPDATE job SET state = 'canceled'")
    clear(service.workspace, service.store)
    assert not now.exists()
    assert not folder.exists()


def test_pictures_for_browsers_are_kept_within_their_bound(tmp_path, monkeypatch):
    """What nobody has looked at for longest goes."""
    service = workspace(tmp_path / "ws", 4)
    folder = service.workspace.shown / "ab"
    folder.mkdir(parents=True)
    old, new = (folder / f"{byte * 32}-160.jpg" for byte in ("ab", "cd"))
    for file, looked in ((old, 1_000), (new, 2_000)):
        file.write_bytes(jpeg())
        os.utime(file, (looked, looked))
    monkeypatch.setattr(bound, "__defaults__", (len(jpeg()),))
    clear(service.workspace, service.store)
    assert (old.exists(), new.exists()) == (False, True)
    service.close()
