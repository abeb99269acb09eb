"""What measures: drawn by image or by group, kept where it was given, and never all of it."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.store.dividing.draw import Draw, divide, draw


def rows(groups):
    return [
        {"sha256": f"{number}", "in_group": group, "draw": draw(f"{number}", 0)}
        for number, group in enumerate(groups)
    ]


def splits(found):
    by_group = defaultdict(set)
    for row in found:
        if row["in_group"]:
            by_group[row["in_group"]].add(row["split"])
    return by_group


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["", "a", "b", "c", "d"]), max_size=30),
    st.floats(0, 0.9),
    st.integers(0, 99),
    st.booleans(),
)
def test_no_group_is_in_both(groups, share, seed, spare):
    """However they are drawn, and also where one must be spared to learn from."""
    found = rows(groups)
    divide(found, Draw(share, seed, {}, {}), spare=spare)
    assert all(len(each) == 1 for each in splits(found).values())
    if spare and found:
        assert any(row["split"] == "pool" for row in found)


def test_a_group_follows_its_images_of_before():
    """Whatever the draw says: a patient of an earlier import is in one split."""
    for split in ("test", "pool"):
        found = rows(["mary"] * 4)
        divide(found, Draw(0.5, 0, {}, {"mary": split}), spare=False)
        assert {row["split"] for row in found} == {split}


def test_a_kept_test_image_takes_its_group_along_but_for_those_kept_elsewhere():
    """What the source says stands; what it leaves open must not leak."""
    found = rows(["mary", "mary", "mary", "", "otto"])
    how = Draw(0.0, 0, {"0": "test", "1": "pool", "4": "pool"}, {})
    divide(found, how, spare=False)
    assert [row["split"] for row in found] == ["test", "pool", "test", "pool", "pool"]


def test_what_was_kept_is_never_spared():
    """A given test set stays one, also where nothing is left to learn from."""
    found = rows(["", ""])
    divide(found, Draw(0.5, 0, {"0": "test", "1": "test"}, {}), spare=True)
    assert {row["split"] for row in found} == {"test"}


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_groups_are_drawn_with_the_share_of_images(share):
    """Of a thousand groups about that many measure."""
    found = rows([f"g{number // 3}" for number in range(3000)])
    divide(found, Draw(share, 0, {}, {}), spare=False)
    measured = sum("test" in each for each in splits(found).values())
    assert abs(measured - 1000 * share) < 4 * (1000 * share * (1 - share)) ** 0.5
