"""The job after an import finds what rounds need of many images, once the questions are there."""

from dataclasses import replace

import pytest

from annotator.rounds.prepare import Preparing
from annotator.rounds.timing.amounts import CHOOSING, JOINING
from annotator.rounds.train import Training
from annotator.store import Fence
from ssl_core.parts.graph import joining
from tests.annotator.small import answer, event, source, workspace

PARTS = {"prepare": Preparing, "round": Training}


@pytest.fixture
def service(tmp_path, monkeypatch):
    """Eighty images, which count as many."""
    monkeypatch.setattr(joining, "EXACT", 20)
    opened = workspace(tmp_path / "ws", 80, steps=40)
    yield opened
    opened.close()


def work(service):
    """Do the job that waits; return its steps."""
    job = service.store.jobs.claim("test")
    job_is = PARTS[job.kind](service.workspace, service.store, job, Fence(job.id, job.attempt))
    return list(job_is.steps())


def test_a_round_finds_that_the_job_after_the_import_has_joined_its_images(service, monkeypatch):
    """It seeks no neighbors of its own; nor does one after an answer that nobody can tell."""
    service.prepare()
    said = [step.part for step in work(service)]
    assert said.index(CHOOSING) < said.index(JOINING)
    assert said[-1] == JOINING
    assert service.last_job().state == "done"
    monkeypatch.setattr(joining.Joined, "_sought", None)
    answer(service, 24)
    for turn in range(2):
        service.start_round("ensemble", "frozen")
        work(service)
        assert service.rounds()[-1].state == "done", service.last_job().error
        nobody_can_tell = service.lease("page", "anna")[0].image
        told = event(service, nobody_can_tell, "unclear", seq=1, client=f"page {turn}")
        service.record([told], "anna")


def test_what_comes_in_later_is_joined_to_what_is_there(service, tmp_path, monkeypatch):
    """By the job after that import."""
    service.prepare()
    work(service)
    before = set(service.workspace.graphs.iterdir())
    monkeypatch.setattr(joining.Joined, "_anew", None)
    service.import_source(source(tmp_path / "late", 2, kinds=("striped",)))
    service.prepare()
    work(service)
    assert service.last_job().state == "done"
    assert set(service.workspace.graphs.iterdir()) > before


@pytest.mark.parametrize("change", [{"method": "fixmatch"}, {"regime": "finetune"}])
def test_nothing_is_joined_that_no_round_will_ask_for(service, change):
    """By a method without a graph, or of whole networks."""
    service.save_settings(replace(service.settings(), **change))
    service.prepare()
    assert JOINING not in {step.part for step in work(service)}
    assert not service.workspace.graphs.exists()


def test_few_images_are_not_joined_beforehand(service, monkeypatch):
    """A round compares them all in no time."""
    monkeypatch.setattr(joining, "EXACT", 100)
    service.prepare()
    assert JOINING not in {step.part for step in work(service)}
    assert not service.workspace.graphs.exists()
