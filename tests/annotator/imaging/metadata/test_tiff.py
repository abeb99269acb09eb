"""TIFF files whose parts lie where no file reaches."""

import pytest

from annotator.imaging.metadata import UnclearError
from annotator.imaging.metadata.tiff import split
from tests.annotator.imaging.test_bare import NAMED


def test_a_place_beyond_all_files_is_unclear():
    """A big TIFF has places of 64 bits, more than any offset: it ended as an error of Python."""
    content = bytearray(NAMED["big tiff"])
    content[8:16] = b"\xff" * 8
    with pytest.raises(UnclearError, match="behind its end"):
        split(bytes(content), 1)
