"""The verifier's integers agree with the science's, which it shares no line with."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.export.proof.arithmetic import Audit, at_most, by_group, cut, rare
from ssl_core.measure.certificate import chain, drawn_of_groups, gates
from ssl_core.measure.certificate.attempts import Again
from ssl_core.measure.certificate.exact import binomial, hypergeometric
from ssl_core.measure.certificate.subsets import cut as science_cut

HALF = Fraction(1, 20)


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ((20, 15), []),
        ((20, 16), [20]),
        ((40, 40), [1, 20, 40]),
        ((1000, 100), [560, 880]),
        ((5000, 200), [1440, 2300, 3060, 3780, 4460]),
    ],
)
def test_the_golden_gates(case, found):
    """Those of the specification."""
    assert Audit(*case, HALF, HALF).gates() == found


@given(st.integers(1, 40), st.data())
def test_gates_and_chain_are_those_of_the_science(end, data):
    """For every small order, with known rows or without."""
    drawn = data.draw(st.integers(1, end))
    known = sorted(data.draw(st.sets(st.integers(0, end - 1), max_size=end - drawn)))
    wrong = [rank for rank in known if data.draw(st.booleans())]
    epsilon, level = (
        data.draw(st.fractions(Fraction(1, 40), Fraction(1, 2), max_denominator=40))
        for _ in range(2)
    )
    less = data.draw(st.integers(0, 5))
    errors = [r for r in sorted(data.draw(st.sets(st.integers(0, end - 1)))) if r not in known]
    c0, cf = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 4))
    audit = Audit(end, drawn, epsilon, level, known=known, wrong=wrong, less=less)
    again = Again(end, drawn, epsilon, level, known=known, wrong=wrong, less=less)
    assert audit.gates() == again.gates()
    assert audit.released(errors, c0, cf) == again.chain(errors, c0, cf)
    if not known:
        assert audit.gates() == gates(end, drawn, epsilon, level, less)
        assert audit.released(errors, c0, cf) == chain(errors, end, audit.gates(), c0, cf)


@given(st.integers(1, 40), st.data())
def test_tails_are_those_of_the_science(population, data):
    """Held against every level, also the tail itself."""
    wrong, drawn = (data.draw(st.integers(0, population)) for _ in range(2))
    most = data.draw(st.integers(0, population))
    tail = hypergeometric(population, wrong, drawn, most)
    for level in (Fraction(1, 3), tail, tail - Fraction(1, 10**9)):
        assert at_most(population, wrong, drawn, most, level) == (tail <= level)
    chance, few = Fraction(data.draw(st.integers(1, 9)), 10), min(most, drawn)
    assert rare(drawn, chance, few, HALF) == (binomial(drawn, chance, few) <= HALF)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(1, 60), st.data())
def test_draws_of_groups_and_how_many_may_be_wrong_are_those_of_the_science(groups, draws, data):
    """The same ranks for every seed, and the same cut for every share and level."""
    seed = data.draw(st.integers(0, 2**128))
    assert by_group(seed, groups, draws) == drawn_of_groups(seed, groups, draws)
    epsilon, level = (data.draw(st.fractions(Fraction(1, 40), Fraction(1, 2))) for _ in range(2))
    assert cut(draws, epsilon, level) == science_cut(draws, epsilon, level)
    assert cut(draws, Fraction(0), level) == -1
    for none, many in (([], draws), (groups, 0), (groups, 10_001)):
        with pytest.raises(ValueError, match="cannot be made"):
            by_group(seed, none, many)


@pytest.mark.parametrize(
    ("end", "drawn", "epsilon"),
    [(5, 6, HALF), (5, 0, HALF), (5, 2, Fraction(0)), (5, 2, Fraction(1))],
)
def test_what_cannot_be_drawn_is_refused(end, drawn, epsilon):
    """A garbled plan ends here, not in an endless sum."""
    with pytest.raises(ValueError, match="cannot be drawn"):
        Audit(end, drawn, epsilon, HALF)
