"""Documents leave as one file a row, and come back as what they were."""

from io import BytesIO

import pytest
from PIL import Image

from annotator.errors import ExportError
from annotator.export.formats import FORMATS
from annotator.importing.take import ALONE
from annotator.service import Service
from tests.annotator.exported import read
from tests.annotator.several import CLASSES, PAGES, label, named, workspace

ONE_PAGE = {"croissant", "label-studio"}  # their readers take no TIFF file


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    opened = workspace(tmp_path_factory.mktemp("documents") / "ws")
    label(opened)
    yield opened
    opened.close()


def labels(service):
    """Name -> class, who, and what there is of pages."""
    names = {each.id: each.name for each in service.classes()}
    given = {each.image_id: each for each in service.store.labels.current()}
    return {
        name: (names[given[each.id].class_id], given[each.id].annotator, each.split)
        for name, each in named(service).items()
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_a_document_is_one_row_with_the_number_of_its_pages(service, tmp_path, kind):
    """With the images and without; the file holds all pages where its readers take a TIFF file."""
    for images in (True, False):
        out = tmp_path / f"out {images}"
        report = service.export(out, kind, images=images)
        rows = {row["name"]: row for row in read(out)}
        pages = {name: int(row["pages"]) for name, row in rows.items()}
        assert pages == {**PAGES, "single.pdf": 1}
        if not images:
            continue
        for name, row in rows.items():
            with Image.open(BytesIO((out / row["path"]).read_bytes())) as picture:
                whole = PAGES.get(name, 1) if kind not in ONE_PAGE else 1
                assert getattr(picture, "n_frames", 1) == whole
        told = " ".join(report.notes)
        if kind in ONE_PAGE:
            assert "3 .tif files were converted to PNG" in told
            assert "of several pages or frames the first, and of a series the middle one" in told
        else:
            assert "3 documents are in TIFF files, all pages of one in one file (10 in all)" in told


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_is_known_where_it_comes_from(service, tmp_path, kind):
    """Nothing of it is new, though its files have other bytes than the pages."""
    service.export(tmp_path / "out", kind)
    report = service.import_source(tmp_path / "out")
    assert (report.added, report.duplicates, report.refused) == (0, 4, ())
    assert report.known == 4


@pytest.mark.parametrize("kind", sorted(FORMATS.keys() - ONE_PAGE))
def test_an_export_makes_the_same_documents_elsewhere(service, tmp_path, kind):
    """Without `--documents`: the table knows. Hashes, pages, faces and labels are the same."""
    service.export(tmp_path / "out", kind)
    other = Service.create(tmp_path / "other", CLASSES)
    report = other.import_source(tmp_path / "out")
    assert (report.documents, report.pages, report.labeled) == (3, 10, 4)
    one, two = named(service), named(other)
    assert {name: (each.sha256, each.pages, each.face) for name, each in one.items()} == {
        name: (each.sha256, each.pages, each.face) for name, each in two.items()
    }
    assert labels(other) == labels(service)
    again = tmp_path / "again"
    other.export(again, kind)
    key = "sha256"
    first, second = ({row[key]: row for row in read(each)} for each in (tmp_path / "out", again))
    same = ("name", "file_sha256", "label", "pages", "split", "annotator", "at")
    for sha, row in first.items():
        assert {name: second[sha][name] for name in same} == {name: row[name] for name in same}
    other.close()


@pytest.mark.parametrize("kind", sorted(ONE_PAGE))
def test_one_page_of_a_document_is_said_to_be_that(service, tmp_path, kind):
    """Elsewhere it is an image, and the import says what it was."""
    service.export(tmp_path / "out", kind)
    other = Service.create(tmp_path / "other", CLASSES)
    report = other.import_source(tmp_path / "out")
    assert (report.added, report.documents) == (4, 0)
    assert {each.name for each in report.notes if ALONE in each.reason} == set(PAGES)
    other.close()


def test_a_document_that_lacks_a_page_is_not_exported_as_a_shorter_one(tmp_path):
    """It is named, and may be left out like any damaged image."""
    service = workspace(tmp_path / "ws")
    label(service)
    lost = service.store.pages.of(named(service)["letter.pdf"].id)[1]
    service.workspace.image_path(lost.stored).unlink()
    with pytest.raises(ExportError, match=r"the files of 1 are gone or damaged: 'letter\.pdf'"):
        service.export(tmp_path / "out")
    report = service.export(tmp_path / "out", leave_out_damaged=True)
    assert report.left_out == ("letter.pdf",)
    service.close()
