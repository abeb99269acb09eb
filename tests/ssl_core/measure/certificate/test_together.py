"""Chains of several classes that share the chance by Holm's rule: false anywhere at most so often.

Every pair of pools of a few rows and every pair of samples is gone through; the rule itself is
written out once more, set by set.
"""

from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import allowed, chain, drawn_of_each, gates
from ssl_core.measure.certificate.subsets import Planned, holm, one_set, released, together
from tests.ssl_core.measure.certificate import slowly


def by_definition(chains, errors, epsilon, delta):
    """Set after set, with every limit from its definition."""
    found, left = {}, set(range(len(chains)))
    while True:
        level = Fraction(delta) / len(left)
        for each in left:
            planned = chains[each]
            least = Fraction(delta) / len(chains)
            at = slowly.gates(planned.M, planned.m, epsilon, least, planned.less)
            found[each] = 0
            if not at:
                continue
            first = min(planned.c0, len(at) - 1)
            walk = min(max(planned.cf, first), len(at) - 1)
            for k in [*at[first : walk + 1], *range(at[walk] + 1, planned.M + 1)]:
                most = slowly.limit(k, planned.M, planned.m, epsilon, level, planned.less)
                if sum(rank < k for rank in errors[each]) > most:
                    break
                found[each] = k
        done = {each for each in left if found[each] == chains[each].M}
        if not done or done == left:
            return [found[each] for each in range(len(chains))]
        left -= done


@st.composite
def cases(draw):
    """One to three small classes, with any errors."""
    chains, errors = [], []
    for _ in range(draw(st.integers(1, 3))):
        M = draw(st.integers(2, 14))
        m = draw(st.integers(1, M))
        less = draw(st.sampled_from([0, m]))
        chains.append(Planned(M, m, draw(st.integers(0, 2)), draw(st.integers(0, 3)), less))
        errors.append(sorted(draw(st.sets(st.integers(0, M - 1), max_size=m))))
    share = st.fractions(Fraction(1, 10), Fraction(1, 2), max_denominator=20)
    return chains, errors, draw(share), draw(share)


@given(cases())
def test_it_is_the_rule_set_by_set(case):
    """Also strict, and where no set can pass."""
    chains, errors, epsilon, delta = case
    found = together(chains, errors, epsilon, delta)
    assert [each.k for each in found] == by_definition(chains, errors, epsilon, delta)
    left = len(chains)
    assert all(each.level >= delta / left for each in found)


@given(cases())
def test_one_class_alone_is_the_chain_and_no_class_gets_less_than_its_equal_part(case):
    """Its part is where it begins."""
    chains, errors, epsilon, delta = case
    [alone] = together(chains[:1], errors[:1], epsilon, delta)
    one = chains[0]
    at = gates(one.M, one.m, epsilon, delta, one.less)
    assert (alone.level, alone.k) == (delta, chain(errors[0], one.M, at, one.c0, one.cf))
    for planned, own, found in zip(
        chains, errors, together(chains, errors, epsilon, delta), strict=True
    ):
        at = gates(planned.M, planned.m, epsilon, delta / len(chains), planned.less)
        assert found.k >= chain(own, planned.M, at, planned.c0, planned.cf)


def test_with_one_set_a_class_it_is_holm():
    """For all counts of errors of three classes whose only set is all that is drawn from."""
    M, m, epsilon, delta = 20, 16, "0.2", "0.3"
    last = len(gates(M, m, epsilon, "0.1")) - 1
    sets = [Planned(M, m, last, last)] * 3
    k = gates(M, m, epsilon, "0.1")[last]
    assert k == M  # so that it is one set
    for x in np.ndindex(6, 6, 6):
        errors = [list(range(each)) for each in x]
        certified = holm([one_set(M, m, each, epsilon) for each in x], delta)
        found = together(sets, errors, epsilon, delta)
        assert [each.k == M for each in found] == certified


# M, m of two classes; epsilon, delta; and the most often that any claim of any pair of pools is
# false, of every pair of samples
GOLDEN = [
    ((6, 4), (6, 4), "0.4", "0.3"),
    ((6, 3), (5, 4), "0.5", "0.4"),
    ((5, 5), (6, 4), "0.3", "0.3"),
]


@pytest.mark.parametrize(("one", "other", "epsilon", "delta"), GOLDEN)
def test_no_two_pools_make_any_claim_false_more_often_than_promised(one, other, epsilon, delta):
    """Every pool of each class, every sample of each, every start."""
    worst = Fraction(0)
    for c0 in (0, 1):
        worst = max(worst, _worst((Planned(*one, c0, c0), Planned(*other, c0, c0)), epsilon, delta))
    assert 0 < worst <= Fraction(delta)
    if (one, other) == ((6, 4), (6, 4)):
        assert worst == Fraction(2, 15)  # each alone has 1/15: it adds up, and can fail


def _worst(chains, epsilon, delta):
    """The largest chance, over pairs of pools, that a released set of either is bad."""
    sizes = [1 << each.M for each in chains]
    released = np.zeros((2, *sizes), int)  # of each class, by what was drawn wrong of both
    for masks in np.ndindex(*sizes):
        errors = [
            [r for r in range(c.M) if mask >> r & 1] for c, mask in zip(chains, masks, strict=True)
        ]
        if any(len(e) > c.m for e, c in zip(errors, chains, strict=True)):
            continue
        for place, found in enumerate(together(chains, errors, epsilon, delta)):
            released[(place, *masks)] = found.k
    bad, seen = [], []
    for each, size in zip(chains, sizes, strict=True):
        pools = np.arange(size)
        wrong = np.stack([np.bitwise_count(pools & ((1 << k) - 1)) for k in range(each.M + 1)], 1)
        bad.append(wrong > np.array([allowed(epsilon, k) for k in range(each.M + 1)]))
        samples = [sum(1 << r for r in chosen) for chosen in combinations(range(each.M), each.m)]
        seen.append([pools & sample for sample in samples])
    false = np.zeros(sizes, int)
    for first in seen[0]:
        for second in seen[1]:
            at = np.ix_(first, second)
            false += (
                bad[0][np.arange(sizes[0])[:, None], released[0][at]]
                | bad[1][np.arange(sizes[1])[None, :], released[1][at]]
            )
    return Fraction(int(false.max()), len(seen[0]) * len(seen[1]))


def boundary(M, epsilon):
    """Which rows are wrong where every prefix has one wrong row more than it may."""
    limits = [0, *(allowed(epsilon, k) + 1 for k in range(1, M + 1))]
    return np.array([more > before for before, more in pairwise(limits)])


@pytest.mark.parametrize("good", [0, 1, 2])
def test_three_classes_at_the_boundary_are_rarely_false_anywhere(good):
    """5,000 audits; beside classes without an error, whose part of the chance goes to the others.

    Each at the whole level alone would be false far more often, which shows that it can fail.
    """
    M, m, epsilon, delta = 400, 200, "0.05", "0.05"
    planned, wrong = Planned(M, m, 2, 2), boundary(M, epsilon)
    rng, false, alone = np.random.default_rng(good), 0, 0
    level = Fraction(delta)
    for _ in range(5000):
        errors = []
        for each in range(3):
            rows = rng.choice(M, m, replace=False)
            errors.append(rows[wrong[rows]].tolist() if each >= good else [])
        found = together([planned] * 3, errors, epsilon, delta)
        assert all(each.k == M for each in found[:good])
        false += any(each.k for each in found[good:])
        alone += any(released(planned, own, epsilon, level / 3, level) for own in errors[good:])
    assert false / 5000 <= 0.05 + 3 * (0.05 * 0.95 / 5000) ** 0.5
    assert alone / 5000 > 0.08 or good == 2


def test_what_is_drawn_of_several_is_mixed_and_repeats():
    """Each rank of each part alike, none twice, and the parts among one another."""
    found = drawn_of_each(7, [(40, 20), (30, 30), (5, 0)])
    assert found == drawn_of_each(7, [(40, 20), (30, 30), (5, 0)])
    assert len(set(found)) == len(found) == 50
    assert sorted(rank for part, rank in found if part == 1) == list(range(30))
    assert {part for part, _ in found[:15]} == {part for part, _ in found[-15:]} == {0, 1}
    counts = np.zeros(6)
    for seed in range(3000):
        for part, rank in drawn_of_each(seed, [(6, 2), (4, 1)]):
            counts[rank] += part == 0
    assert np.abs(counts / 3000 - 1 / 3).max() < 0.04
    with pytest.raises(SSLError, match="Of 4 rows, 5 cannot be drawn"):
        drawn_of_each(1, [(6, 2), (4, 5)])
