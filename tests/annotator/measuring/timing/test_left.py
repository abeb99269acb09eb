"""Time left: true while parts go as their like went, near it while they do not, never made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.measuring.timing.left import LEAST, left, rate, share
from annotator.model import Part

AMOUNTS = st.lists(
    st.tuples(st.floats(1, 1e5), st.floats(0.1, 300)), min_size=1, max_size=6
)  # (how much, seconds all of it usually takes)


def at(amounts, elapsed, paces, *, known=True):
    """The parts `elapsed` seconds after their begin, where each is so many times slower."""
    parts = []
    for number, ((amount, seconds), pace) in enumerate(zip(amounts, paces, strict=True)):
        takes = seconds * pace
        spent = min(max(elapsed, 0.0), takes)
        elapsed -= takes
        done = amount * spent / takes if spent < takes else amount
        usual = seconds / amount if known else None
        parts.append(Part(f"part {number}", "kind", amount, done, spent, usual, known))
    return parts


def true(amounts, elapsed, paces):
    return sum(seconds * pace for (_, seconds), pace in zip(amounts, paces, strict=True)) - elapsed


@given(AMOUNTS, st.floats(0, 0.999))
def test_parts_that_go_as_usual_are_told_to_the_second(amounts, passed):
    """From before the first of them begins."""
    calm = [1.0] * len(amounts)
    elapsed = passed * true(amounts, 0, calm)
    found = left(at(amounts, elapsed, calm))
    assert found == pytest.approx(true(amounts, elapsed, calm), rel=1e-6, abs=1e-6)


@given(AMOUNTS, st.floats(0, 0.999), st.data())
def test_parts_of_which_some_go_faster_and_some_slower_are_told_within_what_that_allows(
    amounts, passed, data
):
    """Up to 1.5 times each: what is left may be as much faster as what is done was slower."""
    pace = st.floats(2 / 3, 3 / 2)
    paces = data.draw(st.lists(pace, min_size=len(amounts), max_size=len(amounts)))
    elapsed = passed * true(amounts, 0, paces)
    rest = true(amounts, elapsed, paces)
    found = left(at(amounts, elapsed, paces))
    assert rest / 1.5**2 - 1e-6 <= found <= rest * 1.5**2 + 1e-6  # its own, and theirs


@given(AMOUNTS, st.floats(0.1, 0.999), st.floats(0.5, 2))
def test_a_machine_half_or_twice_as_fast_is_told_within_a_factor_of_1_5(amounts, passed, pace):
    """After the first tenth, of work that takes a minute or more."""
    scale = max(1.0, 120 / sum(seconds for _, seconds in amounts))
    amounts = [(amount, seconds * scale) for amount, seconds in amounts]
    paces = [pace] * len(amounts)
    elapsed = passed * true(amounts, 0, paces)
    rest = true(amounts, elapsed, paces)
    assert rest / 1.5 <= left(at(amounts, elapsed, paces)) <= rest * 1.5


@given(AMOUNTS, st.floats(0, 0.999))
def test_nothing_is_told_while_a_part_could_take_anything(amounts, passed):
    """Of which neither its like nor itself has told anything; a part that is over is no matter."""
    calm = [1.0] * len(amounts)
    parts = at(amounts, passed * true(amounts, 0, calm), calm, known=False)
    unknown = [each for each in parts if not each.ended and each.share < LEAST]
    assert (left(parts) is None) == bool(unknown)
    assert (share(parts) is None) == bool(unknown)


def test_a_part_goes_by_its_own_pace_the_more_of_it_is_done():
    """Ten steps a second so far, where five were usual: from the one to the other."""
    part = Part("training", "kind", 1000, usual=0.2)
    rates = [
        rate(replace(part, done=done, seconds=done / 10)) for done in (0, 1, 50, 100, 500, 1000)
    ]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == 0.2
    assert rates[3] == pytest.approx(0.15)  # a tenth is done: half of either
    assert rates[-1] == pytest.approx(0.1, rel=0.1)


def test_what_was_tried_just_now_is_not_taken_for_slower_or_faster():
    """A probe has seen the machine as busy as it is; what earlier jobs tell goes by its pace."""
    read = Part("reading", "r", 100, 100, 40.0, 0.1, True)  # four times slower than it was
    probed = Part("training", "t", 300, usual=0.1)
    assert left([read, probed]) == pytest.approx(30)
    remembered = replace(probed, remembered=True)
    assert left([read, remembered]) == pytest.approx(30 * 41 / 11)


def test_what_is_over_leaves_nothing():
    """Also where no part has anything to do."""
    assert left([Part("reading", amount=0), Part("training", "kind", 10, 10, 3.0)]) == 0
    assert share([Part("reading", amount=0)]) == 1
    assert share([Part("training", "kind", 10, 5, 3.0)]) == pytest.approx(0.5)
