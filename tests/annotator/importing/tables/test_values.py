"""What a cell says."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.importing.tables.values import Numeric, Unfit, text_of


def read(*cells):
    numeric = Numeric()
    for cell in cells:
        numeric.see(cell)
    return [numeric.read(cell) for cell in cells]


def test_numbers_are_one_however_they_are_written():
    """Only where all cells are numbers; a gap and nan are none."""
    assert read("0.0", "1.00", "-0.0", "", "2", "NaN") == ["0", "1", "0", "", "2", ""]
    assert read("0.5", "1.0") == ["0.5", "1"]
    assert read("1.10", "1.1", "2.0") == ["1.10", "1.1", "2"]  # sections of a book: no merge


@pytest.mark.parametrize("text", ["01", "1e0", "1.", ".5", "+1", "1,0", "١.0", "x", "0x1", " 1"])
def test_one_cell_that_is_no_number_leaves_all_as_they_are(text):
    assert read("0.0", text, "nan") == ["0.0", text, "nan"]


def test_nan_is_a_name_where_numbers_are_whole_or_none_are():
    """Nothing speaks for a program that wrote it for a gap."""
    assert read("nan", "NaN") == ["nan", "NaN"]
    assert read("1", "nan") == ["1", "nan"]


@given(st.lists(st.integers(-50, 50)))
def test_whole_floats_and_their_numbers_are_the_same_classes(numbers):
    """As a program writes both."""
    assert read("0.0", *(f"{number}.0" for number in numbers)) == ["0", *map(str, numbers)]


def test_values_with_types_are_text():
    for value, text in [
        (None, ""),
        (float("nan"), ""),
        (1.0, "1"),
        (-0.0, "0"),
        (0.25, "0.25"),
        (1e300, str(int(1e300))),
        (float("inf"), "inf"),
        (7, "7"),
        (True, "True"),
        (Decimal("1.00"), "1"),
        (Decimal("0.10"), "0.10"),
        (np.float32(0.1), "0.1"),
        ("01", "01"),
    ]:
        assert text_of(value) == text
    for value in ([1], {"a": 1}, b"a", "\ud800"):
        assert isinstance(text_of(value), Unfit)
