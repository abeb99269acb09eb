"""Silence while Pillow decodes, and only then."""

import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from annotator.imaging import pixels, upright
from annotator.imaging.quiet import quiet
from annotator.importing import check

PILLOW = "PIL.Image"  # the module that a warning is laid at the door of


def warn(module):
    warnings.warn_explicit("damaged", UserWarning, "file.py", 1, module=module)


def test_pillow_is_silent_and_others_are_heard():
    """Only Pillow's warnings go; afterwards they are back."""
    with quiet():
        warn(PILLOW)
        with pytest.raises(UserWarning, match="damaged"):
            warn("another.module")
    with pytest.raises(UserWarning, match="damaged"):
        warn(PILLOW)


@pytest.mark.parametrize("module", [pixels, upright, check], ids=lambda module: module.__name__)
def test_what_is_laid_at_the_door_of_who_calls_pillow_is_silent_too(module):
    """Wherever the module lies by now."""
    with quiet():
        warn(module.__name__)


def test_threads_share_the_silence_and_leave_no_trace():
    """Whoever leaves first does not end it for the rest, and the last one restores all filters."""
    before, together = list(warnings.filters), Barrier(4)

    def work(number):
        with quiet():
            together.wait(10)
            if number:
                warn(PILLOW)
                together.wait(10)
        if not number:  # has left: the others are still inside
            warn(PILLOW)
            together.wait(10)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert list(warnings.filters) == before
