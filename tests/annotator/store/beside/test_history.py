"""Looking back over one's own answers, a page at a time."""

from dataclasses import replace

import pytest

from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    service = workspace(tmp_path / "ws", 30)
    service.person = replace(service.person, name="anna")
    return service


def say(service, image, kind, seq, by="anna", **more):
    each = event(service, image, kind, seq=seq, client=f"tab of {by}")
    service.record([replace(each, **more)], by)


def ids(found):
    return [each.image.id for each in found]


def test_pages_go_back_over_all_of_ones_own_answers(service):
    """Each page begins with the image that the one before ended with; none is left out."""
    images = service.images(limit=30)
    for seq, image in enumerate(images, 1):
        say(service, image, ("label", "skip", "unclear")[seq % 3], seq)
    seen, last = [], 0
    while True:
        page = ids(service.history(last, n=7))
        fresh = [each for each in page if each not in seen]
        if not fresh:
            break
        seen, last = seen + fresh, page[-1]
    assert seen == [each.id for each in reversed(images)]


def test_an_image_stands_once_with_the_answer_that_stands(service):
    """Answered anew it is the newest; taken back it is gone; what others said changes nothing."""
    one, two, three = service.images()[:3]
    say(service, one, "label", 1)
    say(service, two, "skip", 2)
    say(service, three, "unclear", 3, note="dim")
    say(service, one, "label", 4, class_id=service.classes()[1].id)
    say(service, two, "label", 1, by="ben")
    found = service.history()
    assert ids(found) == [one.id, three.id, two.id]
    assert [each.kind for each in found] == ["label", "unclear", "skip"]
    assert found[1].why == "dim"
    say(service, one, "undo", 5)
    say(service, three, "undo", 6)
    assert [(each.image.id, each.kind) for each in service.history()] == [
        (two.id, "skip"),
        (one.id, "label"),
    ]


def test_a_merged_class_is_what_it_counts_as_and_a_removed_one_is_none(service):
    """A page marks the button of what the label is now."""
    dark, light = service.classes()
    image = next(each for each in service.images() if "dark" in each.name)
    say(service, image, "label", 1)
    service.merge_class(dark.id, light.id)
    assert [each.class_id for each in service.history()] == [light.id]
    service.remove_class(light.id)
    assert [each.class_id for each in service.history()] == [None]


def test_what_was_said_last_is_told_for_an_undo(service):
    """An answer, or a mark that was put on it since; nothing where all was taken back."""
    one, two = service.images()[:2]
    say(service, one, "label", 1)
    say(service, one, "flag", 2)
    say(service, two, "note", 3, note="dim")
    assert [(each.last, each.marks.flags) for each in service.history()] == [("flag", ("anna",))]
    assert service.store.history.last([one.id, two.id], "anna") == {one.id: "flag", two.id: "note"}
    say(service, one, "undo", 4)
    assert service.store.history.last([one.id], "anna") == {one.id: "label"}
    assert service.store.history.last([one.id], "ben") == {}
