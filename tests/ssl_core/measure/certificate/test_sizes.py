"""How many labels it takes: the golden lists, and why one fewer is not enough."""

from fractions import Fraction
from itertools import islice

import pytest

from ssl_core.measure.certificate import gates, sizes
from ssl_core.measure.certificate.exact import binomial
from tests.ssl_core.measure.certificate import slowly

LEAST = {"0.1": 29, "0.05": 59, "0.02": 149, "0.01": 299}
GOOD = {
    "0.1": [29, 46, 61, 76, 89, 103, 116, 129, 142, 154, 167],
    "0.05": [59, 93, 124, 153, 181, 208, 234, 260, 286, 311, 336],
    "0.02": [149, 236, 313, 386, 456, 523, 590, 655, 719, 782, 845],
    "0.01": [299, 473, 628, 773, 913, 1049, 1182],
}
IN_POOL = {200: [47, 72, 93, 145], 1000: [56, 88, 117, 193], 5000: [58, 92, 123, 205]}
FOR = {
    "0.05": [59, 93, 153, 208, 311, 506, 832],
    "0.02": [149, 236, 386, 523, 845, 1271],
}


@pytest.mark.parametrize(("epsilon", "n"), LEAST.items())
def test_the_least_number_of_labels(epsilon, n):
    """All of them right, one fewer would prove nothing."""
    assert sizes.least(epsilon, "0.05") == n
    right = 1 - Fraction(epsilon)
    assert right**n <= Fraction(1, 20) < right ** (n - 1)


@pytest.mark.parametrize(("epsilon", "golden"), GOOD.items())
def test_the_good_sizes(epsilon, golden):
    """Each is the smallest that allows its number of errors."""
    assert list(islice(sizes.sizes(epsilon, "0.05"), len(golden))) == golden
    for c, n in enumerate(golden[:4]):
        assert binomial(n, Fraction(epsilon), c) <= Fraction(1, 20)
        assert binomial(n - 1, Fraction(epsilon), c) > Fraction(1, 20)


@pytest.mark.parametrize(("pool", "golden"), IN_POOL.items())
def test_a_small_pool_needs_fewer(pool, golden):
    """And with them its whole passes: the gate of that many errors is there."""
    found = [sizes.size_in_pool(pool, c, 0.05, 0.05) for c in (0, 1, 2, 5)]
    assert found == golden
    assert len(gates(pool, found[1], 0.05, 0.05)) >= 2
    assert slowly.chance(pool, pool // 20 + 1, golden[0] - 1, 0) > Fraction(1, 20)


def test_where_more_errors_than_may_be_are_let_pass_no_size_does():
    """Of 20 rows one may be wrong: two never may."""
    assert sizes.size_in_pool(20, 1, 0.05, 0.05) == 20
    assert sizes.size_in_pool(20, 2, 0.05, 0.05) is None


@pytest.mark.parametrize(("epsilon", "golden"), FOR.items())
def test_the_rule_of_thumb(epsilon, golden):
    """Labels that certify a set with 90 % chance, by its true error: none, a tenth of it, ..."""
    shares = [None, *(f"0.{tenth}" for tenth in range(1, len(golden)))]
    assert [sizes.size_for(share, epsilon, "0.05") for share in shares] == golden
