"""What measures: drawn by image or by group, kept where it was given, and never all of it."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.store.dividing.draw import Draw, divide, draw, foremost


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


def counted(found):
    return Counter(row["split"] for row in found)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["", "", "a", "b", "c"]), max_size=40),
    st.floats(0, 0.5),
    st.floats(0.01, 0.45),
    st.integers(0, 99),
)
def test_who_validates_is_never_taken_from_what_measures(groups, share, validates, seed):
    """Test images are the same with and without; groups stay whole; something is left to learn."""
    plain, found = rows(groups), rows(groups)
    divide(plain, Draw(share, seed, {}, {}), spare=True)
    divide(found, Draw(share, seed, {}, {}, validates), spare=True)
    pool = {row["sha256"] for row in plain if row["split"] == "pool"}
    assert {r["sha256"] for r in found if r["split"] == "val"} <= pool
    assert all(len(each) == 1 for each in splits(found).values())
    if groups:
        assert any(row["split"] == "pool" for row in found)


@pytest.mark.parametrize(
    ("n", "share", "there", "low", "high"),
    [
        (2000, 0.05, 0, 70, 130),  # the share: 100 of them, give or take
        (2000, 0.005, 0, 60, 60),  # filled up
        (2000, 0.005, 55, 5, 25),  # with those that are there already
        (2000, 0.005, 500, 1, 25),  # no more than the share then
        (80, 0.01, 0, 15, 18),  # a quarter of what would be learned from
    ],
)
def test_there_are_sixty_where_that_takes_a_quarter_at_most(n, share, there, low, high):
    """Those with the lowest draws above what measures: as uniform as the test images are."""
    found = rows([""] * n)
    divide(found, Draw(0.1, 0, {}, {}, share, there), spare=True)
    assert low <= counted(found)["val"] <= high
    places = {each: [r["draw"] for r in found if r["split"] == each] for each in counted(found)}
    assert max(places["test"]) < 0.1 <= min(places["val"])
    assert max(places["val"]) < min(places["pool"])


def test_what_is_kept_or_of_a_group_that_is_here_is_not_drawn_to_validate():
    """An image that may have been learned from draws its group to where it is."""
    found = rows(["mary", "mary", "", "paul"])
    how = Draw(0.0, 0, {"2": "pool"}, {"mary": "pool", "paul": "val"}, 0.45)
    divide(found, how, spare=False)
    assert [row["split"] for row in found] == ["pool", "pool", "pool", "val"]
    found = rows(["mary", "mary"])
    divide(found, Draw(0.0, 0, {"0": "val"}, {}), spare=False)
    assert counted(found) == {"val": 2}, "one that validates pulls its group along"


def test_a_group_goes_where_nothing_leaks_to_what_measures():
    """Whatever order its splits come in."""
    assert foremost(["pool", "test", "val"]) == "test"
    assert foremost(["val", "pool"]) == "val"
    assert foremost(["pool"]) == "pool"
