"""Between which windows DICOM files let one choose."""

import numpy as np

from annotator.importing.looking.windows import is_dicom, windows
from annotator.model import Window
from tests.annotator.documents import dicom

RAMP = np.arange(256, dtype=np.uint16).reshape(16, 16) * 16
TWO = {
    "WindowCenter": [40, 600],
    "WindowWidth": [80, 2000],
    "WindowCenterWidthExplanation": ["BRAIN", "BONE"],
}


def laid(folder, **files):
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


def test_the_windows_of_the_file_that_has_most_are_offered(tmp_path):
    """By number, with the name that the file gives them."""
    files = laid(tmp_path, one=dicom(RAMP, WindowCenter=1, WindowWidth=2), two=dicom(RAMP, **TWO))
    assert windows(files) == (Window(1, "BRAIN", 40, 80), Window(2, "BONE", 600, 2000))
    assert [each.asked for each in windows(files)] == ["BRAIN", "BONE"]


def test_one_window_is_no_choice(tmp_path):
    """Nor is a file that is none, or damaged."""
    files = laid(
        tmp_path,
        one=dicom(RAMP, WindowCenter=1, WindowWidth=2),
        cut=dicom(RAMP, **TWO)[:200],
        text=b"x",
    )
    assert windows(files) == windows([]) == ()
    assert [is_dicom(each) for each in files] == [True, True, False]
    assert not is_dicom(tmp_path / "gone")
