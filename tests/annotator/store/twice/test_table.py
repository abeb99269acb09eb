"""Of whom an image may be asked once more: by its hash, and never again after that."""

from dataclasses import replace

import pytest

from annotator.model import NO_MARKS
from annotator.store.queue import RANDOM
from annotator.store.twice.table import LATER
from tests.annotator import audits
from tests.annotator.pressing import Page, again, current, drawn, wrongly
from tests.annotator.small import truth


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_second_person_is_asked_what_the_hash_draws_and_no_third(make, share):
    """Whatever the answers are: these images end with two people's, all others with one's."""
    service = make(second_opinions=share)
    people = [Page(service, who) for who in ("anna", "ben", "zoe")]
    for _ in range(12):
        for page in people:
            page.answer(3, wrongly if page.who == "ben" else truth)
    said = service.store.search.opinions.of(range(1, 41))
    twice_answered = {
        image for image, each in said.items() if len({o.annotator for o in each}) == 2
    }
    assert twice_answered == drawn(service, share, (16, 24)) != set()
    assert {len(each) for each in said.values()} <= {1, 2}
    assert len(said) == 40


@pytest.mark.parametrize("kind", ["skip", "unclear"])
def test_who_passes_over_a_second_question_is_not_asked_it_again_and_changes_nothing(make, kind):
    """A third person is asked in their place."""
    service = make(second_opinions=1.0)
    Page(service, "anna").answer(12)
    ben = Page(service, "ben")
    question = again(ben.asked())[0]
    before = current(service)
    ben.press(question, kind)
    assert current(service) == before
    assert service.progress().unclear == service.progress().skipped == 0
    assert question.image.id not in {each.image.id for each in ben.answer(40)}
    assert question.image.id in {each.image.id for each in Page(service, "zoe").answer(40)}


def test_a_share_that_is_set_later_holds_for_what_was_answered_before(make):
    """And one that is taken back asks nothing more."""
    service = make()
    Page(service, "anna").answer(15)
    service.save_settings(replace(service.settings(), second_opinions=1.0))
    assert again(Page(service, "ben").asked())
    service.save_settings(replace(service.settings(), second_opinions=0.0))
    assert not again(Page(service, "zoe").asked())


def test_what_an_open_audit_asks_is_asked_nobody_twice(tmp_path):
    """A second answer would be evidence that its plan did not foresee; later it may be asked."""
    service = audits.ready(tmp_path / "ws")
    service.save_settings(replace(service.settings(), second_opinions=1.0))
    service.certify.begin(40, audits.TERMS)
    answered = audits.answer(service, most=15)
    asked = {row.image_id for row in service.store.audits.rows(1)}
    assert asked & {*answered}

    def twice_to(who):
        return {i for i, _ in service.store.twice.open_to(who, 500, service.settings())}

    assert twice_to("ben")
    assert not twice_to("ben") & asked
    service.certify.cancel()
    assert twice_to("ben") & asked == asked & {*answered}
    service.close()


def test_one_s_own_images_come_back_after_many_answers_and_blind(make):
    """Drawn by other digits of the hash, each once, never before so many other answers."""
    service = make(90, repeats=0.5)
    anna = Page(service, "anna")
    order = anna.answer(150)
    first = [each.image.id for each in order if not each.again]
    back = again(order)
    assert len(first) == 90
    assert {each.image.id for each in back} <= drawn(service, 0.5, (32, 40))
    assert len(back) == len({each.image.id for each in back}) > 10
    for place, each in enumerate(order):
        if each.again:
            assert (each.again, each.reason, each.last) == ("own", RANDOM, "")
            assert (each.guess, each.detail, each.marks) == ("", "", NO_MARKS)
            then = next(n for n, q in enumerate(order) if q.image.id == each.image.id)
            assert place - then > LATER


def test_what_somebody_has_flagged_or_noted_does_not_come_back(make):
    """They would know it."""
    service = make(90, repeats=0.5)
    anna = Page(service, "anna")
    for _ in range(LATER + 20):
        [question] = anna.answer(1)
        assert not question.again
        anna.press(question, "flag")
