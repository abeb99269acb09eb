"""Work side by side comes out in order, and no further ahead than is asked."""

import threading
import time
from functools import partial

import pytest

from annotator.importing.abreast import Work, abreast


def slowly(number):
    time.sleep(0.002 * (number % 5))
    return number


def test_results_come_in_the_order_of_the_items_whatever_takes_longest():
    """What needs no work keeps its place among the rest."""
    items = [Work(partial(slowly, n)) if n % 3 else n for n in range(60)]
    assert list(abreast(items, threads=4, ahead=7)) == list(range(60))


def test_items_are_read_no_further_ahead_than_asked():
    """A source of a million files is not held in memory."""
    read = []

    def items():
        for number in range(100):
            read.append(number)
            yield Work(partial(slowly, number))

    results = abreast(items(), threads=2, ahead=5)
    for number in range(10):
        assert next(results) == number
        assert len(read) <= number + 5
    results.close()


def test_several_are_at_work_at_once():
    """Each waits for the other: one after the other they would wait for ever."""
    meeting = threading.Barrier(3, timeout=20)
    assert len(list(abreast([Work(meeting.wait)] * 3, threads=3, ahead=3))) == 3


def test_an_error_comes_out_in_its_place_and_what_has_not_begun_is_left():
    """So an import that cannot write stops at once."""
    begun = []

    def fail():
        raise OSError("the disk is full")

    def later(number):
        begun.append(number)
        time.sleep(0.02)

    items = [1, Work(fail), *(Work(partial(later, n)) for n in range(200))]
    results = abreast(items, threads=1, ahead=150)
    assert next(results) == 1
    with pytest.raises(OSError, match="disk is full"):
        next(results)
    assert len(begun) < 100
