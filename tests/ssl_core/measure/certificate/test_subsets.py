"""Classes and patients: exact p-values, and Holm's order."""

from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb, prod

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import average, drawn_of_groups
from ssl_core.measure.certificate.pilot import worlds
from ssl_core.measure.certificate.plan import plan_of_groups
from ssl_core.measure.certificate.subsets import cut, each_class, groups, holm, one_set
from tests.ssl_core.measure.certificate import slowly


@pytest.mark.parametrize(
    ("p", "certified"),
    [
        ((0.004, 0.02, 0.03), [True, True, True]),
        ((0.02, 0.02, 0.03), [False, False, False]),
        ((0.016, 0.03, 0.026), [True, False, False]),
        ((), []),
    ],
)
def test_the_golden_examples_of_holm(p, certified):
    """At .05; exactly, so that .05 / 3 is met by what equals it."""
    assert holm(p, 0.05) == certified
    assert holm([Fraction(1, 60), Fraction(1, 40), Fraction(1, 20)], 0.05) == [True] * 3


def test_a_set_that_was_fixed_before_has_an_exact_p_value():
    """The chance of so few errors, were one more wrong than may be."""
    assert one_set(200, 50, 0, 0.05) == slowly.chance(200, 11, 50, 0)
    assert one_set(60, 60, 4, 0.05) == 1  # a census that found more than three


def test_five_classes_at_the_boundary_are_rarely_false_anywhere():
    """Each as bad as may not be: by Holm one is certified in 5 % of 2,000 trials or fewer."""
    rng, false, alone = np.random.default_rng(0), 0, 0
    for _ in range(2000):
        p = [one_set(400, 93, int(x), 0.05) for x in rng.hypergeometric(21, 379, 93, size=5)]
        false += any(holm(p, 0.05))
        alone += any(each <= Fraction(1, 20) for each in p)
    assert false / 2000 <= 0.05
    assert alone / 2000 > 0.08  # each at 5 % would break the promise


def test_the_chains_of_classes_share_the_level():
    """Ten classes have half a percent each."""
    assert each_class(0.05, 10) == Fraction(1, 200)
    with pytest.raises(SSLError, match="no class"):
        each_class(0.05, 0)


def test_an_average_patient_is_bounded_however_alike_their_rows_are():
    """Patients all right or all wrong: drawn with replacement, a row each, it is binomial."""
    assert groups(59, 0, 0.05) == Fraction(19, 20) ** 59
    rng, wrong = np.random.default_rng(1), np.arange(100) < 6  # of a hundred patients, six
    passed = sum(
        groups(93, int(wrong[rng.integers(100, size=93)].sum()), 0.05) <= Fraction(1, 20)
        for _ in range(2000)
    )
    assert passed / 2000 <= 0.05


GROUPS = [0, 1, 2, 1, 2, 2, 2]  # by rank: one row of the first, two and four of the others


def chance_of_a_false_promise(weights, draws, epsilon, delta):
    """The worst of all 128 pools: every sequence of draws, each row with its weight in a draw.

    A pool is bad where the mean over the three groups of the share that is wrong is more than
    epsilon; its chance to be released all the same is what counts.
    """
    sequences = list(product(range(len(GROUPS)), repeat=draws))
    ways = np.array([prod(weights[rank] for rank in each) for each in sequences])
    table, worst, may = np.array(sequences), Fraction(0), cut(draws, epsilon, delta)
    for pool in product([False, True], repeat=len(GROUPS)):
        own = [
            [bad for bad, group in zip(pool, GROUPS, strict=True) if group == g] for g in (0, 1, 2)
        ]
        if sum(Fraction(sum(each), len(each)) for each in own) / 3 > Fraction(epsilon):
            released = np.array(pool)[table].sum(1) <= may
            worst = max(worst, Fraction(int(ways[released].sum()), sum(weights) ** draws))
    return worst


def test_no_pool_of_uneven_groups_makes_it_false_more_often_than_promised():
    """All pools, all sequences of draws; drawn image by image it would be false far more often."""
    by_group = [4 // GROUPS.count(group) for group in GROUPS]  # of 12 in a draw: 4 for each group
    for draws, epsilon, delta in ((4, "0.4", "0.2"), (5, "0.4", "0.1"), (5, "0.6", "0.35")):
        found = chance_of_a_false_promise(by_group, draws, epsilon, delta)
        assert Fraction(delta) / 4 < found <= Fraction(delta)
        assert chance_of_a_false_promise([1] * 7, draws, epsilon, delta) > Fraction(delta)


@pytest.mark.parametrize(
    ("draws", "most"), [(58, -1), (59, 0), (92, 0), (93, 1), (200, 4), (207, 4), (208, 5)]
)
def test_the_golden_numbers_of_draws_that_may_be_wrong(draws, most):
    """At 95 % and 95 %: those of the specification, and the sum of the terms by its definition."""
    assert cut(draws, "0.05", 0.05) == most
    tails = [
        sum(Fraction(comb(draws, x) * 19 ** (draws - x), 20**draws) for x in range(upto + 1))
        for upto in (most, most + 1)
    ]
    assert tails[0] <= Fraction(1, 20) < tails[1]
    assert (groups(draws, most, 0.05) if most >= 0 else 0) == tails[0]
    assert cut(3, "0.5", "0.999") == 2  # all of them wrong proves nothing, however high the level


def test_groups_are_drawn_alike_and_their_rows_too():
    """Whatever their sizes: 6,000 draws, and the same ones for the same seed."""
    found = drawn_of_groups(7, GROUPS, 6000)
    assert found[:3000] == drawn_of_groups(7, GROUPS, 3000) != drawn_of_groups(8, GROUPS, 3000)
    for rank, times in Counter(found).items():
        assert times == pytest.approx(2000 / GROUPS.count(GROUPS[rank]), rel=0.12)
    with pytest.raises(SSLError, match="no row"):
        drawn_of_groups(7, [], 3)


def test_a_plan_by_group_looks_as_far_as_groups_are_right_on_the_mean():
    """Where many wrong rows at the end are of one group it looks farther than where each is one."""
    curves = worlds(np.linspace(0.01, 0.99, 60), np.arange(60) > 40, seed=0)
    one_each = plan_of_groups(np.arange(400), 93, 0.05, 0.05, curves)
    lump = plan_of_groups(np.minimum(np.arange(400), 200), 93, 0.05, 0.05, curves)
    assert 0 < one_each.M < lump.M <= 400
    assert 0 < one_each.coverage < lump.coverage <= lump.chance
    assert plan_of_groups(np.arange(400), 58, 0.05, 0.05, curves).coverage == 0
    with pytest.raises(SSLError, match="Nothing can be planned"):
        plan_of_groups(np.arange(0), 93, 0.05, 0.05, curves)


def test_the_sentence_about_an_average_group_names_target_groups_and_chance():
    """Of later attempts their number as well."""
    told = average(900, 80, "0.05", "0.05").replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith("false is at most 5 %.")
    assert "an average group are right to at least 95 %: each of 80 groups counts alike" in told
    assert "Attempt 2; the chance that any of the 2" in average(900, 80, "0.05", "0.1", 2)


def test_counts_that_cannot_be_are_errors():
    """More wrong than drawn, more drawn than there are."""
    for counts in ((10, 11, 0), (10, 3, 4), (10, 3, -1)):
        with pytest.raises(SSLError, match="cannot be"):
            one_set(*counts, 0.05)
    with pytest.raises(SSLError, match="cannot be"):
        groups(3, 4, 0.05)
