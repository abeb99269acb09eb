"""Time left: true while parts go as their like went, near it while they do not, never made up."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.measuring.timing.lately import lately
from annotator.measuring.timing.left import LEAST, TRUST, left, most, rate, share
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
        rate(replace(part, done=done, seconds=done / 10))
        for done in (0, 1, 10, 1000 * TRUST, 500, 1000)
    ]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == 0.2
    assert rates[3] == pytest.approx(0.15)  # half of either
    assert rates[-1] == pytest.approx(0.1, rel=0.1)


def test_what_was_tried_just_now_is_not_taken_for_slower_or_faster():
    """A probe has seen the machine as busy as it is; what earlier jobs tell goes by its pace."""
    read = Part("reading", "r", 100, 100, 40.0, 0.1, True)  # four times slower than it was
    probed = Part("training", "t", 300, usual=0.1)
    assert left([read, probed]) == pytest.approx(30)
    remembered = replace(probed, remembered=True)
    assert left([read, remembered]) == pytest.approx(30 * 41 / 11)


def test_a_part_that_got_slower_goes_by_what_it_takes_of_late_as_well():
    """Twice as long of late: between both."""
    part = Part("training", "kind", 100, 50, 50.0, lately=2.0)
    assert rate(part) == pytest.approx(2**0.5)


def test_parts_that_go_slower_than_they_did_when_they_were_tried_make_the_others_slower():
    """The more of them was done; a little of it says little."""
    begun = Part("baseline", "b", 100, usual=0.1)
    training = Part("training", "t", 300, usual=0.1)
    told = [
        left([replace(begun, done=done, seconds=done * 0.3), training]) for done in (0, 10, 50, 100)
    ]
    assert told[0] == pytest.approx(40)
    assert 30 < told[3] < 90, "two thirds of three times as long"
    assert told[3] > 1.5 * 30


def test_what_is_not_settled_is_told_as_the_most_that_it_may_take():
    """Until it is over; where nobody knows the least, nobody knows the most."""
    trial = Part("trying", "t", 10, usual=1.0)
    parts = [trial, Part("training", "n", 10, usual=1.0, spare=60.0)]
    assert (left(parts), most(parts)) == pytest.approx((20, 80))
    assert most([trial, replace(parts[1], done=10, seconds=10)]) == pytest.approx(10)
    assert most([trial, Part("training", amount=10, spare=60.0)]) is None


# How parts are known before, and how far off that may be: a machine, and each part by itself
KINDS = {"remembered": (0.5, 0.15), "tried": (0.1, 0.25), "busier": (0.0, 0.15)}


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_tenth_of_a_job_the_time_left_is_within_a_factor_of_1_5(kind):
    """At 95 of 100 moments of 40 jobs, each part uneven and other than was known of it.

    A machine that gets up to twice as slow on the way is judged from a while after that on.
    """
    rng, found = random.Random(20), []
    for _ in range(40):
        found += ratios(rng, kind)
    assert np.mean(np.array(found) < 1.5) >= 0.95


def ratios(rng, kind, moments=25):
    """The factors between told and true, a second of slack, after the first tenth of one job."""
    common, own = KINDS[kind]
    machine = rng.lognormvariate(0, common)
    takes = [rng.uniform(1, 60) for _ in range(rng.randint(3, 6))]
    parts = [
        Part(f"part {n}", "k", 100, usual=each / 100 * machine * rng.lognormvariate(0, own),
             remembered=kind != "tried")
        for n, each in enumerate(takes)
    ]  # fmt: skip
    change = rng.uniform(0.1, 0.4) * sum(takes) if kind == "busier" else sum(takes)
    slow, work, now, told = rng.uniform(1.2, 2), 0.0, 0.0, []
    for place, each in enumerate(takes):
        uneven = [rng.lognormvariate(0, 0.2) for _ in range(moments)]
        trail = []
        for number, piece in enumerate(uneven, 1):
            seconds = each * piece / sum(uneven)
            work += seconds
            now += seconds * (slow if work > change else 1)
            done, spent = 100 * number / moments, parts[place].seconds
            spent += seconds * (slow if work > change else 1)
            trail.append((done, spent))
            parts[place] = replace(parts[place], done=done, seconds=spent, lately=lately(trail))
            told.append((now, work, left(parts)))
    judged = [
        (shown + 1) / (now - at + 1)
        for at, work, shown in told
        if at > now / 10 and (kind != "busier" or work > 1.5 * change)
    ]
    return [max(each, 1 / each) for each in judged]


def test_what_is_over_leaves_nothing():
    """Also where no part has anything to do."""
    assert left([Part("reading", amount=0), Part("training", "kind", 10, 10, 3.0)]) == 0
    assert share([Part("reading", amount=0)]) == 1
    assert share([Part("training", "kind", 10, 5, 3.0)]) == pytest.approx(0.5)
