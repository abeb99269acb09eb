"""Keeping documents: backups, restoring, the examination and copies know of every page."""

import os
import time
import zipfile

import pytest

from annotator.model import Settings
from annotator.service import Service
from annotator.upkeep.backup import back_up
from annotator.upkeep.doctor import examine
from annotator.upkeep.restore import restore
from tests.annotator.several import label, named, workspace


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws")
    label(opened)
    yield opened
    opened.close()


def files(service):
    """Path below the workspace -> bytes, of every image and page."""
    root = service.workspace.root
    return {each.stored: (root / each.stored).read_bytes() for each in service.store.pages.files()}


def images_of(found):
    return {each.state for each in found if each.what == "images"}


def test_a_backup_holds_every_page_and_brings_them_back(service, tmp_path):
    """The ten pages of three documents and the one image; what was labeled is labeled."""
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    assert (done.images, done.included, done.lost) == (11, 11, ())
    wanted = files(service)
    with zipfile.ZipFile(done.path) as archive:
        assert {*archive.namelist()} == {"backup.json", "certilabel.db", *wanted}
    back = restore(done.path, tmp_path / "back")
    assert (back.images, back.lost) == (11, ())
    other = Service.open(back.root)
    assert files(other) == wanted
    assert named(other) == named(service)
    assert other.store.labels.current() == service.store.labels.current()
    other.close()


def test_pages_are_taken_from_the_workspace_of_a_backup_without_images(service, tmp_path):
    """Linked or copied, each once, though two documents may share one."""
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=False)
    back = restore(done.path, tmp_path / "back")
    assert (back.images, back.lost) == (11, ())


def test_a_lost_page_is_named_by_its_number(service, tmp_path):
    """In a backup and in an examination."""
    page = service.store.pages.of(named(service)["letter.pdf"].id)[2]
    service.workspace.image_path(page.stored).unlink()
    done = back_up(service.workspace, tmp_path / "b.zip", with_images=True)
    assert (done.lost, done.included) == (("letter.pdf#page=3",), 10)
    [found] = [each for each in examine(service.workspace, mend=False) if each.what == "images"]
    assert found.state == "left"
    assert "letter.pdf#page=3" in found.text


def test_an_examination_finds_documents_sound_and_moves_none_of_their_pages(service):
    """Though they are days old, and no row of an image names them."""
    old = time.time() - 5 * 86_400
    before = files(service)
    for stored in before:
        os.utime(service.workspace.root / stored, (old, old))
    found = examine(service.workspace, mend=True)
    assert images_of(found) == {"sound"}
    assert {each.state for each in found if each.what == "orphans"} == {"sound"}
    assert files(service) == before


def test_a_copy_to_simulate_with_has_the_face_of_each_document(service, tmp_path):
    """Also where two begin with the same page."""
    one, *_ = service.store.pages.of(named(service)["letter.pdf"].id)
    service.store.db.run("UPDATE image SET kept = :at WHERE name = 'deep.tif'", {"at": one.stored})
    made = service.blank_copy(tmp_path / "copy", Settings())
    for image in service.images():
        assert made.image_path(image.stored).read_bytes()
