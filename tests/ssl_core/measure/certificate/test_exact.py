"""Chances are exact: those of the specification, and of any small numbers by summing terms."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import exact
from tests.ssl_core.measure.certificate import slowly

HYPERGEOMETRIC = {
    (20, 2, 15, 0): Fraction(1, 19),
    (20, 2, 16, 0): Fraction(6, 190),
    (20, 2, 18, 0): Fraction(1, 190),
    (200, 11, 50, 0): 0.03838477956087378,
    (1000, 51, 56, 0): 0.04892586951770453,
    (1000, 51, 59, 0): 0.04140930869069783,
    (2000, 101, 200, 4): 0.01975627178489668,
    (5000, 251, 200, 4): 0.02366277095366759,
    (5000, 251, 200, 5): 0.05727853530971618,
    (100000, 5001, 200, 4): 0.02630428668578738,
}
BINOMIAL = {
    (59, "0.05", 0): 0.048494525249,
    (58, "0.05", 0): 0.051046868684,
    (200, "0.05", 4): 0.026446800009,
    (208, "0.05", 5): 0.049225195799,
}


@pytest.mark.parametrize(("case", "value"), HYPERGEOMETRIC.items())
def test_the_golden_hypergeometric_tails(case, value):
    """Exactly where the value is a fraction, else to the last digit of a float."""
    found = exact.hypergeometric(*case)
    assert (
        found == value
        if isinstance(value, Fraction)
        else float(found) == pytest.approx(value, rel=1e-14)
    )
    assert exact.refuted(*case, Fraction(1, 20)) == (found <= Fraction(1, 20))


@pytest.mark.parametrize(("case", "value"), BINOMIAL.items())
def test_the_golden_binomial_tails(case, value):
    """To the digits that are given."""
    trials, share, most = case
    found = exact.binomial(trials, Fraction(share), most)
    assert float(found) == pytest.approx(value, abs=5e-13)
    assert exact.rare(trials, Fraction(share), most, Fraction(1, 20)) == (found <= Fraction(1, 20))


small = st.integers(1, 30).flatmap(
    lambda M: st.tuples(st.just(M), st.integers(0, M), st.integers(1, M), st.integers(0, M))
)


@given(small)
def test_a_tail_is_the_sum_of_its_terms(case):
    """For every population up to 30, also where drawn or wrong rows are nearly all."""
    assert exact.hypergeometric(*case) == slowly.chance(*case)


@given(small, st.fractions(Fraction(1, 1000), Fraction(999, 1000)))
def test_the_least_refuted_number_is_the_least(case, level):
    """No smaller one is refuted; none is where the errors are all that is drawn."""
    M, _, m, most = case
    found = exact.least_refuted(M, m, most, level)
    refuted = [E for E in range(M + 1) if slowly.chance(M, E, m, most) <= level]
    assert found == (refuted[0] if refuted else None)


@pytest.mark.parametrize("off", [-3, -1, 1, 3])
def test_a_guess_that_is_off_changes_nothing(monkeypatch, off):
    """Floats say where to look, integers what is there."""
    right = exact.least_refuted(5000, 200, 4, Fraction(1, 20))
    guess = exact._guess
    monkeypatch.setattr(exact, "_guess", lambda *given: guess(*given) + off)
    assert exact.least_refuted(5000, 200, 4, Fraction(1, 20)) == right


@pytest.mark.parametrize("level", ["1/1000000", "1/3000", "1/20", "1/2"])
@pytest.mark.parametrize(
    ("population", "drawn"), [(60, 59), (500, 400), (9500, 500), (20_000, 10_000), (10**6, 500)]
)
def test_what_is_guessed_is_a_row_off_at_most(population, drawn, level):
    """So the integers have nothing to search, for any number of wrong rows, few or nearly all."""
    for most in {0, 1, drawn // 20, drawn // 2, drawn - 2}:
        found = exact.least_refuted(population, drawn, most, Fraction(level))
        assert abs(exact._guess(population, drawn, most, float(Fraction(level))) - found) <= 1


def test_a_share_is_what_is_written():
    """A twentieth, not the float beside it; what is none is named, with a way out."""
    assert exact.fraction(0.05) == exact.fraction("0.05") == Fraction(1, 20)
    assert exact.fraction(Fraction(1, 3)) == Fraction(1, 3)
    for wrong in ("five", 0, 1, 1.5, -0.1, float("nan"), float("inf"), "1/0"):
        with pytest.raises(SSLError, match="cannot be epsilon: give a number between 0 and 1"):
            exact.fraction(wrong, "epsilon")
