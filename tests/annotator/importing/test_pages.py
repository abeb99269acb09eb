"""A file of pages becomes images: once, however often it is imported, and without its patient."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from annotator.errors import ImportingError
from annotator.importing.check import Duplicate
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import NewImage, Refused, Settings, Told
from annotator.project import Workspace
from annotator.service import Service
from tests.annotator.documents import NUMBER, PATIENT, dicom, pdf, tiff
from tests.annotator.pictures import animated, encoded, noise, png

GRAY = noise(1, channels=1).astype(np.uint16) * 9
FRAMES = np.stack([GRAY, GRAY + 1, GRAY + 2])


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "workspace")


def put(folder: Path, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def looked(folder, workspace, before=(), **wanted):
    """Import again after what came before, as the store would have it."""
    images = [event for event in before if isinstance(event, NewImage)]
    pages: dict[str, dict[int, str]] = {}
    for image in images:
        if image.origin:
            pages.setdefault(image.origin, {})[image.page] = image.sha256
    known = {image.sha256 for image in images}
    return list(scan(folder, workspace, known, Wanted(**wanted), pages))


def test_each_page_is_an_image_named_by_its_number(tmp_path, workspace):
    """A file of one page keeps its name; the picture is what the workspace stores."""
    folder = put(tmp_path / "in", a__dcm=dicom(GRAY), b__pdf=pdf("x", "y"), c__tif=animated("TIFF"))
    events = looked(folder, workspace)
    assert [event.name for event in events] == [
        "a.dcm", "b.pdf#page=1", "b.pdf#page=2", "c.tif#page=1", "c.tif#page=2"
    ]  # fmt: skip
    assert [event.page for event in events] == [1, 1, 2, 1, 2]
    assert [event.text for event in events] == ["", "x", "y", "", ""]
    assert len({event.origin for event in events}) == 3
    for event in events:
        assert workspace.image_path(event.stored).read_bytes().startswith(b"\x89PNG")
    assert events[0].told == Told(group=NUMBER)


def test_the_same_file_again_brings_nothing_new(tmp_path, workspace):
    """Under another name as well, after the first page alone as well."""
    folder = put(tmp_path / "in", a__dcm=dicom(FRAMES))
    first = looked(folder, workspace, pages="first")
    assert [event.name for event in first] == ["a.dcm#page=1"]
    assert first[0].note == "several pages: first page"
    all_ = looked(folder, workspace, first)
    assert [type(event) for event in all_] == [Duplicate, NewImage, NewImage]
    assert all_[0].sha256 == first[0].sha256
    (folder / "a.dcm").rename(folder / "b.dcm")
    again = looked(folder, workspace, [*first, *all_])
    assert [type(event) for event in again] == [Duplicate] * 3
    assert [event.name for event in again] == [f"b.dcm#page={number}" for number in (1, 2, 3)]
    assert {event.told.group for event in again} == {NUMBER}


def test_pages_are_known_by_the_file_even_if_they_were_packed_otherwise(tmp_path, workspace):
    """As an older version of an encoder would have: the picture that is here stays."""
    folder = put(tmp_path / "in", a__pdf=pdf("x", "y"))
    one, two = looked(folder, workspace)
    other = png(3)
    sha256 = hashlib.sha256(other).hexdigest()
    path = workspace.image_path(f"images/{sha256[:2]}/{sha256}.png")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(other)
    pages = {one.origin: {1: sha256, 2: two.sha256}}
    events = list(scan(folder, workspace, {sha256, two.sha256}, Wanted(), pages))
    assert events == [
        Duplicate("a.pdf#page=1", sha256), Duplicate("a.pdf#page=2", two.sha256)
    ]  # fmt: skip
    path.unlink()  # lost, and nothing makes the same bytes again
    lost, kept = scan(folder, workspace, {sha256, two.sha256}, Wanted(), pages)
    assert isinstance(lost, Refused)
    assert "is lost" in lost.reason
    assert isinstance(kept, Duplicate)


def test_a_lost_picture_of_a_page_comes_back(tmp_path, workspace):
    """Gone or damaged, it is made anew from the file."""
    folder = put(tmp_path / "in", a__dcm=dicom(FRAMES))
    events = looked(folder, workspace)
    paths = [workspace.image_path(event.stored) for event in events]
    contents = [path.read_bytes() for path in paths]
    paths[0].unlink()
    paths[2].write_bytes(b"short")
    assert all(isinstance(event, Duplicate) for event in looked(folder, workspace, events))
    assert [path.read_bytes() for path in paths] == contents


def test_a_tiff_file_that_an_older_version_took_as_a_whole_is_its_first_page(tmp_path, workspace):
    """Its other pages are news."""
    content = animated("TIFF")
    sha256 = hashlib.sha256(content).hexdigest()
    path = workspace.image_path(f"images/{sha256[:2]}/{sha256}.tif")
    path.parent.mkdir()
    path.write_bytes(content)
    folder = put(tmp_path / "in", a__tif=content)
    first, second = scan(folder, workspace, {sha256})
    assert first == Duplicate("a.tif#page=1", sha256)
    assert isinstance(second, NewImage)


def test_equal_pages_are_one_image(tmp_path, workspace):
    """Two blank ones, or one scan in two files."""
    folder = put(tmp_path / "in", a__pdf=pdf("", "x", ""), b__dcm=dicom(GRAY))
    put(folder, c__dcm=dicom(GRAY, StudyDescription="sent again"))
    events = looked(folder, workspace)
    assert [isinstance(event, Duplicate) for event in events] == [False, False, True, False, True]


def test_labels_of_a_file_are_those_of_its_pages(tmp_path, workspace):
    """Folders name the class of every page."""
    put(tmp_path / "in")
    folder = put(tmp_path / "in" / "knee", a__dcm=dicom(FRAMES)).parent
    assert {event.told.label for event in looked(folder, workspace, labels="folders")} == {"knee"}


@pytest.mark.parametrize(
    ("pages", "wanted"), [("all", [1, 2, 3]), ("first", [1]), ("2", [2]), ("2-", [2, 3])]
)
def test_pages_can_be_chosen(tmp_path, workspace, pages, wanted):
    """By word or by number."""
    folder = put(tmp_path / "in", a__tif=tiff(*FRAMES))
    assert [event.page for event in looked(folder, workspace, pages=pages)] == wanted


def test_pages_or_tags_that_are_none_are_an_error_with_the_choices(tmp_path, workspace):
    """Before anything is read."""
    folder = put(tmp_path / "in", a__png=png())
    with pytest.raises(ImportingError, match=r"'odd' names no pages.*all, first, 3"):
        looked(folder, workspace, pages="odd")
    with pytest.raises(ImportingError, match=r"no tag 'Modalty'. Did you mean 'Modality'"):
        looked(folder, workspace, tags=("Modalty",))


def test_pages_that_a_file_does_not_have_are_said_to_be_missing(tmp_path, workspace):
    """Silence would look as if it had been read."""
    folder = put(tmp_path / "in", a__pdf=pdf("x"))
    [event] = looked(folder, workspace, pages="5-9")
    assert event == Refused("a.pdf", "it has 1 pages, and those from 5 on were asked for")


def test_refused_pages_and_files_are_named_with_the_reason(tmp_path, workspace):
    """A damaged page among good ones, an object without pixels, an encrypted file."""
    whole = encoded_pages()
    folder = put(
        tmp_path / "in",
        a__tif=whole[: len(whole) // 2 + 3000],
        b__pdf=pdf("x", password="swordfish"),
        c__dcm=dicom(GRAY)[:900],
    )
    events = looked(folder, workspace)
    refused = {event.name: event.reason for event in events if isinstance(event, Refused)}
    assert set(refused) == {"a.tif#page=2", "b.pdf", "c.dcm"}
    assert "password" in refused["b.pdf"]


def encoded_pages() -> bytes:
    first, second = (Image.fromarray(noise(seed, 200, 200, 1)) for seed in (1, 2))
    return encoded(first, "TIFF", save_all=True, append_images=[second])


def everything(folder: Path) -> bytes:
    """All bytes and names below a folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        found.append(os.fsencode(path.name))
        if path.is_file():
            found.append(path.read_bytes())
    return b"\n".join(found)


def test_nothing_of_the_patient_enters_the_workspace_or_an_export(tmp_path):
    """Names and numbers stand in many elements, in files that are good and in broken ones.

    What the workspace has of the number is a hash at most; tags that were named are there.
    """
    told = {
        "InstitutionName": PATIENT, "StudyDescription": NUMBER, "PatientBirthDate": "19010203",
        "OtherPatientIDs": NUMBER, "ImageComments": PATIENT, "BodyPartExamined": "ELBOW",
    }  # fmt: skip
    (tmp_path / "in").mkdir()
    folder = put(
        tmp_path / "in" / "a",
        a__dcm=dicom(GRAY, **told, WindowCenter=40, WindowWidth=80),
        b__dcm=dicom(FRAMES, **told, WindowCenterWidthExplanation=PATIENT),
        c__dcm=dicom(GRAY + 9, **told, PixelData=b"1234"),
        d__dcm=dicom(GRAY, **told)[:1100],
        e__dcm=dicom(GRAY + 4, **told, SamplesPerPixel=4),
    )
    service = Service.create(tmp_path / "ws", ["a", "b"], Settings(round_every=0))
    report = service.import_source(
        folder.parent, labels="folders", tags=("BodyPartExamined", "Laterality")
    )
    assert report.added >= 4
    assert report.refused
    service.export(tmp_path / "out", "csv")
    written = everything(tmp_path / "ws") + everything(tmp_path / "out") + repr(report).encode()
    for word in (PATIENT, NUMBER, "Quaxolotl", "77121313", "19010203"):
        assert word.encode() not in written
        assert word.encode("utf-16-le") not in written
    facts = [row["facts"] for row in service.store.db.rows("SELECT facts FROM image ORDER BY id")]
    assert facts[0] == '{"BodyPartExamined": "ELBOW"}'


def test_pages_of_a_file_can_be_kept_together(tmp_path):
    """The pattern is about the name of the file; the report says that it was one."""
    folder = put(tmp_path / "in", a__pdf=pdf("x", "y"), b__pdf=pdf("z", "w"))
    service = Service.create(tmp_path / "ws", ["a", "b"], Settings(round_every=0))
    report = service.import_source(folder, group=".+")
    assert (report.added, report.groups, report.both) == (4, 2, 0)
    assert report.grouped == "by the pattern '.+' in names"


def test_a_patient_is_a_group_unless_another_was_asked_for(tmp_path):
    """By the number of the patient, which only its hash tells of."""
    folder = put(tmp_path / "in", a__dcm=dicom(GRAY), b__dcm=dicom(GRAY + 1), c__png=png())
    put(folder, d__dcm=dicom(GRAY + 2, PatientID="another"))
    service = Service.create(tmp_path / "ws", ["a", "b"], Settings(round_every=0))
    report = service.import_source(folder)
    assert (report.added, report.groups, report.alone, report.both) == (4, 2, 1, 0)
    other = Service.create(tmp_path / "other", ["a", "b"], Settings(round_every=0))
    assert other.import_source(folder, group="parent").groups == 1


def test_the_store_knows_pages_by_file_and_number(tmp_path):
    """A second import reads it back, and search finds the text."""
    folder = put(tmp_path / "in", a__pdf=pdf("Invoice 12", "y"), b__dcm=dicom(FRAMES))
    service = Service.create(tmp_path / "ws", ["a", "b"], Settings(round_every=0))
    assert service.import_source(folder, pages="first").added == 2
    found = service.store.images.pages()
    assert sorted(map(sorted, found.values())) == [[1], [1]]
    report = service.import_source(folder)
    assert (report.added, report.duplicates) == (3, 2)
    report = service.import_source(folder)
    assert (report.added, report.duplicates) == (0, 5)
    texts = {row["text"] for row in service.store.db.rows("SELECT text FROM image")}
    assert texts == {"", "Invoice 12", "y"}
