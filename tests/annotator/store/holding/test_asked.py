"""Which question an answer is to: its person's own, and nobody else's."""

from dataclasses import replace

import pytest

from annotator.asking import correcting
from annotator.store.holding.asked import ASKED
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12)
    made.lease("tab", "anna", 12)  # which fills the queue
    made.store.db.run("UPDATE queue SET until = 0, reason = 'a close call', propensity = 0.25")
    yield made
    made.close()


def written(service):
    """Reason and propensity of the newest event."""
    [row] = service.store.db.rows("SELECT reason, propensity FROM event ORDER BY id DESC LIMIT 1")
    return row["reason"], row["propensity"]


@pytest.fixture
def image(service):
    """One that waited, and that Anna has answered in her first tab."""
    found = service.lease("first", "anna", 1)[0].image
    service.record([event(service, found, seq=1, client="first", name="dark")], "anna")
    assert written(service) == ("a close call", 0.25)
    return found


@pytest.mark.parametrize("kind", ["label", "skip", "unclear"])
@pytest.mark.parametrize(
    ("client", "who", "same"),
    [
        ("first", "anna", True),
        ("second", "anna", True),
        ("second", "ben", False),
        ("data-1", "anna", False),
        ("import-1", "anna", False),
    ],
)
def test_one_s_own_later_answer_is_to_the_same_question(service, image, kind, client, who, same):
    """In whatever tab, but not what was answered anew or came with an import."""
    service.record([event(service, image, kind, seq=2, client=client)], who)
    assert written(service) == (("a close call", 0.25) if same else ("", None))


def test_what_was_answered_anew_between_is_not_the_question(service, image):
    """Anna corrects it on Data, where nothing asked it, and then once more where it was asked."""
    correcting.relabel(service.store, [image.id], 2, "anna")
    assert written(service) == ("", None)
    service.record([event(service, image, seq=1, client="second", name="dark")], "anna")
    assert written(service) == ("a close call", 0.25)


@pytest.mark.parametrize("waits", [True, False])
def test_a_check_of_a_guess_answers_no_question(service, image, waits):
    """Of an image that waits in the queue, or that the same person has answered before."""
    if waits:
        image = service.lease("first", "anna", 1)[0].image
    sent = replace(event(service, image, seq=1, client="review page"), suggestion_shown=True)
    where = {"id": image.id}  # that it measures would be refused
    service.store.db.run("UPDATE image SET split = 'pool' WHERE id = :id", where)
    service.decide([sent])
    assert written(service) == ("", None)
    count = "SELECT COUNT(*) FROM queue WHERE image_id = :id"
    assert service.store.db.value(count, where) == 0


def test_it_is_found_by_its_image(service):
    """Each key press asks it; a log of a million events is not gone through."""
    values = {"image": 1, "client": "tab", "who": "anna"}
    steps = [row["detail"] for row in service.store.db.rows(f"EXPLAIN QUERY PLAN {ASKED}", values)]
    found = [each for each in steps if " event " in each]
    assert len(found) == 2
    for step, index in zip(found, ("event_label", "event_beside"), strict=True):
        assert f"SEARCH event USING INDEX {index} (image_id=?" in step
