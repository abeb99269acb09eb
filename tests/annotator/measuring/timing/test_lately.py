"""The pace of late: that of the last third of the time, once enough of it was seen."""

import pytest

from annotator.measuring.timing.lately import FEW, lately


def test_a_pace_that_changed_is_told_by_what_came_after():
    """Twice as slow from the hundredth on: soon nothing of what was before counts."""
    trail = [(n, 1.0 * n) for n in range(1, 101)]
    assert lately(trail) == pytest.approx(1)
    trail += [(100 + n, 100 + 2.0 * n) for n in range(1, 51)]
    assert lately(trail) == pytest.approx(2)


def test_too_little_tells_nothing():
    """A few moments, or such as nothing was done in."""
    assert lately([(n, 1.0 * n) for n in range(1, FEW)]) is None
    assert lately([(5, 1.0 * n) for n in range(1, 20)]) is None
    assert lately([]) is None
