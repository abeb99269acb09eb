"""What is asked once more looks like any other question, and takes the place of nothing."""

import random
from dataclasses import replace

import pytest

from annotator.asking import twice
from annotator.model import NO_MARKS, Person, Settings, Sought
from annotator.store.queue import RANDOM
from annotator.store.twice.table import LATER
from tests.annotator.pressing import Page, again, current, wrongly
from tests.annotator.small import event, truth


def test_nobody_is_asked_what_has_an_answer_unless_that_is_set(make):
    """As it was: each image once."""
    service = make()
    Page(service, "anna").answer(15)
    assert not again(Page(service, "ben").answer(25))
    assert service.store.db.value("SELECT COUNT(*) FROM ask_twice") == 0


def test_a_second_opinion_looks_like_a_question_that_chance_drew(make):
    """No label, no guess, no mark of the first; its reason is that of test and random images."""
    service = make(second_opinions=1.0)
    anna = Page(service, "anna")
    for question in anna.answer(12):
        anna.press(question, "flag")
    questions = Page(service, "ben").asked()
    repeated = again(questions)
    assert 0 < len(repeated) <= twice.most(12, service.settings()) < len(questions)
    for each in repeated:
        assert each.again == "second"
        assert (each.reason, each.guess, each.detail, each.score) == (RANDOM, "", "", None)
        assert (each.marks, each.last) == (NO_MARKS, "")
    places = [each.place for each in repeated]
    assert places[0] > 1, "they are among the others, not in front of them"
    assert places != [*range(places[0], places[0] + len(places))], "nor in one piece"


@pytest.mark.parametrize("split", ["pool", "test"])
def test_the_first_answer_counts_until_a_reviewer_settles_where_the_two_differ(make, split):
    """Also of a test image: nothing that measures changes without somebody's decision."""
    service = make(second_opinions=1.0)
    anna, ben = Page(service, "anna"), Page(service, "ben")
    first = {q.image.id: truth(q.image.name) for q in anna.answer(30)}
    second = {q.image.id for q in ben.answer(30, wrongly) if q.again}
    apart = service.store.search.opinions.disagreements()
    assert apart == second & first.keys() != set()
    names = {each.id: each.name for each in service.classes()}
    labels = current(service)
    for image_id in apart:
        assert names[labels[image_id].class_id] == first[image_id]
        assert labels[image_id].annotator == "anna"
    [image] = [i for i in service.images(limit=100) if i.id in apart and i.split == split][:1]
    wanted = next(each.id for each in service.classes() if each.name == wrongly(image.name))
    rita = service.acting(Person("rita", "reviewer"))
    assert image.id in {each.image.id for each in rita.find(Sought(state="disagreement"))}
    rita.answer_anew([image.id], wanted)
    settled = current(service)[image.id]
    assert (settled.class_id, settled.source, settled.annotator) == (wanted, "adjudicated", "rita")
    assert image.id not in service.store.search.opinions.disagreements()


def test_two_answers_that_are_the_same_are_listed_nowhere_and_agree(make):
    """They count into the agreement, as blind answers of two people."""
    service = make(second_opinions=1.0)
    Page(service, "anna").answer(20)
    both = len(again(Page(service, "ben").answer(20)))
    [pair] = service.agreement().pairs
    assert (pair.first, pair.second, pair.same) == ("anna", "ben", both)
    assert service.disagreements() == 0


@pytest.mark.parametrize("opinions", [2, 3, 5])
def test_as_many_people_are_asked_about_an_image_as_are_set_and_no_more(make, opinions):
    """Each of them blind; the first answer stays, and who settles sees how many say what."""
    service = make(12, second_opinions=1.0, opinions=opinions)
    people = [f"person {number}" for number in range(6)]
    name = {True: truth, False: wrongly}
    first = {q.image.id for q in Page(service, people[0]).answer(12)}
    for number, who in enumerate(people[1:], 1):
        page, asked = Page(service, who), set()
        while questions := [each for each in page.asked() if each.again]:
            for each in questions:
                assert (each.reason, each.guess, each.detail) == (RANDOM, "", "")
                page.press(each, name=name[number == 1](each.image.name))
                asked.add(each.image.id)
        assert asked == (first if number < opinions else set())
    found = service.store.search.opinions.of(first)
    assert {len(each) for each in found.values()} == {opinions}
    assert {each.annotator for each in current(service).values()} == {people[0]}
    assert service.store.search.opinions.disagreements() == (first if opinions > 2 else set())
    assert service.agreement().waiting == 0
    assert len(service.agreement().pairs) == opinions * (opinions - 1) // 2


def test_more_opinions_are_asked_of_what_was_answered_before_and_none_of_what_is_settled(make):
    """With 3 in place of 2, what two have answered waits for a third, unless it is settled."""
    service = make(8, second_opinions=1.0)
    first = {q.image.id for q in Page(service, "anna").answer(8)}
    ben = Page(service, "ben")
    while questions := again(ben.asked()):
        for each in questions:
            ben.press(each, name=wrongly(each.image.name))
    assert service.agreement().waiting == 0
    service.save_settings(replace(service.settings(), opinions=3))
    assert service.agreement().waiting == len(first)
    settled = min(first)
    rita = service.acting(Person("rita", "reviewer"))
    rita.answer_anew([settled], service.classes()[0].id)
    assert service.agreement().waiting == len(first) - 1
    cleo, asked = Page(service, "cleo"), set()
    while questions := again(cleo.asked()):
        for each in questions:
            cleo.press(each, name=truth(each.image.name))
            asked.add(each.image.id)
    assert asked == first - {settled}


def test_a_second_answer_is_the_label_once_the_first_is_taken_back(make):
    """It is somebody's word, and nobody else's is there."""
    service = make(second_opinions=1.0)
    anna, ben = Page(service, "anna"), Page(service, "ben")
    anna.answer(10)
    question = again(ben.asked())[0]
    ben.press(question, name="light")
    service.record([event(service, question.image, "undo", seq=99, client=anna.client)], "anna")
    assert current(service)[question.image.id].annotator == "ben"


def test_a_repeat_takes_no_label_s_place_and_counts_as_no_label(make):
    """A difference is to be settled, and Quality has how often they were the same."""
    service = make(90, repeats=0.5)
    anna = Page(service, "anna")
    earlier = len(again(anna.answer(LATER + 20)))
    before, work = current(service), service.store.search.opinions.work()
    moment = service.store.db.value("SELECT MAX(pressed) FROM event")
    pressed = []
    for question in again(anna.asked()):
        wrong = not pressed
        anna.press(question, name=(wrongly if wrong else truth)(question.image.name))
        pressed.append(question.image.id)
    assert len(pressed) > 1
    assert current(service) == before
    assert service.store.search.opinions.work() == work
    assert service.store.sittings.labels(moment) == {}, "nor in what happened since last time"
    assert service.progress().labeled == len(before)
    assert service.store.search.opinions.disagreements() == {pressed[0]}
    [told] = service.agreement().repeats
    images = earlier + len(pressed)
    assert (told.annotator, told.same, told.images) == ("anna", images - 1, images)
    assert told.low < told.same / told.images < told.high
    rita = service.acting(Person("rita", "reviewer"))
    [found] = rita.find(Sought(state="disagreement"))
    assert [each.again for each in found.opinions] == ["", "own"]
    rita.answer_anew([found.image.id], found.opinions[1].class_id)
    assert service.disagreements() == 0
    assert current(service)[found.image.id].class_id == found.opinions[1].class_id


def test_who_corrects_a_repeat_corrects_the_repeat(make):
    """Looking back shows what was pressed last; its correction answers the same question."""
    service = make(90, repeats=0.5)
    anna = Page(service, "anna")
    anna.answer(LATER + 20)
    before = current(service)
    question = again(anna.asked())[0]
    anna.press(question, name=wrongly(question.image.name))
    earlier = service.acting(Person("anna", "annotator")).history(question.image.id)[0]
    assert (earlier.image.id, earlier.again) == (question.image.id, "own")
    anna.press(earlier, name=truth(question.image.name))
    assert current(service) == before
    assert service.disagreements() == 0


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.5, 1.0])
def test_who_keeps_pace_is_asked_as_many_as_arise(share):
    """Of 1 + s answers s are second ones; the page has at least that part of them ahead."""
    most = twice.most(12, Settings(second_opinions=share))
    assert most == 0 if share == 0 else 12 * share / (1 + share) <= most < 12
    three = twice.most(12, Settings(second_opinions=share / 2, opinions=3))
    assert three == most, "two further opinions of half as many images"


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_pressed_a_label_is_the_last_answer_to_an_open_question(make, seed):
    """Of two people, in any order, with undos: else the last of those that were asked once more."""
    rng = random.Random(seed)
    service = make(30, second_opinions=1.0, repeats=0.5)
    pages = [Page(service, who) for who in ("anna", "ben")]
    log = {}  # image -> [(weight, when, who, class)] of what stands
    for when in range(120):
        page = rng.choice(pages)
        questions = page.asked()
        if not questions:
            continue
        question = rng.choice(questions[:3])
        image = question.image
        if rng.random() < 0.15 and (own := [a for a in log.get(image.id, []) if a[2] == page.who]):
            page.press(question, "undo")
            log[image.id].remove(own[-1])
            continue
        name = rng.choice(("dark", "light"))
        before = [
            a for a in log.get(image.id, []) if (a[2] == page.who) == (question.again == "own")
        ]
        page.press(question, name=name)
        weight = -1 if question.again and before else 0
        log.setdefault(image.id, []).append((weight, when, page.who, name))
    names = {each.id: each.name for each in service.classes()}
    found = {i: (each.annotator, names[each.class_id]) for i, each in current(service).items()}
    assert found == {image: max(said)[2:] for image, said in log.items() if said}
    assert any(each[0] for said in log.values() for each in said)


@pytest.mark.parametrize("share", ['"often"', "{cut o"])
def test_an_answer_is_stored_whatever_the_settings_are(make, share):
    """A share that is no number asks nothing twice, and loses nothing."""
    service = make()
    questions = Page(service, "anna").asked()
    service.store.db.run(
        "INSERT INTO setting VALUES ('repeats', :share) ON CONFLICT DO UPDATE SET value = :share",
        {"share": share},
    )
    events = [event(service, each.image, seq=seq) for seq, each in enumerate(questions, 1)]
    assert service.record(events, "anna").ack == {"tab": len(questions)}
    assert len(current(service)) == len(questions)
