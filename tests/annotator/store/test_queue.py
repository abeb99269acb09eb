"""The queue: nobody gets the same image twice, and none is out of reach."""

import threading

import pytest

from annotator.store.queue import KEPT_HELD, Ask
from tests.annotator.small import workspace


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


def test_a_new_order_replaces_all_but_the_next_images_of_an_open_page(service):
    """After a round the page asks what the new model wants, not thirty old questions."""
    held = ids(service.lease("tab", "anna", 10))
    fresh = [image.id for image in service.images(limit=100) if image.id not in held][:5]
    service.store.queue.replace([Ask(each, "entropy 1.0 nats") for each in fresh])
    assert ids(service.lease("tab", "anna", 8)) == held[:KEPT_HELD] + fresh
