"""What the server makes of the page's messages."""

import pytest

from annotator.model import LabelEvent
from annotator.ui.labeler.component import parse

GOOD = {
    "client": "c",
    "seq": 3,
    "kind": "label",
    "image_id": 5,
    "sha256": "ab",
    "class_id": 2,
    "at": 10.5,
    "seconds": 1.25,
}


def test_an_answer_arrives_as_it_was_sent():
    """Each field lands in its place."""
    assert parse(GOOD) == LabelEvent("c", 3, "label", 5, "ab", 2, 10.5, 1.25)


def test_an_undo_has_no_class():
    """A missing class stays missing."""
    read = parse(GOOD | {"kind": "undo", "class_id": None})
    assert read is not None
    assert read.class_id is None


@pytest.mark.parametrize(
    "broken",
    [None, [], "label", {}, GOOD | {"kind": "delete"}, GOOD | {"seq": "x"}, GOOD | {"kind": []}],
)
def test_what_is_no_answer_is_left_out(broken):
    """A message that no page of ours sends breaks nothing."""
    assert parse(broken) is None
