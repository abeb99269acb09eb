"""The plan looks where it pays, repeats itself, and never sees an answer of the audit."""

import inspect

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import chain, drawn, frozen, gates
from ssl_core.measure.certificate import plan as planning
from ssl_core.measure.certificate.pilot import CELLS, WORLDS, places, worlds
from ssl_core.measure.certificate.plan import Plan, budgets, plan, proposed

NOTHING = np.empty(0), np.empty(0, bool)


def pilot(chance, n=100, seed=0):
    """Validation rows of a pool whose rows at place u are wrong with that chance."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0.001, 0.999, n)
    return at, rng.random(n) < chance(at)


def good(u):
    return 0.1 * u**3


def weak(u):
    return 0.8 * u**2


def test_places_are_shares_of_the_pool_that_are_surer():
    """Two of four are, so half way through the third; above and below all stay inside."""
    pool = np.array([0.9, 0.8, 0.4, 0.2])
    found = places(pool, np.array([0.5, 0.95, 0.1]))
    assert found == pytest.approx([2.5 / 4, 0.5 / 4, 1 - 0.5 / 4])
    with pytest.raises(SSLError, match="no pool"):
        places(np.empty(0), np.array([0.5]))


def test_worlds_follow_the_pilot():
    """With many rows every world has the pool's errors, about as many and about there."""
    at, wrong = pilot(weak, 3000)
    curves = worlds(at, wrong, 0)
    assert curves.shape == (WORLDS, CELLS + 1)
    assert (curves[:, 0] == 0).all()
    assert (np.diff(curves, axis=1) >= 0).all()
    truth = 0.8 * np.linspace(0, 1, CELLS + 1) ** 3 / 3
    assert np.abs(curves.mean(0) - truth).max() < 0.03
    assert worlds(*NOTHING, 0)[:, -1].std() > 5 * curves[:, -1].std()


def test_worlds_and_plans_repeat():
    """The same seed, the same plan; another, other worlds."""
    one, same, other = (worlds(*pilot(good), seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert plan(5000, 200, 0.05, 0.05, one, seed=3) == plan(5000, 200, 0.05, 0.05, same, seed=3)


def test_a_plan_knows_no_answer_of_the_audit():
    """Nothing that it is given, nor that the draw is given, could be one."""
    assert set(inspect.signature(plan).parameters) == {
        "rows", "m", "epsilon", "delta", "curves", "seed", "strict",
    }  # fmt: skip
    assert set(inspect.signature(drawn).parameters) == {"seed", "rows", "count"}
    assert set(inspect.signature(gates).parameters) == {"M", "m", "epsilon", "delta", "less"}


def test_a_good_model_is_looked_at_whole_and_a_weak_one_at_its_head():
    """More is expected of the good one, and of more labels."""
    strong, poor = worlds(*pilot(good), 0), worlds(*pilot(weak), 0)
    whole, head = (plan(5000, 200, 0.05, 0.05, curves, seed=0) for curves in (strong, poor))
    assert whole.M == 5000
    assert head.M < 3000
    assert whole.coverage > 0.9 > 0.5 > head.coverage > 0
    covered = [
        each.coverage for each in budgets(5000, (60, 100, 200, 500), 0.05, 0.05, poor, seed=0)
    ]
    assert covered == sorted(covered)


@pytest.mark.parametrize("chance", [good, weak])
def test_what_is_expected_is_what_comes(chance):
    """Over 30 pools of which the pilot knows a hundred rows, audited ten times each."""
    rng, expected, came = np.random.default_rng(5), [], []
    for seed in range(30):
        curves = worlds(*pilot(chance, 100, seed), seed)
        found = plan(2000, 200, 0.05, 0.05, curves, seed=seed)
        expected.append(found.coverage)
        wrong = rng.random(2000) < chance((np.arange(2000) + 0.5) / 2000)
        at = gates(found.M, found.m, 0.05, 0.05)
        for number in range(10):
            rows = drawn(number, found.M, found.m)
            came.append(chain(rows[wrong[rows]], found.M, at, found.c0, found.cf) / 2000)
    assert np.mean(came) == pytest.approx(np.mean(expected), abs=0.08)


def test_the_chain_is_played_as_it_is():
    """In worlds of single steps, where each error is known to be, by `chain` itself."""
    rng = np.random.default_rng(0)
    ends = np.array([0.2, 0.45, 0.6, 0.9, 1.0])
    rows = 1000
    for _ in range(200):
        at = np.sort(rng.choice(rows, 6, replace=False))
        line = np.linspace(0, 1, CELLS + 1)[None]
        levels = np.array([[(rank + 0.5) / rows] for rank in at])
        played = {
            (cf - place, cf): float(k[0])
            for cf, released in planning.played(ends, line, levels)
            for place, k in enumerate(released)
        }
        for (c0, cf), share in played.items():
            k = chain(at, rows, (ends[:-1] * rows).astype(int), c0, cf)
            assert share == pytest.approx(k / rows, abs=1 / rows)
    assert len(played) == 10


def slow_plan(rows, m, curves, seed):
    """Every part, gate and walk one by one, and every curve gone through point by point."""
    arrivals = np.random.default_rng(seed).exponential(size=(m + 1, len(curves))).cumsum(0)
    best = Plan(rows, m, 0, 0, 0.0, 0.0)
    for look in sorted({max(m, round(share * rows)) for share in planning.LOOKS}):
        if not (found := gates(look, m, "0.1", "0.1")):
            continue
        ends, last = np.array([*found, look]) / rows, len(found) - 1
        heights = arrivals * (look / (m * rows))
        at = np.array([[reached(*each) for each in zip(curves, heights[c], strict=True)]
                       for c in range(last + 1)])  # fmt: skip
        for cf in sorted(
            {0, 1, 2, last // 4, last // 2, max(last - 1, 0), last} & {*range(last + 1)}
        ):
            for c0 in range(cf, -1, -1):
                released = np.array([walked(each, ends, c0, cf) for each in at.T])
                if released.mean() > best.coverage:
                    chance = (released > 0).mean()
                    best = Plan(look, m, c0, cf, float(released.mean()), float(chance))
    return best


def reached(curve, height):
    """Where a curve comes to a height, on the line between two points; 2 where it never does."""
    cell = sum(point < height for point in curve.tolist())
    if cell > CELLS:
        return 2.0
    low, high = curve[max(cell - 1, 0)], curve[cell]
    part = (height - low) / (high - low) if high > low else 0.0
    return (max(cell - 1, 0) + part) / CELLS


def walked(at, ends, c0, cf):
    """The share that a world releases whose errors come at these places."""
    k = 0.0
    for c in range(c0, cf + 1):
        if at[c] < ends[c]:
            return k
        k = ends[c]
    for c in range(cf, len(at)):
        if at[c] < ends[c + 1]:
            return at[c]
    return ends[-1]


@pytest.mark.parametrize(
    ("chance", "rows", "m"), [(good, 900, 60), (weak, 900, 60), (weak, 70, 40)]
)
def test_a_plan_is_the_best_of_all_that_are_played_one_by_one(chance, rows, m):
    """To the last bit."""
    curves = worlds(*pilot(chance), 0)[:40]
    found = plan(rows, m, "0.1", "0.1", curves, seed=4)
    assert found == slow_plan(rows, m, curves, 4)
    assert found.coverage > 0


def test_too_few_labels_plan_nothing():
    """Below the least number, no set can be released, whatever the model."""
    curves = worlds(*pilot(good), 0)
    assert plan(5000, 40, 0.05, 0.05, curves, seed=0) == Plan(5000, 40, 0, 0, 0.0, 0.0)
    with pytest.raises(SSLError, match="Nothing can be planned with 0 rows"):
        plan(0, 40, 0.05, 0.05, curves, seed=0)


def test_a_small_pool_is_looked_at_whole():
    """More labels than rows are as many as there are."""
    found = plan(30, 200, 0.05, 0.05, worlds(*pilot(good), 0), seed=0)
    assert (found.M, found.m) == (30, 30)


def test_strictly_less_is_expected():
    """Some of what may be wrong is spared for the audited rows."""
    curves = worlds(*pilot(weak), 0)
    loose, strict = (plan(2000, 200, 0.05, 0.05, curves, seed=0, strict=s) for s in (False, True))
    assert 0 < strict.coverage < loose.coverage


def test_the_smallest_budget_that_is_worth_it_is_proposed():
    """Chance and coverage are both nine tenths; none where none is."""
    plans = [Plan(1000, m, 0, 0, c, p) for m, c, p in
             ((59, 0.5, 0.95), (93, 0.93, 0.85), (124, 0.9, 0.95), (153, 0.95, 1.0))]  # fmt: skip
    much = Plan(1000, 500, 0, 0, 0.99, 1.0)
    assert proposed(plans, much) == plans[2]
    assert proposed(plans[:2], much) is None
    assert proposed([Plan(9, 1, 0, 0, 0.0, 0.0)], Plan(9, 9, 0, 0, 0.0, 0.0)) is None


def test_the_order_is_frozen_by_score_and_id():
    """Falling scores, ties by id; a missing score is named, and no row ranks twice."""
    assert frozen(np.array([0.5, 0.9, 0.5]), ["b", "c", "a"]).tolist() == [1, 2, 0]
    with pytest.raises(SSLError, match="'c' has no score"):
        frozen(np.array([0.5, np.nan]), ["b", "c"])
    with pytest.raises(SSLError, match="cannot be ranked twice"):
        frozen(np.array([0.5, 0.4]), ["b", "b"])
    with pytest.raises(SSLError, match="2 scores need as many ids, not 1"):
        frozen(np.array([0.5, 0.4]), ["b"])


def test_a_draw_is_uniform_repeats_and_never_takes_a_row_twice():
    """Every row of ten comes in 3 of 10 draws of three."""
    found = [drawn(seed, 10, 3) for seed in range(3000)]
    assert all(len({*each}) == 3 for each in found)
    share = np.bincount(np.concatenate(found), minlength=10) / 3000
    assert share == pytest.approx(0.3, abs=5 * (0.3 * 0.7 / 3000) ** 0.5)
    assert np.array_equal(drawn(7, 100, 9), drawn(7, 100, 9))
    with pytest.raises(SSLError, match="Of 3 rows, 4 cannot be drawn"):
        drawn(0, 3, 4)
