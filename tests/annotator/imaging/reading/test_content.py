"""The reader is chosen by what a file holds, whatever it is called."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.imaging.reading.content import HEAD, faithful, kind
from tests.annotator.documents import dicom, pdf, tiff
from tests.annotator.pictures import GOOD, noise

GRAY = noise(1, channels=1)
SCAN = dicom(GRAY)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (SCAN, "dicom"),
        (SCAN[128:], ""),
        (SCAN[132:], "dicom"),  # without preamble: the group of the file's own words first
        (b"\x08\0\x05\0\x0a\0\0\0ISO_IR 100", "dicom"),  # and without these, types left out
        (b"\0\x08\0\x05CS\0\x0aISO_IR 100", "dicom"),  # in the other byte order
        (b"\x08\0\x05\0\xff\xff\xff\xffISO_IR 100", ""),
        (pdf("a"), "pdf"),
        (b"\0" * 500 + pdf("a"), "pdf"),
        (tiff(GRAY), "tiff"),
        (tiff(GRAY, byteorder=">"), "tiff"),
        (b"", ""),
        (b"Slide 7 is out of focus.", ""),
    ],
)
def test_first_bytes_say_what_a_file_is(content, wanted):
    """Also where a DICOM file lacks its preamble, and where a PDF file has something before it."""
    assert kind(content[:HEAD]) == wanted


@pytest.mark.parametrize("name", GOOD)
def test_pictures_stay_with_pillow(name):
    """All but TIFF."""
    assert kind(GOOD[name][:HEAD]) == ("tiff" if name.endswith("tif") else "")


@pytest.mark.parametrize(
    ("page", "options", "right"),
    [
        (GRAY, {}, True),
        (GRAY, {"photometric": "miniswhite"}, True),
        (GRAY.astype(np.uint16), {}, True),
        (GRAY.astype(np.uint16), {"photometric": "miniswhite"}, False),
        (GRAY.astype(np.int8), {}, False),
        (GRAY.astype(np.int32), {}, True),
        (GRAY.astype(np.uint32), {}, False),
        (GRAY.astype(np.float32), {}, True),
        (noise(2), {"photometric": "rgb"}, True),
        (noise(2).astype(np.uint16), {"photometric": "rgb"}, False),
    ],
)
def test_what_pillow_reads_otherwise_than_it_is_is_known(page, options, right):
    """By the header: the values that Pillow gives are those of the page, or the test fails."""
    with Image.open(BytesIO(tiff(page, **options))) as image:
        assert faithful(image) == right
        values = np.asarray(image).astype(np.float64)
        turned = 255.0 - page if options.get("photometric") == "miniswhite" else page
        if right:
            assert np.array_equal(values, turned.astype(np.float64))
