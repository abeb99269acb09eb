"""Where images stay that a source has divided."""

import pytest

from annotator.importing.deciding.splits import kept, part_of, parts
from annotator.model import Told


def told(*tellings):
    return {f"{n}": [(f"{n}.png", each) for each in some] for n, some in enumerate(tellings)}


@pytest.mark.parametrize(
    ("name", "part"),
    [("train", "train"), ("Validation", "val"), ("TESTING", "test"), (" dev", "val"),
     ("tests", ""), ("trained", ""), ("cat", ""), ("", "")],
)  # fmt: skip
def test_a_folder_s_name_says_which_part_it_is(name, part):
    """In any case; what only begins alike is none."""
    assert part_of(name) == part


def test_a_part_is_kept_only_where_that_was_agreed():
    """Val is learned from unless images validate here: a round keeps a part of its own to that."""
    source = told([Told(part="train")], [Told(part="val")], [Told(part="test")], [Told("cat")])
    assert kept(source, keep=False) == {}
    assert kept(source, keep=True) == {"0": "pool", "1": "pool", "2": "test"}
    assert kept(source, keep=True, validates=True) == {"0": "pool", "1": "val", "2": "test"}
    assert kept(source, keep=False, validates=True) == {}


def test_what_our_own_exports_say_is_kept_without_asking():
    """Test images stay test, and those that validate do, whatever the setting is here."""
    source = told([Told(split="test")], [Told(split="pool")], [Told(split="val")])
    assert kept(source, keep=False) == {"0": "test", "1": "pool", "2": "val"}


def test_the_same_image_in_two_parts_measures_and_is_told():
    """It would be learned from and measured with otherwise."""
    source = told([Told(part="test"), Told(part="train")], [Told(part="train"), Told(part="train")])
    assert kept(source, keep=True) == {"0": "test", "1": "pool"}
    count, [several] = parts(source)
    assert count == {"train": 2, "test": 1}
    assert several.name == "0.png"
    assert "in test and train" in several.reason
    both = told([Told(part="val"), Told(part="train")], [Told(part="val"), Told(part="test")])
    assert kept(both, keep=True, validates=True) == {"0": "val", "1": "test"}
    assert [
        each.reason.split("set is kept it is a ")[1].split(" ")[0] for each in parts(both)[1]
    ] == [
        "validation",
        "test",
    ]
