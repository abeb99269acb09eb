"""How long an import still writes: as the last one did, then as it does itself."""

import pytest

from annotator.service.bringing.writing import ENOUGH, Usual, Writing


def test_the_first_images_tell_how_long_the_rest_takes_and_all_of_them_how_long_the_next_import():
    """Half of them in three seconds; a few images tell nothing of the next."""
    now, usual = [0.0], Usual(0.01)
    writing = Writing(2 * ENOUGH, usual, lambda: now[0])
    assert writing.left() == pytest.approx(0.02 * ENOUGH)
    now[0] = 3.0
    assert writing.left() == pytest.approx(max(0, 0.02 * ENOUGH - 3))
    writing.tell(ENOUGH)
    assert writing.left() == pytest.approx(3.0)
    now[0] = 5.0
    writing.tell(2 * ENOUGH)
    assert writing.left() == 0
    writing.end()
    assert usual.seconds == pytest.approx(5 / (2 * ENOUGH))
    few = Writing(3, usual, lambda: now[0])
    few.tell(3)
    now[0] = 900.0
    few.end()
    assert usual.seconds == pytest.approx(5 / (2 * ENOUGH))
