"""What may be looked at while it runs, and the curve that is looked at afterward."""

import numpy as np
import pytest

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import drawn
from ssl_core.measure.certificate.curve import most_wrong, precision
from ssl_core.measure.certificate.watch import Watch, nested

OPEN = {
    (0, 20, 18): 1,
    (1, 300, 60): 21,
    (0, 1000, 59): 48,
    (0, 1000, 100): 28,
    (2, 1000, 100): 59,
    (4, 2000, 200): 87,
    (4, 5000, 200): 223,
    (10, 5000, 500): 164,
}


@pytest.mark.parametrize(("case", "most"), OPEN.items())
def test_the_golden_numbers_of_wrong_rows_left_open(case, most):
    """The largest that so few wrong ones do not refute."""
    assert most_wrong(*case, 0.05) == most


def test_the_line_holds_at_all_points_at_once():
    """2,000 audits of a pool that grows worse: it is above the truth anywhere in 5 % or fewer."""
    rng, M, m = np.random.default_rng(0), 1000, 120
    wrong = rng.random(M) < np.linspace(0, 0.3, M)
    counted, false = np.concatenate([[0], wrong.cumsum()]), 0
    for seed in range(2000):
        rows = drawn(seed, M, m)
        points = precision(rows.tolist(), rows[wrong[rows]].tolist(), M, 0.05)
        false += any(each.low > 1 - counted[each.k] / each.k for each in points)
    assert false / 2000 <= 0.05


def test_the_points_count_what_was_seen():
    """Prefixes evenly apart; without an audited row nothing is observed, and the bound says so."""
    points = precision([50, 60, 95], [60], 100, 0.05, points=4)
    assert [each.k for each in points] == [25, 50, 75, 100]
    assert [(each.n, each.x) for each in points] == [(0, 0), (0, 0), (2, 1), (3, 1)]
    assert [each.observed for each in points] == [None, None, 0.5, pytest.approx(2 / 3)]
    assert all(0 <= each.low <= 1 for each in points)
    with pytest.raises(SSLError, match="1 to 10 points, not 11"):
        precision([1], [], 100, 0.05, points=11)


def test_a_census_leaves_nothing_open():
    """The line is the truth."""
    points = precision(range(40), [3, 20], 40, 0.05)
    assert [each.low for each in points] == pytest.approx([each.observed for each in points])


def play(wrong, watch, rows):
    return [watch.see(int(rank), bool(wrong[rank])) for rank in rows]


def test_a_clean_pool_is_released_before_all_labels_are_spent():
    """And what is released never shrinks."""
    M = 2000
    watch = Watch(600, M, 0.05, 0.05, [0.005] * len(nested(600, M)))
    released = play(np.zeros(M, bool), watch, drawn(0, M, 300))
    assert released == sorted(released)
    assert released[0] == 0
    assert M in released[:299]


def test_a_bad_pool_is_not_released_by_watching_it_to_its_end():
    """Every prefix has a wrong row too many; looked at after each of 200 labels."""
    M = 1000
    wrong = np.arange(M) % 20 == 0
    wrong[1] = True
    guesses = [0.02] * len(nested(200, M))
    ever = sum(
        bool(play(wrong, Watch(200, M, 0.05, 0.05, guesses), drawn(seed, M, 200))[-1])
        for seed in range(400)
    )
    assert ever / 400 <= 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5


def test_more_errors_than_may_be_end_a_set_for_good():
    """Its wealth is nothing, and stays so."""
    watch = Watch(20, 40, 0.05, 0.05, [0.01] * len(nested(20, 40)))
    for rank in range(3):
        watch.see(rank, True)
    assert watch.wealth[0] == 0.0
    for rank in range(3, 40):
        watch.see(rank, False)
    assert watch.released == 0


def test_nested_sets_are_few_and_each_another():
    """Twelve, or as many as there are."""
    assert len(nested(1440, 5000)) == 12
    assert nested(1440, 5000)[0] == 1440
    assert nested(1440, 5000)[-1] == 5000
    assert nested(8, 10) == [8, 9, 10]
