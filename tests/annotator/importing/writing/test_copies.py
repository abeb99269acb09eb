"""Copies are on the disk when they are said to be."""

import errno
import os
import time

import pytest

from annotator.errors import ImportingError
from annotator.importing.writing.copies import CLOCK, keep_rest
from annotator.model import Settings
from annotator.project.files import TOGETHER
from annotator.service import Service
from tests.annotator.small import source


@pytest.fixture
def service(tmp_path):
    return Service.create(tmp_path / "ws", ["dark", "light"], Settings(round_every=0))


@pytest.fixture
def flushed(monkeypatch):
    """Inodes of what is flushed, in that order."""
    seen, fsync = [], os.fsync

    def note(handle):
        fsync(handle)
        seen.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    return seen


@pytest.mark.parametrize("number", [1, TOGETHER, 2 * TOGETHER + 1])
def test_what_was_read_is_on_the_disk_with_its_names(tmp_path, service, flushed, number):
    """Before a row is written: every copy, its folder and the folder of that; whole parcels too."""
    found = service.read_source(source(tmp_path / "pictures", number))
    paths = [service.workspace.image_path(each.stored) for each in found.images.values()]
    assert len(paths) == number
    for path in (*paths, *(each.parent for each in paths), service.workspace.images):
        assert path.stat().st_ino in flushed, path


def test_only_copies_that_were_made_since_are_flushed_again(tmp_path, service, flushed):
    """One was lost and laid anew, by whomever; of an old reading no other is touched."""
    found = service.read_source(source(tmp_path / "pictures", 5))
    paths = [service.workspace.image_path(each.stored) for each in found.images.values()]
    found.kept = time.time() + 2 * CLOCK
    flushed.clear()
    keep_rest(service.workspace, found)
    assert flushed == []
    found.kept = time.time()
    for path in paths[1:]:
        status = path.stat()
        found.kept = max(found.kept, status.st_ctime + CLOCK + 0.01)
    while time.time() < found.kept - CLOCK:
        pass
    content = paths[0].read_bytes()
    paths[0].unlink()
    paths[0].write_bytes(content)
    keep_rest(service.workspace, found)
    assert {path.stat().st_ino for path in paths} & set(flushed) == {paths[0].stat().st_ino}
    assert paths[0].parent.stat().st_ino in flushed


def test_copies_that_are_gone_are_counted_and_nothing_is_written(tmp_path, service):
    """The way out is told: import again."""
    found = service.read_source(source(tmp_path / "pictures", 5))
    for image in [*found.images.values()][:2]:
        service.workspace.image_path(image.stored).unlink()
    with pytest.raises(ImportingError, match=r"^2 copies .* import again\.$"):
        service.take_in(found)
    assert service.store.images.count() == 0


def test_a_disk_that_fails_is_told_while_files_are_read(tmp_path, service, monkeypatch):
    """In words, and nothing is in; with a sound disk the same import goes on."""
    pictures = source(tmp_path / "pictures", 3)
    with monkeypatch.context() as broken:

        def fail(_handle):
            raise OSError(errno.EIO, "Input/output error")

        broken.setattr(os, "fsync", fail)
        with pytest.raises(ImportingError, match=r"Input/output error\. Nothing was imported"):
            service.read_source(pictures)
    assert service.store.images.count() == 0
    assert service.import_source(pictures).added == 3
