"""Answering anew what was found, several at once, and taking that back."""

import pytest

from annotator.asking import correcting
from annotator.errors import AnnotatorError
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 24)
    yield made
    made.close()


def labels(service):
    return {each.image_id: (each.class_id, each.annotator, each.source)
            for each in service.store.labels.current()}  # fmt: skip


def test_several_images_are_answered_at_once_and_one_undo_takes_all_back(service):
    """Labeled before or not, in the queue or not; afterwards all is as it was."""
    answer(service, 8)
    before = labels(service)
    waiting = [each.image.id for each in service.lease("tab", "anna", 30)]
    ids = [*list(before)[:3], *waiting[:3]]
    name = correcting.relabel(service.store, ids, 2, "zoe")
    settled = {each for each in ids if each in before and before[each][0] != 2}
    assert 0 < len(settled) < 3
    assert labels(service) == before | {
        each: (2, "zoe", "adjudicated" if each in settled else "human") for each in ids
    }
    assert service.disagreements() == 0, "a correction is no quarrel"
    asked = [each.image.id for each in service.lease("tab", "anna", 30)]
    assert set(ids).isdisjoint(asked)
    assert correcting.take_back(service.store, name, "zoe") == 6
    assert labels(service) == before
    assert correcting.take_back(service.store, name, "zoe") == 0
    seen = [each.image.id for each in service.lease("other", "anna", 30)]
    assert set(waiting[:3]) <= {*asked, *seen}, "they are asked again"


def test_only_one_s_own_answers_are_taken_back(service):
    """Ben knows the name of what Zoe did, and it stands."""
    name = correcting.relabel(service.store, [1, 2], 1, "zoe")
    assert correcting.take_back(service.store, name, "ben") == 0
    assert {who for _, who, _ in labels(service).values()} == {"zoe"}


def test_an_answer_to_what_was_found_is_none_to_the_queue_s_question(service):
    """Why it would have been asked, and how likely, is not written: nobody drew it."""
    [image] = [each.image for each in service.lease("tab", "anna", 1)[:1]]
    service.store.db.run("UPDATE queue SET propensity = 0.5")
    correcting.relabel(service.store, [image.id], 1, "zoe")
    [label] = service.store.labels.current()
    assert (label.reason, label.propensity) == ("", None)


def test_an_answer_where_people_disagree_settles_it(service):
    """It is theirs who settled it, and the image is not listed any more."""
    one, other = service.images()[:2]
    for who, name in (("anna", "dark"), ("ben", "light")):
        service.record([event(service, one, seq=1, client=who, name=name)], who)
    assert service.disagreements() == 1
    correcting.relabel(service.store, [one.id, other.id], 1, "zoe")
    assert labels(service) == {one.id: (1, "zoe", "adjudicated"), other.id: (1, "zoe", "human")}
    assert service.disagreements() == 0


def test_what_was_settled_outranks_later_presses_until_it_is_settled_anew(service):
    """Or until the reviewer takes it back: then the last press counts again."""
    image = service.images()[0]
    press = iter(range(1, 99))

    def says(who, name):
        told = service.record([event(service, image, seq=next(press), client=who, name=name)], who)
        return told.notice

    says("anna", "dark")
    says("ben", "light")
    dark, light = (each.id for each in service.classes())
    name = correcting.relabel(service.store, [image.id], dark, "zoe")
    assert "reviewer's counts" in says("anna", "light")
    assert "reviewer's counts" in says("zoe", "light")
    assert labels(service) == {image.id: (dark, "zoe", "adjudicated")}
    [counts] = [each for each in service.answers_to(image.id) if each.counts]
    assert (counts.class_id, counts.annotator, counts.source) == (dark, "zoe", "adjudicated")
    assert service.disagreements() == 0
    again = correcting.relabel(service.store, [image.id], light, "kim")
    assert labels(service) == {image.id: (light, "kim", "adjudicated")}
    assert correcting.take_back(service.store, again, "kim") == 1
    assert labels(service) == {image.id: (dark, "zoe", "adjudicated")}
    assert correcting.take_back(service.store, name, "zoe") == 1
    assert labels(service) == {image.id: (light, "zoe", "human")}
    assert says("ben", "light") == ""


@pytest.mark.parametrize(
    ("ids", "class_id", "words"),
    [
        ([], 1, "1 to 1,000 images"),
        (range(1, 1002), 1, "not 1,001"),
        ([1, 99], 1, "no image 99"),
        ([1], 99, "no class with the id 99"),
        ([1, 2], 2, "'light' was removed"),
    ],
)
def test_what_cannot_be_answered_writes_nothing(service, ids, class_id, words):
    """Not one of them, not a refusal, and the queue is as it was."""
    service.remove_class(2)
    service.lease("tab", "anna", 30)
    count = "SELECT (SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM refusal), COUNT(*)"
    before = service.store.db.rows(f"{count} FROM queue")
    with pytest.raises(AnnotatorError, match=words):
        correcting.relabel(service.store, ids, class_id, "zoe")
    assert service.store.db.rows(f"{count} FROM queue") == before
