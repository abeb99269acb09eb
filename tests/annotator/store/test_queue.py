"""The queue: nobody gets the same image twice, and none is out of reach."""

import threading

import pytest

from annotator.asking.order import mixed
from annotator.store.queue import KEPT_HELD, RANDOM, Ask
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def ids(questions):
    return [question.image.id for question in questions]


def test_two_people_are_never_given_the_same_image(service):
    """Leases of four tabs that ask at once are disjoint."""
    found = {}
    threads = [
        threading.Thread(target=lambda c=c: found.update({c: ids(service.lease(c, c, 8))}))
        for c in ("a", "b", "c", "d")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [each for lease in found.values() for each in lease]
    assert len(given) == len(set(given)) == 32


def test_a_tab_that_comes_back_gets_the_images_it_holds(service):
    """A reload shows the same images in the same order."""
    first = service.lease("tab", "anna", 10)
    assert ids(service.lease("tab", "anna", 10)) == ids(first)


def test_what_a_closed_tab_held_is_given_to_others_when_the_lease_ends(service):
    """No image is left that nobody can get."""
    service.lease("closed", "anna", 40)
    assert service.lease("open", "ben", 5) == []
    service.store.db.run("UPDATE queue SET until = 1")
    assert len(service.lease("open", "ben", 5)) == 5


def test_every_image_is_asked_exactly_once(service):
    """Answering until nothing is left covers the whole workspace, test images included."""
    answered, seq = [], 1
    while images := answer(service, 7, first=seq):
        answered += [image.id for image in images]
        seq += len(images)
    assert sorted(answered) == [image.id for image in service.images(limit=100)]


def test_a_skipped_image_goes_to_the_end_and_comes_back(service):
    """Skipping is no answer."""
    image = service.lease("tab", "anna", 3)[0].image
    service.record([event(service, image, "skip", seq=1)], "anna")
    asked = ids(service.lease("tab", "anna", 40))
    assert asked[-1] == image.id


def test_an_undone_image_is_shown_next_to_the_one_who_undid_it(service):
    """Backspace brings the image back at once, to this tab."""
    first = service.lease("tab", "anna", 5)[0].image
    service.record([event(service, first, seq=1)], "anna")
    assert first.id not in ids(service.lease("tab", "anna", 5))
    service.record([event(service, first, "undo", seq=2)], "anna")
    assert ids(service.lease("tab", "anna", 5))[0] == first.id


def test_a_new_order_replaces_all_but_the_next_images_of_an_open_page(service):
    """After a round the page asks what the new model wants, not thirty old questions."""
    held = ids(service.lease("tab", "anna", 10))
    fresh = [image.id for image in service.images(limit=100) if image.id not in held][:5]
    service.store.queue.replace([Ask(each, "entropy 1.0 nats") for each in fresh])
    assert ids(service.lease("tab", "anna", 8)) == held[:KEPT_HELD] + fresh


def test_test_images_stand_at_every_fifth_place_with_the_reason_of_random_ones():
    """Places 5, 10, 15, … measure; place 3, 13, … is drawn at random; the rest is the policy's."""
    picks = [Ask(each, "entropy") for each in range(100, 120)]
    order = mixed(picks, [1, 2, 3], [51, 52, 53, 54])
    assert [place for place, ask in enumerate(order, 1) if ask.image_id in (51, 52, 53, 54)] == [
        5, 10, 15, 20,
    ]  # fmt: skip
    assert [place for place, ask in enumerate(order, 1) if ask.image_id in (1, 2, 3)] == [3, 13, 23]
    assert {ask.reason for ask in order if ask.image_id < 100} == {RANDOM}
    assert [ask.image_id for ask in order if ask.image_id >= 100] == list(range(100, 120))


def test_an_image_that_is_picked_and_drawn_is_asked_once():
    """The random slice may hit what the policy wants anyway."""
    order = mixed([Ask(1, "a"), Ask(2, "b"), Ask(3, "c")], [2], [])
    assert sorted(ask.image_id for ask in order) == [1, 2, 3]
