"""Every method and recipe of the tables runs as a round on frozen embeddings."""

import pytest

from annotator.catalog import methods as catalog
from annotator.worker.loop import Worker
from tests.annotator.small import answer, workspace

NAMES = [info.name for info in catalog.methods()]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One workspace for all: each round stands on the same labels."""
    service = workspace(tmp_path_factory.mktemp("methods") / "ws", 60, side=20, steps=6)
    answer(service, 30)
    return service


@pytest.mark.parametrize("name", NAMES)
def test_it_trains_predicts_and_is_measured(service, name):
    """The round is done, both its models have loss curves, and all images are predicted."""
    before = len(service.rounds())
    service.start_round(name, "frozen")
    assert Worker(service.workspace).run(once=True)
    assert service.last_job().state == "done", service.last_job().error
    done = service.rounds()[before]
    assert (done.method, done.regime) == (name, "frozen")
    assert {point.model for point in service.curve() if point.round == done.number} == {
        "baseline",
        "ssl",
    }
    progress = service.progress()
    unlabeled = progress.pool - progress.pool_labeled
    assert len(service.store.results.pseudo_labels(done.number, 0.0)) == unlabeled
    assert done.model_hash
