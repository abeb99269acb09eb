"""A file of pages as one document: taken whole or not at all, and known however it comes again."""

import hashlib

import pytest

from annotator.errors import ImportingError
from annotator.imaging.reading import page as pages
from annotator.importing import documents
from annotator.model import Agreed, How, Noted, Sought, sentences
from annotator.service import Service
from tests.annotator.bringing import sent
from tests.annotator.documents import NUMBER, PATIENT, dicom, pdf, tiff
from tests.annotator.pictures import png
from tests.annotator.several import CLASSES, PAGES, VALUES, named, source, workspace


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws")
    yield opened
    opened.close()


@pytest.fixture
def empty(tmp_path):
    opened = Service.create(tmp_path / "empty", CLASSES)
    yield opened
    opened.close()


def put(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def test_a_document_is_one_image_with_all_its_pages(service):
    """One row, one question; pages lie in files named by what they hold; one page is an image."""
    found = named(service)
    assert {name: each.pages for name, each in found.items()} == {**PAGES, "single.pdf": 1}
    assert service.progress().images == 4
    for name, number in PAGES.items():
        kept = service.store.pages.of(found[name].id)
        assert [each.number for each in kept] == list(range(1, number + 1))
        for each in kept:
            content = service.workspace.image_path(each.stored).read_bytes()
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (each.sha256, each.size)
        lines = "\n".join(each.sha256 for each in kept)
        assert found[name].sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert service.store.pages.of(found["single.pdf"].id) == []


def test_models_see_the_first_page_and_of_a_series_the_middle_frame(service):
    """What stands for a document is its face: the file of the image is that of this page."""
    for name, face in (("deep.tif", 1), ("letter.pdf", 1), ("series.dcm", 3)):
        image = named(service)[name]
        assert image.face == face
        assert service.store.pages.of(image.id)[face - 1].stored == image.stored


def test_an_import_counts_documents_and_pages_and_says_what_models_see(empty, tmp_path):
    """In the report, in its words, and before anything is written."""
    found = empty.read_source(source(tmp_path / "in"), documents=True)
    for report, word in ((empty.foresee(found), "come in"), (empty.take_in(found), "came in")):
        assert (report.added, report.documents, report.pages) == (4, 3, 10)
        [told] = [each for each in sentences(report) if "document" in each]
        assert told.startswith(f"3 documents with 10 pages {word}")
        assert "models see the first one, of a series of frames the middle one" in told


def test_the_text_of_every_page_is_found(service):
    """Also what stands on the last page alone; of another document nothing is."""
    for part in ("dear", "MIDDLE of", "sincerely"):
        assert [each.image.name for each in service.find(Sought(name=part))] == ["letter.pdf"]
    assert [each.image.name for each in service.find(Sought(name="alone"))] == ["single.pdf"]


def test_the_same_document_again_is_a_duplicate_whatever_its_file_is_called(service, tmp_path):
    """And where its file was saved anew: what shows the same pages is the same document."""
    folder = put(
        tmp_path / "again",
        other__pdf=pdf("Dear", "middle of it", "sincerely"),
        saved__pdf=pdf("Dear", "middle of it", "sincerely") + b"\n% saved again\n",
    )
    report = service.import_source(folder, documents=True)
    assert (report.added, report.duplicates, report.refused) == (0, 2, ())
    assert service.progress().images == 4


def test_two_documents_that_begin_alike_are_two(empty, tmp_path):
    """A letterhead is on every letter; the file of their first page is one."""
    folder = put(tmp_path / "in", a__pdf=pdf("head", "one"), b__pdf=pdf("head", "two"))
    assert empty.import_source(folder, documents=True).added == 2
    one, two = empty.images()
    assert one.sha256 != two.sha256
    assert one.stored == two.stored
    assert len(empty.store.pages.files()) == 3


def test_a_file_that_is_here_as_a_document_stays_one(service):
    """Asked for page by page it is told, and its label is that of the document."""
    folder = service.workspace.root.parent / "ws source"
    letters = folder / "letter"
    letters.mkdir()
    (folder / "letter.pdf").rename(letters / "letter.pdf")
    report = service.import_source(folder, labels="folders", agreed=Agreed(add_classes=True))
    assert (report.added, report.labeled) == (0, 1)
    [noted] = [each for each in report.notes if each.name == "letter/letter.pdf"]
    assert isinstance(noted, Noted)
    assert noted.reason == documents.STAYS
    [label] = service.store.labels.current()
    assert label.image_id == named(service)["letter.pdf"].id


def test_a_file_that_is_here_page_by_page_is_no_document(empty, tmp_path):
    """Also saved anew under other bytes: nothing would be measured on what was learned from."""
    folder = put(tmp_path / "in", a__pdf=pdf("x", "y"))
    assert empty.import_source(folder).added == 2
    put(folder, b__pdf=pdf("x", "y") + b"\n% saved again\n", c__pdf=pdf("x", "other"))
    report = empty.import_source(folder, documents=True)
    assert {each.name for each in report.refused} == {"a.pdf", "b.pdf"}
    assert all(each.reason == documents.APART for each in report.refused)
    assert (report.added, report.documents) == (1, 1), "one page in common is no matter"


def test_one_page_of_a_file_is_an_image_before_and_after(empty, tmp_path):
    """However it is asked for, in whatever order."""
    folder = put(tmp_path / "in", a__pdf=pdf("x"), b__dcm=dicom(VALUES[0]), c__png=png())
    assert empty.import_source(folder).added == 3
    report = empty.import_source(folder, documents=True)
    assert (report.added, report.duplicates, report.refused) == (0, 3, ())


def test_lost_pages_come_back_from_the_source(service):
    """Gone or damaged, the face or another; asked for as documents or not."""
    pages_ = service.store.pages.of(named(service)["series.dcm"].id)
    paths = [service.workspace.image_path(each.stored) for each in pages_]
    before = [path.read_bytes() for path in paths]
    for wanted in (True, False):
        paths[0].unlink()
        paths[2].write_bytes(b"short")
        report = service.import_source(
            service.workspace.root.parent / "ws source", documents=wanted
        )
        assert (report.added, report.refused) == (0, ())
        assert [path.read_bytes() for path in paths] == before


def test_a_lost_page_that_would_be_packed_otherwise_is_named(service):
    """As after an encoder has changed: nothing takes the place of what was labeled."""
    image = named(service)["letter.pdf"]
    lost = service.store.pages.of(image.id)[1]
    other = hashlib.sha256(b"of another encoder").hexdigest()
    service.store.db.run(
        "UPDATE page SET sha256 = :sha, stored = :at WHERE image_id = :id AND number = 2",
        {"sha": other, "at": lost.stored.replace(lost.sha256, other), "id": image.id},
    )
    report = service.import_source(service.workspace.root.parent / "ws source", documents=True)
    [refused] = report.refused
    assert refused.name == "letter.pdf"
    assert "the picture of page 2 is lost" in refused.reason
    assert "back from a backup" in refused.reason


def test_a_document_is_taken_whole_or_not_at_all(empty, tmp_path):
    """A page that cannot be read, or more pages than are read: the way out is named."""
    odd = tiff(VALUES[0], VALUES[1][:2], VALUES[2])  # two rows are too few for a picture
    report = empty.import_source(put(tmp_path / "in", a__tif=odd), documents=True)
    [refused] = report.refused
    assert refused.reason.startswith("page 2: too small: 30 × 2 pixels")
    assert "without `--documents` each page is an image" in refused.reason
    assert empty.progress().images == 0
    again = empty.import_source(tmp_path / "in")
    assert (again.added, len(again.refused)) == (2, 1)


def test_a_document_has_so_many_pages_at_most(empty, tmp_path, monkeypatch):
    """Of one that has more nothing is read, and it is told how it comes in all the same."""
    monkeypatch.setattr(documents, "MOST_PAGES", 4)
    report = empty.import_source(source(tmp_path / "in"), documents=True)
    [refused] = report.refused
    assert refused.name == "series.dcm"
    assert refused.reason.startswith("it has 5 pages, more than 4: a document is taken whole")
    assert report.documents == 2
    assert pages.MOST_PAGES == 500


def test_a_document_takes_so_much_room_at_most(service, empty, tmp_path, monkeypatch):
    """All of its pages together; one byte more and it is refused."""
    sizes = {
        name: sum(each.size for each in service.store.pages.of(named(service)[name].id))
        for name in PAGES
    }
    most = sorted(sizes.values())[1]
    monkeypatch.setattr(documents, "MOST_BYTES", most)
    report = empty.import_source(source(tmp_path / "in"), documents=True)
    [refused] = report.refused
    assert refused.name == max(sizes, key=sizes.__getitem__)
    assert f"the pictures of its {PAGES[refused.name]} pages take more than" in refused.reason


def test_some_pages_and_documents_are_not_asked_for_together(empty, tmp_path):
    """Before anything is read."""
    folder = source(tmp_path / "in")
    with pytest.raises(ImportingError, match=r"--documents.* takes all pages .*`--pages first`"):
        empty.read_source(folder, documents=True, pages="first")
    assert empty.read_source(folder, documents=True, pages="all").files == 4


def test_nothing_of_a_patient_comes_along_and_a_document_is_of_its_group(service):
    """PatientID is the group, as a salted hash; no file of a page holds a name."""
    groups = service.store.images.groups()
    assert set(groups) == {named(service)["series.dcm"].sha256}
    assert NUMBER not in str(groups)
    for path in service.workspace.root.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert PATIENT.encode() not in content, path
        assert NUMBER.encode() not in content, path


def test_uploads_can_be_documents(empty):
    """As from the page Data."""
    report = sent(empty, [("a.pdf", pdf("x", "y"))], How(documents=True))
    assert (report.documents, report.pages) == (1, 2)
    assert empty.images()[0].name == "a.pdf"
