"""The list of pages says which files a workspace needs, of any schema."""

from contextlib import closing

import pytest

from annotator.model import DocumentPage, NewImage, StoredFile
from annotator.store import Store
from annotator.store.keeping import contents
from tests.annotator.store.old_schemas import EARLIER, IMAGES, build, has_step


def image(number, *pages, name="a"):
    sha = f"{number:064x}"
    return NewImage(sha, name, pages[0].stored if pages else f"images/{sha}.png", 9, 9, pages=pages)


def page(number, content):
    return DocumentPage(number, f"{content:064x}", f"images/{content:064x}.png", 7, 9, 9, "text")


@pytest.fixture
def store(tmp_path):
    opened = Store.create(tmp_path / "x.db")
    yield opened
    opened.db.close()


def test_pages_are_written_with_their_document_and_once(store):
    """An image that is there already keeps its pages; one of one page has none."""
    document, plain = image(1, page(1, 11), page(2, 12)), image(2, name="b")
    for _ in range(2):
        first, second = store.images.add([document, plain], test_share=0, seed=0)
    assert tuple(store.pages.of(first)) == document.pages
    assert tuple(store.pages.of_sha256(document.sha256)) == document.pages
    assert store.pages.of(second) == store.pages.of_sha256("0" * 64) == []
    assert store.pages.one(first, 2) == document.pages[1]
    assert store.pages.shapes(first) == [(each.stored, 9, 9) for each in document.pages]
    assert store.pages.shapes(second) == []
    assert [store.pages.one(first, number) for number in (0, 3, 2**70)] == [None] * 3
    assert [each.pages for each in store.images.page("all", 0, 9)] == [2, 1]


def test_every_file_is_named_once(store):
    """Two documents with the same first page share its file; an image that is a page, too."""
    store.images.add(
        [
            image(1, page(1, 11), page(2, 12)),
            image(2, page(1, 11), page(2, 13), name="b"),
            NewImage(f"{13:064x}", "c", f"images/{13:064x}.png", 9, 9),
        ],
        test_share=0,
        seed=0,
    )
    wanted = {f"images/{content:064x}.png": f"{content:064x}" for content in (11, 12, 13)}
    found = store.pages.files()
    assert {each.stored: each.sha256 for each in found} == wanted
    assert len(found) == 3
    assert {each.name for each in found} >= {"a#page=1", "a#page=2"}
    assert set(contents.files(store.db.path)) == set(found)


@pytest.mark.parametrize("number", EARLIER)
def test_files_of_an_earlier_schema_are_those_of_its_images(tmp_path, number):
    """Read without changing it; brought to this one, no image is a document by itself."""
    path = tmp_path / "old.db"
    build(path, number)
    before = contents.files(path)
    documents = int(has_step("documents", number))
    assert len(before) == IMAGES + 2 * documents
    assert StoredFile("süd/001.png", f"images/01/{1:064x}.png", f"{1:064x}") in before
    with closing(Store(path).db) as db:  # which takes the steps that are left
        assert db.value("SELECT COUNT(*) FROM image WHERE pages > 1") == documents
        assert db.value("SELECT COUNT(*) FROM page") == 3 * documents
