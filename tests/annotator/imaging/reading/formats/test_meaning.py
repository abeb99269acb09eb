"""Which ways to show a DICOM frame its file says, and whether one of them was chosen."""

import numpy as np
import pytest

from tests.annotator.documents import dicom
from tests.annotator.imaging.reading.formats.test_dicom import RAMP, one


@pytest.mark.parametrize(
    ("elements", "window", "told"),
    [
        ({"WindowCenter": [40, 600], "WindowWidth": [80, 2000]}, "", ((40, 80), (600, 2000))),
        ({"WindowCenter": [40, 600], "WindowWidth": [80, 2000]}, "2", None),
        ({"WindowCenter": [40, 600], "WindowWidth": [80, 2000]}, "3", ((40, 80), (600, 2000))),
        ({"WindowCenter": 40, "WindowWidth": 80}, "", None),
        ({"WindowCenter": 40, "WindowWidth": 0}, "", ()),
        ({}, "", ()),
    ],
)
def test_a_page_says_between_which_windows_nobody_has_chosen(elements, window, told):
    """None where there is no choice, and none to guess: gray of 8 bits is shown as it is."""
    assert one(dicom(RAMP, **elements), window=window).windows == told
    assert one(dicom(RAMP.astype(np.uint8))).windows is None
