"""Labeling as a page does it: answers that start a round once there are enough."""

from dataclasses import replace

import pytest

from tests.annotator.invented import fail_round
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 60)


def test_a_round_starts_by_itself_after_enough_labels(tmp_path):
    """Every N new labels, once there are two classes to tell apart, and never two at once."""
    service = workspace(tmp_path / "ws", 60)
    service.save_settings(replace(service.settings(), round_every=6))
    answer(service, 5)
    assert service.active_job() is None
    assert service.progress().since_round == 5
    answer(service, 1, first=6)
    waiting = service.active_job()
    assert waiting.kind == "round"
    assert service.progress().since_round == 0
    answer(service, 8, first=7)
    assert service.active_job().id == waiting.id


def test_a_round_that_failed_does_not_start_again_with_every_label(tmp_path):
    """It waits for as many new labels as any round does."""
    service = workspace(tmp_path / "ws", 60, round_every=8)
    seq = 1
    while not service.active_job():
        seq += len(answer(service, 1, first=seq))
    failing = service.active_job()
    service.cancel(failing.id)
    seq += len(answer(service, 7, first=seq))
    assert service.active_job() is None
    answer(service, 1, first=seq)
    assert service.active_job().id > failing.id


def test_labels_of_one_class_start_no_round_and_the_next_of_another_does(tmp_path):
    """Nothing is lost by waiting: the first label of a second class is enough."""
    service = workspace(tmp_path / "ws", 60, round_every=3)
    pool = [image for image in service.images(limit=-1) if image.split == "pool"]
    dark = [image for image in pool if "dark" in image.name][:5]
    light = next(image for image in pool if "light" in image.name)
    service.record([event(service, each, seq=seq) for seq, each in enumerate(dark, 1)], "anna")
    assert (service.classes_to_learn_from(), service.active_job()) == (1, None)
    service.record([event(service, light, seq=6)], "anna")
    assert service.classes_to_learn_from() == 2
    assert service.active_job().kind == "round"
    assert service.active_job().params["labels"] == 6


def test_what_measures_is_not_learned_from(service):
    """Labels of test images alone are no class that a round could learn."""
    tests = service.images(kind="test", limit=6)
    service.record([event(service, each, seq=seq) for seq, each in enumerate(tests, 1)], "anna")
    assert service.progress().test_labeled == 6
    assert service.classes_to_learn_from() == 0


def test_answers_are_acknowledged_up_to_the_highest_of_each_tab(service):
    """Two tabs in one batch; what is sent again is not written again."""
    one, two, three = (question.image for question in service.lease("a", "anna", 3))
    events = [event(service, one, seq=1, client="a"), event(service, two, seq=7, client="b")]
    done = service.record(events, "anna")
    assert (done.ack, list(done.written)) == ({"a": 1, "b": 7}, events)
    more = event(service, three, seq=2, client="a")
    done = service.record([*events, more], "anna")
    assert (done.ack, list(done.written)) == ({"a": 2, "b": 7}, [more])


def test_after_a_round_that_failed_counting_begins_anew(service):
    """A page says how many labels are missing to the next round, not to the failed one."""
    service.save_settings(replace(service.settings(), round_every=9))
    answer(service, 8)
    fail_round(service)
    assert (service.progress().since_round, service.active_job()) == (0, None)
    answer(service, 8, first=9)
    assert (service.progress().since_round, service.active_job()) == (8, None)
    answer(service, 1, first=17)
    assert service.active_job().kind == "round"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("method", '"fixmach"', "Did you mean 'fixmatch'"),
        ("regime", '"slow"', "regime"),
        ("round_every", '"often"', "the server's log says why"),
        ("steps", "{cut o", "the server's log says why"),
    ],
)
def test_an_acknowledgment_depends_on_the_store_alone(tmp_path, key, value, words):
    """Settings that no round can start with are told; the labels are stored and said to be."""
    service = workspace(tmp_path / "ws", 60, round_every=4)
    questions = [each.image for each in service.lease("tab", "anna", 8)]
    service.store.db.run(
        """INSERT INTO setting VALUES (:key, :value)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value""",
        {"key": key, "value": value},
    )
    events = [event(service, each, seq=seq) for seq, each in enumerate(questions, 1)]
    done = service.record(events, "anna")
    assert (done.ack, len(done.written)) == ({"tab": 8}, 8)
    assert "Answers are stored, but no round can start" in done.notice
    assert words in done.notice
    assert service.active_job() is None
    assert len(service.store.labels.current()) == 8


def test_while_a_round_runs_there_is_nothing_to_tell(tmp_path):
    """Only what a person has to mend is a notice."""
    service = workspace(tmp_path / "ws", 60, round_every=2)
    for seq in range(1, 12):
        [image] = [each.image for each in service.lease("tab", "anna", 1)[:1]]
        assert service.record([event(service, image, seq=seq)], "anna").notice == ""
