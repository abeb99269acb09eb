"""Experts who miss errors: the bound is exact, and with it the promise holds again."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import allowed, chain, drawn, gates
from ssl_core.measure.certificate.exact import binomial
from ssl_core.measure.certificate.expert import missing, second_looks, seen, stricter


@pytest.mark.parametrize(("planted", "missed"), [(30, 0), (30, 4), (200, 21), (1, 0)])
def test_the_bound_is_the_least_of_four_decimals(planted, missed):
    """At it so few are missed with a chance of at most the level; a ten-thousandth less, not."""
    bound, level = missing(planted, missed, "0.01"), Fraction(1, 100)
    assert binomial(planted, bound, missed) <= level
    assert binomial(planted, bound - Fraction(1, 10_000), missed) > level


def test_it_makes_epsilon_and_delta_smaller():
    """A fifth of delta pays for the bound."""
    found = stricter(0.05, 0.05, 100, 2)
    assert found.missed == missing(100, 2, "0.01")
    assert found.epsilon == Fraction(1, 20) * (1 - found.missed)
    assert found.delta == Fraction(1, 25)


def test_without_planted_labels_nothing_is_bounded():
    """That is said, with the ways out."""
    for planted, missed in ((0, 0), (3, 3)):
        with pytest.raises(SSLError, match="Plant more, or let another expert answer"):
            stricter(0.05, 0.05, planted, missed)
    with pytest.raises(SSLError, match="4 of 3 planted labels cannot be missed"):
        missing(3, 4, 0.01)


def test_what_is_known_of_the_expert_is_said():
    """Counts before and after the second look; planted labels, or that there were none."""
    assert second_looks(200, 12, 9) == (
        "Of 200 blind answers 12 differed from the pseudo-label; after a second look 9 are wrong."
    )
    with pytest.raises(SSLError, match="cannot be"):
        second_looks(10, 11, 0)
    told = seen(30, 1, "0.01").replace("\N{NO-BREAK SPACE}", " ")
    bound = float(missing(30, 1, "0.01")) * 100
    assert f"at most {bound:.2f} % are missed, but for a chance of 1 %" in told
    assert "what the expert misses is not known" in seen(0, 0, "0.01")


def test_on_the_boundary_pool_missed_errors_break_the_promise_and_this_mends_it():
    """A fifth of errors missed; 100 planted, as often missed: false too often without, not with."""
    M, m, rng = 5000, 200, np.random.default_rng(0)
    limits = [0, *(allowed(0.05, k) + 1 for k in range(1, M + 1))]
    wrong = np.array([more > before for before, more in pairwise(limits)])
    plain, careful = 0, 0
    for seed in range(2000):
        rows = drawn(seed, M, m)
        seen = rows[wrong[rows]]
        seen = seen[rng.random(len(seen)) >= 0.2].tolist()
        plain += chain(seen, M, gates(M, m, 0.05, 0.05), 2, 4) > 0
        found = stricter(0.05, 0.05, 100, int(rng.binomial(100, 0.2)))
        careful += chain(seen, M, gates(M, m, found.epsilon, found.delta), 2, 4) > 0
    assert plain / 2000 > 0.08
    assert careful / 2000 <= 0.05
