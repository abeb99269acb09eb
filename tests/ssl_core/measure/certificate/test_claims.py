"""The three sentences say what follows, rounded to the safe side."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import allowed, chain, claims, gates, sentences
from ssl_core.measure.certificate.claims import percent_down, percent_up


def test_the_example_of_the_specification():
    """5,000 released, 200 audited, four wrong: C lies a little below the target."""
    found = claims(5000, 200, 4, 0.05)
    assert found.proposed == Fraction(95, 100)
    assert found.corrected == 1 - Fraction(246, 5000)
    assert found.unseen == Fraction(94875, 100000)
    a, b, c = (each.replace("\N{NO-BREAK SPACE}", " ") for each in sentences(found, 0.05))
    assert a == (
        "Of the 5,000 pseudo-labels proposed, at least 4,750 are right (95 %). "
        "The chance that this is false is at most 5 %."
    )
    assert b == (
        "With the 4 wrong ones among the 200 audited corrected, at least 4,754 of the 5,000 labels "
        "are right (95.08 %)."
    )
    assert c == (
        "Of the 4,800 pseudo-labels that nobody looked at, at least 4,554 are right (94.87 %)."
    )


def test_a_second_attempt_says_what_both_risk():
    """The chance is that of any of the two."""
    a, _, _ = sentences(claims(100, 10, 0, 0.05), Fraction(1, 10), attempt=2)
    assert "Attempt 2; the chance that any of the 2 is false is at most 10" in a


def test_after_a_census_nobody_looked_at_none():
    """C claims nothing; B is all that is known."""
    found = claims(40, 40, 2, 0.05)
    assert found.unseen is None
    assert found.corrected == 1
    assert sentences(found, 0.05)[2] == "There is no pseudo-label that nobody looked at."


@given(st.integers(2, 300), st.data())
def test_what_follows_from_a_chain_is_always_a_claim(M, data):
    """At least the target for A, more for B; strictly, at least the target for C too."""
    m = data.draw(st.integers(1, M))
    epsilon = data.draw(st.fractions(Fraction(1, 50), Fraction(1, 2), max_denominator=50))
    rows = data.draw(st.sets(st.integers(0, M - 1), min_size=m, max_size=m))
    wrong = sorted(data.draw(st.sets(st.sampled_from(sorted(rows)), max_size=6)))
    for less in (0, m):
        k = chain(wrong, M, gates(M, m, epsilon, 0.1, less), 1, 2)
        if not k:
            continue
        n, x = sum(row < k for row in rows), sum(row < k for row in wrong)
        found = claims(k, n, x, epsilon, less)
        assert 1 - epsilon <= found.proposed <= found.corrected <= 1
        assert found.wrong == allowed(epsilon, k, less)
        if less and found.unseen is not None:
            assert found.unseen >= 1 - epsilon


@given(st.fractions(0, 1))
def test_a_percentage_is_never_on_the_wrong_side(share):
    """Down is not above the share and less than a hundredth below; up likewise."""
    down, up = (
        Fraction(text.removesuffix("\N{NO-BREAK SPACE}%")) / 100
        for text in (percent_down(share), percent_up(share))
    )
    assert down <= share <= up
    assert max(share - down, up - share) < Fraction(1, 10_000)


def test_what_cannot_follow_is_an_error():
    """Nothing released, or more wrong than the chain lets pass."""
    with pytest.raises(SSLError, match="nothing is claimed"):
        claims(0, 0, 0, 0.05)
    for counts in ((10, 11, 0), (10, 2, 3), (10, 5, 1)):
        with pytest.raises(SSLError, match="cannot follow from the chain"):
            claims(*counts, 0.05)
