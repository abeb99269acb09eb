"""What an undo takes back, of all that people said of an image."""

from dataclasses import replace

import pytest

from annotator.store.undoing import last_of
from tests.annotator.small import event, workspace

SAID = [  # kind, whose, from which page
    ("label", "anna", "one"),
    ("flag", "anna", "one"),
    ("skip", "ben", "two"),
    ("unclear", "anna", "other"),
    ("note", "anna", "other"),
]


@pytest.fixture
def service(tmp_path):
    """One image of which two people said all kinds of things, numbered from 1 in this order."""
    service = workspace(tmp_path / "ws", 4)
    image = service.images()[0]
    for seq, (kind, who, page) in enumerate(SAID, 1):
        service.record([event(service, image, kind, seq=seq, client=page)], who)
    return service


@pytest.mark.parametrize(
    ("takes", "who", "page", "kind"),
    [
        ("", "anna", "other", "note"),  # the last
        ("", "anna", "one", "flag"),  # of the page itself first
        ("answer", "anna", "one", "label"),
        ("answer", "anna", "other", "unclear"),
        ("answer", "anna", "a third", "unclear"),
        ("flag", "anna", "other", "flag"),
        ("note", "anna", "one", "note"),
        ("", "ben", "one", "skip"),
        ("flag", "ben", "two", None),
        ("", "zoe", "one", None),
    ],
)
def test_it_is_the_last_of_that_kind_of_that_person_their_page_first(
    service, takes, who, page, kind
):
    """Nothing of anybody else, and nothing of another kind."""
    image = service.images()[0]
    undo = replace(event(service, image, "undo", seq=9, client=page), takes=takes)
    kinds = {number: said for number, (said, _, _) in enumerate(SAID, 1)}
    assert kinds.get(last_of(service.store.db, undo, who)) == kind


def test_what_was_taken_back_is_not_taken_back_again(service):
    """One undo after the other goes back over all that a page said."""
    image, seen = service.images()[0], []
    for seq in range(10, 16):
        undo = event(service, image, "undo", seq=seq, client="other")
        seen.append(last_of(service.store.db, undo, "anna"))
        service.record([undo], "anna")
    assert seen == [5, 4, 2, 1, None, None]
