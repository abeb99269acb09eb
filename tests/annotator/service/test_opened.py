"""A service for pages keeps to the folders it was given; the command line may go anywhere."""

import pytest

from annotator.errors import AnnotatorError
from annotator.service import Service
from tests.annotator.bringing import sent
from tests.annotator.small import answer, source, workspace


@pytest.fixture
def places(tmp_path):
    """A workspace for pages, one folder that was named, and one that was not."""
    service = workspace(tmp_path / "ws", 6)
    answer(service, 4)
    source(tmp_path / "named", 3, side=20)
    source(tmp_path / "other", 3, side=24)
    (tmp_path / "named" / "away").symlink_to(tmp_path / "other")
    service.restrict([tmp_path / "named"])
    return service, tmp_path


OUTSIDE = ["other", "named/../other", "named/away", "", "ws/../other", "absent", "named-too"]


@pytest.mark.parametrize("where", OUTSIDE)
def test_an_import_from_elsewhere_is_refused(places, where):
    """By dots, by a link, and whether there is anything or not: the words are the same."""
    service, root = places
    before = service.progress().images
    with pytest.raises(AnnotatorError, match="not in a folder that pages may use"):
        service.import_source(f"{root}/{where}")
    assert service.progress().images == before


@pytest.mark.parametrize("where", ["/etc/passwd", "~root", "~nobody-of-that-name", "a\0b", "."])
def test_whatever_is_typed_is_answered_in_words(places, where):
    """Also what is no path."""
    service, _ = places
    for verb in (service.import_source, service.export):
        with pytest.raises(AnnotatorError, match="not in a folder that pages may use"):
            verb(where)


def test_an_import_from_a_named_folder_and_the_workspace_goes_on(places):
    """Links that lead out of it are not followed, although the page did not say so."""
    service, root = places
    report = service.import_source(root / "named")
    assert report.added == 3
    assert [each.name for each in report.refused] == ["away"]
    (root / "ws" / "inbox").mkdir()
    source(root / "ws" / "inbox" / "new", 2, side=28)
    assert service.import_source(root / "ws" / "inbox").added == 2


@pytest.mark.parametrize("where", [*OUTSIDE, "ws/images/x", "ws", "ws/rounds/x"])
def test_an_export_to_elsewhere_is_refused_and_nothing_is_made(places, where):
    """In the workspace too, but for its exports: the rest is the program's own."""
    service, root = places
    before = sorted(root.rglob("*"))
    with pytest.raises(AnnotatorError, match="not in a folder that pages may use"):
        service.export(f"{root}/{where}")
    assert sorted(root.rglob("*")) == before


def test_an_export_goes_to_the_exports_and_to_a_named_folder(places):
    """As the page offers, and where the owner of the server said."""
    service, root = places
    for out in (root / "ws" / "exports" / "latest", root / "named" / "out"):
        assert service.export(out).human == 4
        assert (out / "labels.csv").exists()


def test_uploads_need_no_folder(places):
    """They come by way of one of their own, whatever their names say."""
    service, root = places
    (root / "upload").mkdir()
    pictures = sorted(source(root / "upload" / "x", 2, side=32).iterdir())
    names = ["../../../etc/x.png", "/"]
    files = [(name, path.read_bytes()) for name, path in zip(names, pictures, strict=True)]
    report = sent(service, files)
    assert (report.added, report.refused) == (2, ())


def test_the_command_line_is_free(tmp_path):
    """It runs with the rights of whoever typed it."""
    service = Service.create(tmp_path / "ws", ["a", "b"])
    assert service.import_source(source(tmp_path / "anywhere", 2)).added == 2
