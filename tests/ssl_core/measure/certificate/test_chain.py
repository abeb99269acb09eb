"""Gates and chain: the golden numbers, the definitions, and what more errors can never do."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import allowed, chain, gates, hopeless
from ssl_core.measure.certificate.exact import hypergeometric
from tests.ssl_core.measure.certificate import slowly

GATES = {
    (20, 15, 0.05, 0.05): [],
    (20, 16, 0.05, 0.05): [20],
    (40, 40, 0.05, 0.05): [1, 20, 40],
    (1000, 100, 0.05, 0.05): [560, 880],
    (1000, 100, 0.10, 0.05): [280, 440, 590, 730, 860, 990],
    (2000, 200, 0.05, 0.05): [560, 900, 1200, 1480, 1740, 2000],
    (5000, 59, 0.05, 0.05): [4920],
    (5000, 60, 0.05, 0.05): [4840],
    (5000, 100, 0.05, 0.05): [2920, 4600],
    (5000, 200, 0.05, 0.05): [1440, 2300, 3060, 3780, 4460],
    (5000, 200, 0.05, 0.04): [1560, 2440, 3200, 3940, 4620],
    (5000, 500, 0.02, 0.05): [1400, 2250, 3000, 3700, 4400],
    (5000, 200, 0.01, 0.05): [],
    (5000, 300, 0.01, 0.05): [4800],
    (100_000, 58, 0.05, 0.05): [],
    (100_000, 59, 0.05, 0.05): [98980],
    (100_000, 200, 0.05, 0.05): [29700, 46960, 62240, 76560, 90300],
    (1_000_000, 200, 0.05, 0.05): [297300, 469920, 622800, 766140, 903540],
}
STARTS = ((0, 0), (0, 4), (1, 2), (2, 4), (3, 3), (4, 4))
CHAIN = {
    (): (5000,) * 6,
    (4999,): (5000,) * 6,
    (3000, 3500): (5000,) * 6,
    (100,): (0, 0, 5000, 5000, 5000, 5000),
    (1439,): (0, 0, 5000, 5000, 5000, 5000),
    (1440,): (1440, 5000, 5000, 5000, 5000, 5000),
    (1500, 1600): (1500, 1440, 0, 5000, 5000, 5000),
    (2500, 2600, 2700): (2600, 2300, 2300, 0, 5000, 5000),
    (4000, 4200, 4300, 4400, 4450): (4400, 3780, 4400, 3780, 4400, 0),
    (4000, 4200, 4300, 4400, 4459): (4400, 3780, 4400, 3780, 4400, 0),
    (4000, 4200, 4300, 4400, 4460): (4400, 4460, 4400, 4460, 4400, 4460),
}
SIZES = {
    0: (0.049681, 0.051783),
    1: (0.049385, 0.051115),
    2: (0.049388, 0.050925),
    3: (0.048914, 0.050308),
    4: (0.049203, 0.050509),
}

audits = st.integers(2, 24).flatmap(
    lambda M: st.tuples(
        st.just(M),
        st.integers(1, M),
        st.fractions(Fraction(1, 50), Fraction(3, 5), max_denominator=50),
        st.fractions(Fraction(1, 50), Fraction(1, 2), max_denominator=50),
        st.sampled_from([0, 0, 3]),
        st.sets(st.integers(0, M - 1)),
        st.integers(0, 6),
        st.integers(0, 6),
    )
)


@pytest.mark.parametrize(("case", "found"), GATES.items())
def test_the_golden_gates(case, found):
    """Those of the specification, to the row."""
    assert gates(*case) == found


@pytest.mark.parametrize(("errors", "released"), CHAIN.items())
def test_the_golden_chains(errors, released):
    """Whatever the order in which the errors come."""
    at = gates(5000, 200, 0.05, 0.05)
    assert tuple(chain(errors, 5000, at, *start) for start in STARTS) == released
    assert tuple(chain(errors[::-1], 5000, at, *start) for start in STARTS) == released


@pytest.mark.parametrize(("c", "sizes"), SIZES.items())
def test_each_gate_spends_the_level_and_a_row_earlier_would_overspend_it(c, sizes):
    """The sizes of the tests at k(c) and at k(c) - 1, recomputed."""
    k = gates(5000, 200, 0.05, 0.05)[c]
    found = [hypergeometric(5000, allowed(0.05, each) + 1, 200, c) for each in (k, k - 1)]
    assert [float(each) for each in found] == pytest.approx(sizes, abs=5e-7)
    assert found[0] <= Fraction(1, 20) < found[1]


@given(audits)
def test_gates_and_chain_are_those_of_the_definitions(audit):
    """Every gate by trying every k, every chain set by set, with sums of integers."""
    M, m, epsilon, delta, less, errors, c0, cf = audit
    found = gates(M, m, epsilon, delta, less)
    assert found == slowly.gates(M, m, epsilon, delta, less)
    wrong = sorted(errors)[:m]
    released = slowly.chain(wrong, M, m, epsilon, delta, c0, cf, less)
    assert chain(wrong, M, found, c0, cf) == released


@given(audits, st.data())
def test_fewer_or_later_errors_never_release_less(audit, data):
    """An error is taken away, or moved to a later rank."""
    M, m, epsilon, delta, less, errors, c0, cf = audit
    at, wrong = gates(M, m, epsilon, delta, less), sorted(errors)
    if not wrong:
        return
    one = data.draw(st.sampled_from(wrong))
    rest = [each for each in wrong if each != one]
    before = chain(wrong, M, at, c0, cf)
    assert chain(rest, M, at, c0, cf) >= before
    later = data.draw(st.integers(one, M - 1))
    if later not in rest:
        assert chain([*rest, later], M, at, c0, cf) >= before


@given(audits)
def test_an_audit_is_hopeless_exactly_when_no_answer_can_save_it(audit):
    """All rows to come are right: still nothing is released."""
    M, m, epsilon, delta, less, errors, c0, cf = audit
    at = gates(M, m, epsilon, delta, less)
    assert hopeless(list(errors), at, c0) == (chain(list(errors), M, at, c0, cf) == 0)


@given(st.integers(1, 40), st.data())
def test_a_census_releases_no_bad_set(M, data):
    """With every row looked at nothing is left to chance."""
    wrong = data.draw(st.sets(st.integers(0, M - 1)))
    epsilon = data.draw(st.fractions(Fraction(1, 40), Fraction(1, 2), max_denominator=40))
    at = gates(M, M, epsilon, 0.05)
    k = chain(sorted(wrong), M, at, data.draw(st.integers(0, 5)), data.draw(st.integers(0, 5)))
    assert sum(rank < k for rank in wrong) <= allowed(epsilon, k)


def test_strict_spares_the_audited_rows():
    """With as many rows less, a gate comes so much later; the first rows may hold no error."""
    plain, strict = gates(5000, 200, 0.05, 0.05), gates(5000, 200, 0.05, 0.05, 200)
    assert strict == [k + 200 for k in plain]
    assert [allowed(0.05, k, 200) for k in (1, 200, 219, 220, 240)] == [0, 0, 0, 1, 2]


def test_what_cannot_be_drawn_is_an_error():
    """It names the numbers."""
    for m in (0, 21):
        with pytest.raises(SSLError, match=f"Of 20 rows, {m} cannot be drawn"):
            gates(20, m, 0.05, 0.05)
    assert chain([], 20, [], 0, 0) == 0
    assert hopeless([], [], 0)
