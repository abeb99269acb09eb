"""Settling: an answer counts for the image that still waits, and images wait for all opinions."""

from dataclasses import replace

import pytest

from annotator.asking.settling import NOT_NOW
from tests.annotator.small import event, workspace

CLASSES = ("dark", "light", "striped")


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12, CLASSES)
    yield made
    made.close()


def say(service, image, *names, first=0):
    """Each class by another person, blind."""
    for who, name in enumerate(names, first):
        given = event(service, image, seq=image.id, client=f"tab{who}", name=name)
        service.record([given], f"person {who}")


def waiting(service, **how):
    return [each.image.id for each in service.to_settle(**how).next]


def label(service, image):
    [found] = [each for each in service.store.labels.current() if each.image_id == image.id]
    return found


def test_what_is_settled_leaves_the_queue_and_comes_again_when_it_is_taken_back(service):
    """Sent twice, as a page does that had no reply, it is written once and refused never."""
    first, second = service.images(limit=2)
    for image in (first, second):
        say(service, image, "dark", "light")
    found = service.to_settle()
    assert [each.image.id for each in found.next] == [first.id, second.id]
    assert list(found.next[0].said.values()) == [1, 1]
    press = event(service, first, seq=1, client="reviewer", name="striped")
    for _ in range(2):
        done = service.settle([press])
        assert (done.refused, done.ack) == ((), {"reviewer": 1})
    assert waiting(service) == [second.id]
    assert (label(service, first).source, label(service, first).reason) == ("adjudicated", "")
    service.settle([event(service, first, "undo", seq=2, client="reviewer")])
    assert waiting(service) == [first.id, second.id]
    assert waiting(service, later=[first.id]) == [second.id, first.id]


def test_an_answer_to_an_image_that_is_settled_meanwhile_is_refused_in_words(service):
    """Two reviewers had it on their screens: the sooner one counts, the other is told."""
    image, agreed = service.images(limit=2)
    say(service, image, "dark", "light")
    say(service, agreed, "dark", "dark")
    service.settle([event(service, image, seq=1, client="sooner", name="dark")])
    before = service.store.labels.watermark()
    late = [
        event(service, image, seq=1, client="late", name="light"),
        event(service, agreed, seq=2, client="late", name="light"),
    ]
    for _ in range(2):  # what was refused is not written when it comes again
        done = service.settle(late)
        assert done.ack == {"late": 2}
        assert service.store.labels.watermark() == before
        late = [replace(each, at=0.0) for each in late]
    assert service.settle([event(service, agreed, seq=3, client="late", name="light")]).refused == (
        ("late", 3, NOT_NOW),
    )


def test_an_image_waits_until_all_have_answered_or_no_class_can_have_more_than_half(service):
    """Worked out anew by giving the missing answers in every way; whoever is early asks for it."""
    service.save_settings(replace(service.settings(), second_opinions=1.0, opinions=4))
    images = service.images(limit=4)
    said = [
        ("dark", "light"),  # two more may both say dark
        ("dark", "dark", "light"),
        ("dark", "light", "striped"),  # two at most, of four
        ("dark", "dark", "dark", "light"),  # all have answered
    ]
    for image, names in zip(images, said, strict=True):
        say(service, image, *names)
    found = service.to_settle()
    assert [each.image.id for each in found.next] == [images[2].id, images[3].id]
    assert (found.left, found.awaited, found.opinions) == (2, 2, 4)
    assert waiting(service, early=True) == [each.id for each in images]
    assert service.disagreements() == 4
    say(service, images[0], "striped", first=2)  # now it is as the third
    assert images[0].id in waiting(service)
