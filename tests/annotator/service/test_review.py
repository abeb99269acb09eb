"""Pseudo-labels are looked through, and what is decided on them is said of the image for good."""

import csv
import time
from dataclasses import replace

import pytest

from annotator.errors import NotAllowedError
from annotator.model import LabelEvent, Person, SoughtGuesses
from tests.annotator.invented import finish_round, truly
from tests.annotator.small import answer, workspace


def says(image):
    """The truth, but every fifth image is taken for the other kind."""
    name, sure = truly(image)
    return ("light" if name == "dark" else "dark", sure) if image.id % 5 == 0 else (name, sure)


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 60, seed=3)
    answer(made, 12)
    finish_round(made, truly)
    finish_round(made, says, says)
    yield made
    made.close()


def decision(guess, kind, seq, class_id=None):
    image = guess.image
    return LabelEvent("review", seq, kind, image.id, image.sha256, class_id, time.time(), 1.0)


def every(service, sought=SoughtGuesses()):  # noqa: B008  # it is frozen
    return service.guesses(sought, limit=1000)


def test_pages_hold_each_pseudo_label_once_in_order(service):
    """Whatever their size; those of equal confidence too."""
    round_ = service.rounds()[-1].number
    wanted = {each.image_id for each in service.pseudo_labels(round_, limit=-1)}
    for order, sign in (("uncertain", 1), ("confidence", -1)):
        for size in (1, 7, 1000):
            found, after = [], None
            while page := service.guesses(SoughtGuesses(order=order), after=after, limit=size):
                found += page
                after = (page[-1].place, page[-1].image.id)
            keys = [(sign * each.confidence, each.image.id) for each in found]
            assert keys == sorted(keys)
            assert {each.image.id for each in found} == wanted
            assert len(found) == len(wanted) == service.count_guesses(SoughtGuesses(order=order))


def test_one_can_ask_for_a_class_and_for_where_models_say_something_else(service):
    """What the round before said is known, and so is what the baseline says."""
    light = service.class_named("light").id
    found = every(service, SoughtGuesses(class_id=light))
    assert found
    assert {each.class_id for each in found} == {light}
    changed = every(service, SoughtGuesses(among="rounds"))
    assert {each.image.id for each in changed} == {
        each.image.id for each in every(service) if each.image.id % 5 == 0
    }
    assert all(each.before not in (None, each.class_id) for each in changed)
    assert every(service, SoughtGuesses(among="models")) == []  # its baseline says the same


def test_contradictions_come_first_the_surest_before_all_and_what_is_far_first(service):
    """The rest follows, the least sure first; every one once, also page by page."""
    by_rounds = every(service, SoughtGuesses(order="rounds"))
    against = [each.before != each.class_id for each in by_rounds]
    assert against == sorted(against, reverse=True)
    assert 0 < sum(against) < len(against)
    former = {each.image_id: each.confidence for each in service.pseudo_labels(1, limit=-1)}
    said = [former.get(each.image.id, 0) for each in by_rounds[: sum(against)]]
    assert said == sorted(said, reverse=True)
    rest = [each.confidence for each in by_rounds[sum(against) :]]
    assert rest == sorted(rest)
    # Its baseline says the same throughout
    assert every(service, SoughtGuesses(order="models")) == every(service)
    with service.store.db.immediate():
        service.store.db.run("UPDATE prediction SET distance = (image_id * 7) % 11 / 11.0")
    far = every(service, SoughtGuesses(order="remote"))
    keys = [(-((each.image.id * 7) % 11), each.image.id) for each in far]
    assert keys == sorted(keys)
    first = service.guesses(SoughtGuesses(order="remote"), limit=5)
    after = (first[-1].place, first[-1].image.id)
    assert first + service.guesses(SoughtGuesses(order="remote"), after=after, limit=99) == far


def test_what_is_accepted_or_changed_is_a_checked_label(service, tmp_path):
    """It trains, counts as checked with the guess in sight, and measures nothing."""
    dark, light = (service.class_named(name).id for name in ("dark", "light"))
    right, wrong, *_ = every(service)
    done = service.decide(
        [
            decision(right, "label", 1, right.class_id),
            decision(wrong, "label", 2, dark if wrong.class_id == light else light),
        ]
    )
    assert done.ack == {"review": 2}
    labels = {each.image_id: each for each in service.store.labels.current()}
    for each in (right, wrong):
        assert labels[each.image.id].source == "verified"
        assert labels[each.image.id].suggestion_shown
    assert labels[right.image.id].class_id == right.class_id
    assert labels[wrong.image.id].class_id != wrong.class_id
    assert service.decided() == (2, 0)
    assert {right.image.id, wrong.image.id}.isdisjoint(each.image.id for each in every(service))
    service.export(tmp_path / "out", threshold=0.0, pseudo=True)
    with (tmp_path / "out" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["sha256"]: row for row in csv.DictReader(file)}
    assert rows[right.image.sha256]["source"] == "verified"
    assert rows[right.image.sha256]["suggestion_shown"] == "true"
    assert service.decide([decision(right, "label", 1, right.class_id)]).ack == {"review": 2}
    assert service.decided() == (2, 0), "what is sent again is stored once"


def test_what_is_rejected_is_no_pseudo_label_and_stays_open(service, tmp_path):
    """In no round that says the same again; one that says something else may be right."""
    guess = every(service)[0]
    other = next(each.id for each in service.classes() if each.id != guess.class_id)
    pseudo = len(every(service))
    service.decide([decision(guess, "reject", 1, guess.class_id)])
    assert service.decided() == (0, 1)
    assert len(every(service)) == pseudo - 1
    report = service.export(tmp_path / "out", pseudo=True)
    assert report.pseudo == pseudo - 1
    assert guess.image.id in service.store.queue.unanswered("pool", 1000)
    finish_round(service, says)
    assert guess.image.id not in {each.image.id for each in every(service)}
    names = {each.id: each.name for each in service.classes()}
    finish_round(
        service, lambda image: (names[other], 0.99) if image.id == guess.image.id else says(image)
    )
    assert guess.image.id in {each.image.id for each in every(service)}


def test_of_cards_that_were_read_before_one_can_ask_which_are_still_to_be_looked_at(service):
    """Not those that were accepted, changed or turned down since; in the same order."""
    read = every(service)[:6]
    ids = [each.image.id for each in read]
    other = next(each.id for each in service.classes() if each.id != read[1].class_id)
    service.decide(
        [
            decision(read[0], "label", 1, read[0].class_id),
            decision(read[1], "label", 2, other),
            decision(read[3], "reject", 3, read[3].class_id),
        ]
    )
    assert service.guesses(SoughtGuesses(), within=ids) == [read[2], read[4], read[5]]
    assert service.guesses(SoughtGuesses(), within=[ids[0], ids[3]]) == []
    assert service.guesses(SoughtGuesses(), within=[]) == []
    service.decide([decision(read[3], "undo", 4)])
    assert read[3] in service.guesses(SoughtGuesses(), within=ids)


@pytest.mark.parametrize("kind", ["label", "reject"])
def test_a_decision_is_taken_back(service, kind):
    """Then all is as it was, and it can be decided anew."""
    before = every(service)
    guess = before[0]
    service.decide([decision(guess, kind, 1, guess.class_id)])
    service.decide([decision(guess, "undo", 2)])
    assert every(service) == before
    assert service.decided() == (0, 0)
    service.decide([decision(guess, "reject", 3, guess.class_id)])
    assert service.decided() == (0, 1)


def test_a_test_image_is_never_answered_with_a_guess_in_sight(service):
    """It would measure the model by its own word."""
    tested = next(each for each in service.images(limit=60) if each.split == "test")
    known = every(service)[0]
    event = decision(replace(known, image=tested), "label", 1, known.class_id)
    [(_, _, why)] = service.decide([event]).refused
    assert "measures the model" in why


def test_who_labels_does_not_review(service):
    """Unless they are a reviewer."""
    ben = service.acting(Person("ben", "annotator"))
    guess = every(service)[0]
    with pytest.raises(NotAllowedError):
        ben.decide([decision(guess, "reject", 1, guess.class_id)])
    rita = service.acting(Person("rita", "reviewer"))
    rita.decide([decision(guess, "reject", 1, guess.class_id)])
    assert [each.annotator for each in service.answers_to(guess.image.id)] == ["rita"]


def test_what_is_rejected_stays_so_when_classes_are_merged(service):
    """Before and after: a guess counts as what its class counts as."""
    dark, light = (service.class_named(name).id for name in ("dark", "light"))
    of_light = every(service, SoughtGuesses(class_id=light))
    before, after = of_light[0], of_light[1]
    service.decide([decision(before, "reject", 1, light)])
    service.merge_class(light, dark)
    service.decide([decision(after, "reject", 2, dark)])
    assert {before.image.id, after.image.id}.isdisjoint(each.image.id for each in every(service))
    assert service.decided() == (0, 2)
