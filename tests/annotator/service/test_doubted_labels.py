"""Labels that may be wrong are shown beside what the model says, kept or changed, and not again."""

import time
from dataclasses import replace

import pytest

from annotator.model import DoubtedLabel, LabelEvent, Person, SoughtGuesses
from tests.annotator.invented import finish_round, truly
from tests.annotator.small import answer, event, truth, workspace

LABELS = SoughtGuesses(among="labels")


@pytest.fixture
def service(tmp_path):
    """Twelve labels, all true, of which a round doubts four of the pool."""
    made = workspace(tmp_path / "ws", 60, seed=3)
    images = answer(made, 16)
    round_ = finish_round(made, truly)
    ids = {each.name: each.id for each in made.classes()}
    other = {ids["dark"]: ids["light"], ids["light"]: ids["dark"]}
    pool = [each for each in images if each.split == "pool"][:4]
    made.store.doubts.write(
        round_.number,
        [
            DoubtedLabel(image.id, given, other[given], 0.9 - place / 10, 0.05 + place / 10)
            for place, image in enumerate(pool)
            for given in [ids[truth(image.name)]]
        ],
    )
    yield made
    made.close()


def every(service, sought=LABELS):
    return service.guesses(sought, limit=1000)


def decision(guess, kind, seq, class_id=None, client="review"):
    image = guess.image
    return LabelEvent(client, seq, kind, image.id, image.sha256, class_id, time.time(), 1.0)


def test_the_least_likely_label_comes_first_with_what_the_model_says(service):
    """Page by page each once; one class alone too."""
    found = every(service)
    assert [each.own for each in found] == sorted(each.own for each in found)
    assert len(found) == 4 == service.count_guesses(LABELS)
    names = {each.id: each.name for each in service.classes()}
    assert all(names[each.label] == truth(each.image.name) for each in found)
    assert all(each.label != each.class_id for each in found)
    first = service.guesses(LABELS, limit=3)
    rest = service.guesses(LABELS, after=(first[-1].place, first[-1].image.id), limit=3)
    assert [*first, *rest] == found
    dark = service.class_named("dark").id
    of_dark = replace(LABELS, class_id=dark)
    assert [each for each in found if each.label == dark] == every(service, of_dark)


def test_a_label_that_is_kept_stays_as_it_was_given_and_does_not_come_back(service):
    """Nor in a round that doubts it again; if that is taken back, it is doubted as before."""
    guess, *others = every(service)
    given = {each.image_id: each for each in service.store.labels.current()}
    service.decide([decision(guess, "reject", 1, guess.class_id)])
    assert every(service) == others
    assert {each.image_id: each for each in service.store.labels.current()} == given
    assert given[guess.image.id].source == "human"
    again = finish_round(service, truly)
    service.store.doubts.write(
        again.number, [DoubtedLabel(guess.image.id, guess.label, guess.class_id, 0.9, 0.1)]
    )
    assert every(service) == []
    service.decide([decision(guess, "undo", 2)])
    assert [each.image.id for each in every(service)] == [guess.image.id]


def test_a_label_that_is_changed_is_checked_and_doubted_no_more(service):
    """What was said before stays in the log."""
    guess, *others = every(service)
    service.decide([decision(guess, "label", 1, guess.class_id)])
    label = next(x for x in service.store.labels.current() if x.image_id == guess.image.id)
    assert (label.class_id, label.suggestion_shown) == (guess.class_id, True)
    assert every(service) == others
    assert len(service.answers_to(guess.image.id)) == 2
    service.decide([decision(guess, "undo", 2)])
    assert every(service) == [guess, *others]


def test_a_reviewer_who_changes_what_another_has_said_settles_it(service):
    """As an answer anew on Data does; otherwise people would disagree from now on."""
    guess, mine, *_ = every(service)
    rita = service.acting(Person("rita", "reviewer"))
    rita.decide([decision(guess, "label", 1, guess.class_id)])
    [label] = [x for x in service.store.labels.current() if x.image_id == guess.image.id]
    assert (label.annotator, label.source) == ("rita", "adjudicated")
    assert service.disagreements() == 0
    anna = service.acting(Person("anna", "reviewer"))
    anna.decide([decision(mine, "label", 1, mine.class_id, client="annas")])
    [label] = [x for x in service.store.labels.current() if x.image_id == mine.image.id]
    assert (label.annotator, label.source) == ("anna", "verified"), "she has changed her mind"


def test_a_label_that_was_given_anew_since_is_another_label(service):
    """Only the class that was doubted is; a class that was merged into that counts as it."""
    guess, *others = every(service)
    service.answer_anew([guess.image.id], guess.class_id)
    assert every(service) == others
    service.merge_class(guess.class_id, guess.label)
    assert every(service) == [], "what both say is one class now"


def test_labels_that_are_newer_than_the_round_are_held_against_what_it_was_sure_of(service):
    """It had not learned from them; one that was given before is left to those kept from it."""
    known = {each.image_id for each in service.store.labels.current()}
    sure = {each.image_id for each in service.pseudo_labels(1, limit=-1)}
    images = [each for each in service.images(limit=-1) if each.id in sure - known][:2]
    right, wrong = images
    other = {"dark": "light", "light": "dark"}
    service.record(
        [
            event(service, right, seq=1, client="late"),
            event(service, wrong, seq=2, client="late", name=other[truth(wrong.name)]),
        ],
        "anna",
    )
    new = [each for each in every(service) if each.image.id not in known]
    assert [each.image.id for each in new] == [wrong.id]
    names = {each.id: each.name for each in service.classes()}
    assert (names[new[0].class_id], names[new[0].label]) == (
        truth(wrong.name),
        other[truth(wrong.name)],
    )
    assert new[0].own == pytest.approx(1 - new[0].confidence)
