"""Which answers of an audit count: blind ones, the last of each person, and second looks."""

from dataclasses import replace

import pytest

from annotator.model import Given
from tests.annotator import audits, small


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 60)
    opened.certify.begin(30, audits.TERMS)
    yield opened
    opened.close()


def row(service, image_id):
    return next(each for each in service.store.audits.rows(1) if each.image_id == image_id)


def say(service, image, kind="label", by="anna", name=None, seq=1, **changes):
    """Answer a question as a page does."""
    event = small.event(service, image, kind, seq=seq, client=by, name=name)
    assert not service.record([replace(event, **changes)], by).refused


def question(service):
    """An image that the audit asks about next, and the right and the other class by name."""
    image = service.store.images.get(service.store.audits.waiting()[0])
    right = small.truth(image.name)
    return image, right, audits.other(right)


def ids(service, *names):
    known = {each.name: each.id for each in service.classes()}
    return [known[name] for name in names]


def test_an_answer_counts_once_for_each_person_and_the_last_one_of_theirs(service):
    """An undo takes it back; then it waits again."""
    image, right, other = question(service)
    say(service, image, name=other)
    say(service, image, "undo", seq=2)
    assert row(service, image.id).waits
    say(service, image, name=right, seq=3)
    service.store.queue.bring_back(image.id, "bo")  # he is asked as well
    say(service, image, by="bo", name=other)
    found = row(service, image.id)
    assert [each.by for each in found.blind] == ["anna", "bo"]
    assert [each.class_id for each in found.blind] == ids(service, right, other)
    assert (found.final, found.wrong) == (None, True)  # two people, two answers


def test_what_was_skipped_counts_as_wrong_until_it_is_answered(service):
    """It does not wait, and is not replaced by another."""
    image, right, _ = question(service)
    say(service, image, "skip")
    found = row(service, image.id)
    assert (found.passed, found.waits, found.final, found.wrong) == (True, False, None, True)
    say(service, image, name=right, seq=2)
    found = row(service, image.id)
    assert (found.final, found.wrong) == (ids(service, right)[0], False)


@pytest.mark.parametrize("how", ["import", "anew", "shown"])
def test_what_was_not_answered_blind_is_no_answer(service, how):
    """A label that came otherwise, or beside the model's guess."""
    image, right, _ = question(service)
    [class_id] = ids(service, right)
    if how == "import":
        service.store.labels.take_in([(image.id, class_id, Given())], "import-1", "import")
    elif how == "anew":
        service.answer_anew([image.id], class_id)
    else:
        say(service, image, name=right, suggestion_shown=True)
    assert row(service, image.id).waits
    progress = service.certify.status()
    assert (progress.answered, progress.elsewhere) == (0, 1)


@pytest.mark.parametrize("source", ["human", "verified", "imported", "adjudicated"])
def test_an_import_answers_nothing_whoever_s_word_it_brings(service, source):
    """Also what was answered blind, or settled, elsewhere, and that somebody could not tell."""
    image, right, _ = question(service)
    [class_id] = ids(service, right)
    told = Given(source, "zoe", reason="entropy 1.3 nats")
    service.store.labels.take_in([(image.id, class_id, told)], "import-1", "import")
    service.store.beside.take_in([(image.id, "unclear", "dim", told)], "import-2", "import")
    found = row(service, image.id)
    assert (found.blind, found.second, found.passed, found.waits) == ((), (), False, True)


def test_answers_from_before_the_seed_and_after_the_end_are_none(service):
    """The log says what came first, whatever the clocks of browsers say."""
    image, right, other = question(service)
    say(service, image, name=right, at=1.0)  # by a clock that is years behind
    found = row(service, image.id)
    audit = service.store.audits.current()
    assert [each.class_id for each in found.blind] == ids(service, right)
    assert found.blind[0].at >= audit.drawn
    service.certify.close(unanswered_wrong=True)
    say(service, image, name=other, seq=2)
    assert row(service, image.id) == found


@pytest.mark.parametrize("shown", [True, False])
def test_a_second_look_that_saw_the_guess_is_none(service, shown):
    """As a log may have it from before it was refused: the row stays wrong."""
    image, right, other = question(service)
    say(service, image, name=other)
    given = Given(source="adjudicated", annotator="rita", suggestion_shown=shown)
    service.store.labels.take_in([(image.id, *ids(service, right), given)], "older", "rita")
    found = row(service, image.id)
    assert (len(found.second), found.wrong) == ((0, True) if shown else (1, False))


def test_a_slip_that_is_corrected_in_a_new_tab_counts(service, tmp_path):
    """As after a reload: it answers the question, and the certified export goes through."""
    image, right, other = question(service)
    say(service, image, name=other)
    service.record([small.event(service, image, seq=1, client="new tab", name=right)], "anna")
    found = row(service, image.id)
    assert ([each.class_id for each in found.blind], found.wrong) == (ids(service, right), False)
    audits.answer(service)
    service.certify.close()
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))
