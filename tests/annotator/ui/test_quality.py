"""The page that tells how far a round can be trusted."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.model import SoughtGuesses
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(shown):
    """Ten labels, and a round."""
    made = workspace(shown, 60)
    answer(made, 10)
    finish_round(made)
    yield made
    made.close()


def drawn() -> str:
    def script():
        from annotator.ui.pages import quality
        from annotator.ui.web.opened import opened

        service = opened()
        quality._confidence(service, service.rounds()[-1])

    app = AppTest.from_function(script).run(timeout=300)
    assert not app.exception
    return " ".join(each.value for each in app.caption)


def test_pseudo_labels_that_were_decided_on_since_are_told_beside_those_of_the_round(service):
    """The round's own number stands, and so does how many of them are none anymore."""
    given = service.rounds()[-1].pseudo_labels
    assert f"{given} images" in drawn()
    assert "decided on since" not in drawn()
    [guess] = service.guesses(SoughtGuesses(), limit=1)
    service.record([event(service, guess.image, seq=100)], "anna")
    assert f"Of {given} that the round gave, 1 has been decided on since." in drawn()
