"""Cosines of rows in half precision are those of the same rows in single precision, to the bit."""

import numpy as np

from annotator.asking.cosines import CHUNK, cosines


def test_bits_that_are_moved_are_the_same_numbers():
    """Every number of half precision from -1 to 1: of either sign, zero, and the smallest."""
    bits = np.arange(2**16, dtype=np.uint16).view(np.float16)
    small = bits[np.abs(bits) <= 1][:, None]
    np.testing.assert_array_equal(cosines(small, np.ones(1)), small[:, 0].astype(np.float32))


def test_cosines_are_products_of_rows():
    """As NumPy has them, of more rows than are looked at at once; of none there is none."""
    rows = np.random.default_rng(0).standard_normal((CHUNK + 10, 6))
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    expected = unit.astype(np.float64) @ unit[3].astype(np.float64)
    np.testing.assert_allclose(cosines(unit, unit[3]), expected, atol=1e-6)
    assert cosines(unit[:0], unit[3]).shape == (0,)
