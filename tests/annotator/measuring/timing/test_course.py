"""The course of a part: where on the way its time goes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.measuring.timing.course import FEW, GRID, along, course

TRAILS = st.lists(st.floats(0.01, 10), min_size=FEW, max_size=60)


@given(TRAILS)
def test_a_course_tells_the_time_at_each_piece_of_the_way(spent):
    """As a line through what was seen does."""
    shares = np.linspace(0, 1, len(spent) + 1)
    seconds = np.cumsum([0, *spent])
    found = course(list(zip(shares[1:].tolist(), seconds[1:].tolist(), strict=True)))
    wanted = np.interp(np.arange(1, GRID) / GRID, shares, seconds) / seconds[-1]
    assert np.allclose(found, wanted)
    assert [along(found, number / GRID) for number in range(1, GRID)] == pytest.approx(wanted)


@given(TRAILS, st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_time_never_goes_back_along_a_course(spent, places):
    """From 0 at the begin to 1 at the end."""
    ends = np.cumsum(spent)
    found = course([((n + 1) / len(spent), float(end)) for n, end in enumerate(ends)])
    at = [along(found, place) for place in sorted(places)]
    assert at == sorted(at)
    assert (along(found, 0.0), along(found, 1.0)) == (0, 1)


def test_what_was_seen_of_too_little_is_taken_for_even():
    """Nothing, a few moments, or no time at all."""
    assert course([]) == course([(1.0, 5.0)]) == course([(0.2 * n, 0.0) for n in range(6)]) == ()
    assert along((), 0.3) == 0.3
