"""The page on rounds shows the last lines of a failed round's log, folded away."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.service import Service
from tests.annotator.invented import fail_round, finish_round
from tests.annotator.small import answer, workspace


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 12)
    answer(opened, 8)
    yield opened
    opened.close()


def shown(service: Service) -> AppTest:
    """What the page draws below the live job."""

    def script(service):
        from annotator.ui.pages.rounds import _log

        _log(service)

    app = AppTest.from_function(script, kwargs={"service": service}).run(timeout=300)
    assert not app.exception
    return app


def test_a_round_that_failed_has_its_lines_and_one_that_did_not_has_none(service):
    """As the worker wrote them, of this job alone, in a part that is closed."""
    assert not shown(service).expander
    fail_round(service)
    job = service.last_job()
    log = service.workspace.log
    log.write("job failed", level="error", error="of another", job=job.id + 1)
    for number in range(50):
        log.write("step", message=f"part {number}", job=job.id)
    log.write("job failed", level="error", error="the <b>disk</b> is full", job=job.id)
    [part] = shown(service).expander
    assert not part.proto.expanded
    [code] = part.code
    lines = code.value.splitlines()
    assert lines[-1].endswith("job failed error=the <b>disk</b> is full")
    assert lines[0].endswith("message=part 11"), "the last forty"
    assert "of another" not in code.value
    finish_round(service)
    assert not shown(service).expander


def test_a_round_that_failed_before_anything_was_logged_says_so(service):
    """An empty box would look like a fault of its own."""
    fail_round(service)
    service.workspace.log.path.unlink()
    [code] = shown(service).code
    assert code.value == "Nothing."
