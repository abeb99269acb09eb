"""Later attempts: what they may cost, and the same tests where nothing is known before."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import chain, gates
from ssl_core.measure.certificate.attempts import Again, any_of, levels
from tests.ssl_core.measure.certificate import slowly


def test_declared_retries_share_the_level():
    """.8 and .2 of it, or .8, .16 and .04: together never more than all."""
    assert levels(0.05) == [Fraction(1, 20)]
    assert levels(0.05, 1) == [Fraction(4, 100), Fraction(1, 100)]
    parts = (Fraction(80, 100), Fraction(16, 100), Fraction(4, 100))
    assert levels("0.05", 2) == [each * Fraction(1, 20) for each in parts]
    assert all(sum(levels(0.05, n)) == Fraction(1, 20) for n in range(8))
    with pytest.raises(SSLError, match="-1 retries"):
        levels(0.05, -1)


def test_an_attempt_that_was_not_declared_adds_its_chance():
    """Two at 5 % are 10 %; no chance is above 1."""
    assert any_of([0.05, 0.05]) == Fraction(1, 10)
    assert any_of([0.6, 0.6]) == 1
    assert any_of([]) == 0


@given(st.integers(2, 60), st.data())
def test_without_known_rows_it_is_the_chain(M, data):
    """Set by set with computed limits, or by gates: the same rows are released."""
    m = data.draw(st.integers(1, M))
    epsilon = data.draw(st.fractions(Fraction(1, 30), Fraction(1, 2), max_denominator=30))
    errors = sorted(data.draw(st.sets(st.integers(0, M - 1), max_size=m)))
    c0, cf, less = (data.draw(st.integers(0, 5)) for _ in range(3))
    again = Again(M, m, epsilon, 0.1, less=less)
    at = gates(M, m, epsilon, 0.1, less)
    assert again.gates() == at
    assert again.chain(errors, c0, cf) == chain(errors, M, at, c0, cf)


@given(st.integers(3, 30), st.data())
def test_the_limit_is_that_of_the_definition(M, data):
    """Of the rows that are left, so many are wrong if the set is just bad."""
    known = data.draw(st.sets(st.integers(0, M - 1), max_size=M - 1))
    wrong = data.draw(st.sets(st.sampled_from(sorted(known)))) if known else set()
    left = M - len(known)
    m = data.draw(st.integers(1, left))
    again = Again(M, m, "0.2", "0.1", known=list(known), wrong=list(wrong))
    for k in range(1, M + 1):
        bad = slowly.allow("0.2", k) + 1 - sum(rank < k for rank in wrong)
        expected = -1
        if bad > 0:
            while (
                expected + 1 < m
                and slowly.chance(left, min(bad, left), m, expected + 1) <= Fraction(1, 10)
                and bad <= left
            ):
                expected += 1
        if bad <= left:
            assert again.limit(k) == expected


def test_a_set_with_too_many_known_errors_never_passes():
    """Three wrong of the first ten are known where two may be: no draw can save it."""
    again = Again(40, 20, "0.2", "0.3", known=[0, 1, 2], wrong=[0, 1, 2])
    assert again.limit(10) == -1
    assert again.limit(14) == -1
    assert again.limit(40) >= 0


def test_beyond_what_was_released_only_larger_sets_are_tested():
    """M = 1,000 was released whole with an error known among 100; the gates are beyond it."""
    known = list(range(0, 1000, 10))
    again = Again(3000, 200, 0.05, 0.05, known=known, wrong=[500], after=1000)
    assert again.population == 2900
    assert min(again.gates()) > 1000
    assert again.chain([], 0, 9) == 3000
    assert 1000 < again.chain(list(range(1001, 1201)), 0, 0) < 1010


def test_drawn_rows_are_those_that_were_not_known():
    """Positions among the unknown become ranks."""
    again = Again(8, 3, 0.3, 0.3, known=[0, 2, 3])
    assert again.ranks([0, 1, 4]) == [1, 4, 7]


def test_what_cannot_be_is_an_error():
    """Too many to draw, wrong rows that nobody looked at, known rows beyond the order."""
    with pytest.raises(SSLError, match="Of 3 rows that are left, 4 cannot be drawn"):
        Again(5, 4, 0.3, 0.3, known=[0, 1])
    for given_rows in ({"known": [1], "wrong": [2]}, {"known": [9]}):
        with pytest.raises(SSLError, match="Known rows rank before M"):
            Again(5, 2, 0.3, 0.3, **given_rows)
