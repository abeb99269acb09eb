"""Classes and patients: exact p-values, and Holm's order."""

from fractions import Fraction

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure.certificate.subsets import each_class, groups, holm, one_set
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


def test_counts_that_cannot_be_are_errors():
    """More wrong than drawn, more drawn than there are."""
    for counts in ((10, 11, 0), (10, 3, 4), (10, 3, -1)):
        with pytest.raises(SSLError, match="cannot be"):
            one_set(*counts, 0.05)
    with pytest.raises(SSLError, match="cannot be"):
        groups(3, 4, 0.05)
