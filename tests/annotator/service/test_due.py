"""A round that is due starts by itself, also when it became due while another ran."""

from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError
from annotator.service.due import start_due
from annotator.worker.loop import Worker
from tests.annotator.small import answer, workspace
from tests.annotator.workers import finish


@pytest.fixture
def service(tmp_path):
    service = workspace(
        tmp_path / "ws", 60, round_every=6, regime="frozen", test_share=0.1, method="supervised"
    )
    yield service
    service.close()


def test_a_round_that_became_due_meanwhile_starts_when_the_one_before_ends(service):
    """No further label is needed; and the round after it waits for new ones."""
    answer(service, 12)
    first = service.active_job()
    answer(service, 7, first=20)
    assert service.last_job() == first, "one waits or runs: no other starts beside it"
    finish(service)
    second = service.active_job()
    assert second.id > first.id
    assert second.params["watermark"] == service.store.labels.watermark()
    finish(service)
    assert service.active_job() is None
    assert [each.state for each in service.rounds()] == ["done", "done"]


def test_after_a_canceled_round_the_next_waits_for_a_label(service):
    """Who stops a round does not want another at once."""
    answer(service, 12)
    answer(service, 7, first=20)
    service.cancel(service.active_job().id)
    finish(service)
    assert service.active_job() is None
    answer(service, 1, first=40)
    assert service.active_job().kind == "round"


def test_a_due_round_that_cannot_start_does_not_end_the_worker(service):
    """Settings of another version may name a method that this one does not have."""
    answer(service, 12)
    answer(service, 7, first=20)
    service.store.settings.save(replace(service.settings(), method="unheard of"))
    assert Worker(service.workspace).run(once=True)
    assert service.rounds()[-1].state == "done"
    assert service.active_job() is None
    with pytest.raises(AnnotatorError, match="unheard of"):
        start_due(service.store)
