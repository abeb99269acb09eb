"""What becomes of a file is decided by what it holds."""

import numpy as np
import pytest

from annotator.imaging.reading.desk import Desk
from annotator.imaging.reading.page import Asked
from annotator.importing.pages import Here
from annotator.importing.source import Source
from annotator.importing.take import take
from annotator.model import NewImage, Refused
from annotator.project import Workspace
from tests.annotator.documents import dicom, pdf, tiff
from tests.annotator.pictures import GOOD, jpeg, noise

GRAY = noise(1, channels=1)


@pytest.fixture
def here(tmp_path):
    desk = Desk()
    workspace = Workspace.create(tmp_path / "workspace")
    yield Here(workspace, frozenset(), {}, Asked(), desk, lambda _: (), documents=False)
    desk.close()


@pytest.mark.parametrize(
    ("content", "pages"),
    [
        (jpeg(), 0),
        (GOOD["photo.tif"], 0),
        (GOOD["sixteen.tif"], 0),
        (dicom(GRAY), 1),
        (pdf("a"), 1),
        (tiff(GRAY), 0),
        (tiff(GRAY, GRAY[::-1]), 2),
        (tiff(GRAY.astype(np.uint32)), 1),
        (tiff(noise(2).astype(np.uint16), photometric="rgb"), 1),
        (tiff(GRAY.astype(np.uint16), photometric="miniswhite"), 1),
        (tiff(GRAY.astype(np.float64)), 1),
    ],
)
def test_the_content_decides_and_the_name_does_not(here, content, pages):
    """A file that is one picture stays as it is; of the others pictures are made."""
    for name in ("scan.dcm", "scan.jpg", "scan"):
        events = take(Source(here.workspace.root / name, name, content=content), here)
        assert all(isinstance(event, NewImage) for event in events), events
        assert [event.page for event in events] == ([*range(1, pages + 1)] or [0])
        stored = here.workspace.image_path(events[0].stored).read_bytes()
        assert (stored == content) == (pages == 0)


def test_what_is_nothing_of_the_kind_names_all_that_is_read(here):
    """So that one knows what to save it as."""
    [event] = take(Source(here.workspace.root / "a.txt", "a.txt", content=b"words"), here)
    assert isinstance(event, Refused)
    assert event.reason == (
        "not an image (BMP, GIF, JPEG, JPEG2000, PNG, PPM, TIFF, WEBP, DICOM, PDF are read)"
    )


def test_color_that_is_shown_in_fewer_bits_is_noted(here):
    """The file itself stays as it is."""
    content = b"P6 4 4 65535\n" + bytes(96)
    [event] = take(Source(here.workspace.root / "a.ppm", "a.ppm", content=content), here)
    assert event.note == "color of 16 bits is shown in 8"
    assert here.workspace.image_path(event.stored).read_bytes() == content


@pytest.mark.parametrize("name", ["a.zip", "b.TAR", "c.tar.gz", "d.tgz", "e.7z", "f.Rar"])
def test_an_archive_is_refused_with_what_to_do_about_it(here, name):
    """Its suffix says that it is one: what it holds is not looked into."""
    [event] = take(Source(here.workspace.root / name, name, content=b"PK words"), here)
    assert event == Refused(name, "an archive: unpack it, then import what was in it")


@pytest.mark.parametrize("name", ["scan.nii.gz", "words.gz"])
def test_what_is_packed_by_itself_is_no_archive(here, name):
    """Nothing would lie in it that could be imported."""
    [event] = take(Source(here.workspace.root / name, name, content=b"words"), here)
    assert event.reason.startswith("not an image")
