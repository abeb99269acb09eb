"""The plan to go on: what it draws from, and what it expects in worlds that are known."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.measure.certificate.attempts import Again
from ssl_core.measure.certificate.beyond import beyond
from ssl_core.measure.certificate.pilot import CELLS

KNOWN = list(range(0, 600, 6))  # 100 of the first 600 rows


def planned(share_wrong, m=60, **options):
    """A plan for 1,000 rows of which 600 are released, with that share of the others wrong."""
    line = np.zeros(CELLS + 1)
    line[241:] = np.linspace(0, 0.4 * share_wrong, CELLS + 1 - 241)
    given = {"known": KNOWN, "wrong": [], "after": 600, "seed": 1} | options
    return beyond(1000, m, "0.05", "0.05", np.tile(line, (50, 1)), **given)


def test_where_nothing_is_wrong_all_is_expected_to_be_released():
    """And drawn from."""
    found = planned(0.0)
    assert (found.M, found.m, found.coverage, found.chance) == (1000, 60, 1.0, 1.0)


def test_what_was_released_stays_whatever_comes():
    """Where all beyond is wrong, no more than the 600 rows and hardly a chance."""
    found = planned(1.0)
    assert 0.6 <= found.coverage < 0.65
    assert planned(0.02).coverage > found.coverage


def test_what_is_known_to_be_wrong_leaves_less_to_be_found():
    """With 60 labels 20 known errors are too many already; 150 labels bear 20, and none bear 60."""
    assert planned(0.0, wrong=KNOWN[:20]) is None
    assert planned(0.0, m=150, wrong=KNOWN[:20]).coverage > 0.6
    assert planned(0.0, m=150, wrong=KNOWN[:60]) is None
    assert planned(0.0, m=10_000) is None  # no rows to draw


def test_the_gates_of_a_plan_are_beyond_what_is_released():
    """Also for strict, which wants more labels of the same rows."""
    for strict in (False, True):
        found = planned(0.01, m=150, strict=strict)
        less = len(KNOWN) + 150 if strict else 0
        again = Again(found.M, 150, "0.05", "0.05", known=KNOWN, after=600, less=less)
        assert min(again.gates()) > 600
        assert found.c0 < len(again.gates())


@given(st.data())
def test_it_is_hopeless_where_the_best_that_can_come_releases_nothing(data):
    """No further error: the chain with those there are by now."""
    M = data.draw(st.integers(5, 40))
    known = sorted(data.draw(st.sets(st.integers(0, M - 1), max_size=M // 2)))
    wrong = [rank for rank in known if data.draw(st.booleans())]
    m = data.draw(st.integers(1, M - len(known)))
    after = data.draw(st.integers(0, M - 1))
    again = Again(M, m, "0.3", "0.2", known=known, wrong=wrong, after=after)
    errors = [r for r in data.draw(st.sets(st.integers(0, M - 1))) if r not in known]
    c0, cf = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))
    assert again.hopeless(errors, c0) == (again.chain(errors, c0, cf) == 0)
