"""Files that a browser sent lie in a folder by their own names, and never outside it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import ImportingError
from annotator.importing.uploads import laid_out
from annotator.service import Service
from tests.annotator.pictures import png


def below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_uploaded_files_keep_their_names(tmp_path):
    """Also with folders; the second of a name lies in a folder with a number."""
    names = ["scan 1.png", "set/cat/1.png", "scan 1.png", "scan 1.png"]
    assert laid_out([(name, b"x") for name in names], tmp_path) == tmp_path
    assert below(tmp_path) == ["2/scan 1.png", "3/scan 1.png", "scan 1.png", "set/cat/1.png"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
def test_no_name_leads_out_of_the_folder(tmp_path_factory, names):
    """Nor does any stop the others: each file is there."""
    folder = tmp_path_factory.mktemp("sent") / "in" / "here"
    folder.mkdir(parents=True)
    laid_out([(name, b"x") for name in names], folder)
    assert sum(path.is_file() for path in folder.rglob("*")) == len(names)
    assert [path.name for path in folder.parent.iterdir()] == ["here"]


@pytest.mark.parametrize("name", ["../../x.png", "/etc/x.png", "..\\x.png", ".hidden.png", "a\0b"])
def test_names_that_lead_elsewhere_are_cut(tmp_path, name):
    """By dots, from the root, by a backslash; one that is hidden is seen."""
    (tmp_path / "in").mkdir()
    laid_out([(name, b"x")], tmp_path / "in")
    [path] = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert path.is_relative_to(tmp_path / "in")
    assert not path.name.startswith(".")


def test_a_table_among_uploads_says_what_the_others_are(tmp_path):
    """A CSV of labels and its images can be sent together."""
    service = Service.create(tmp_path / "ws", ["cat"])
    table = b"path,label\na.png,cat\nb.png,\nabsent.png,cat\n"
    files = [("b.png", png(2)), ("labels.csv", table), ("a.png", png(1))]
    report = service.import_uploads(files)
    assert (report.added, report.labeled) == (2, 1)
    assert [each.name for each in report.refused] == ["absent.png"]
    assert sorted(image.name for image in service.images()) == ["a.png", "b.png"]
    service.close()


def test_two_tables_at_once_are_refused_by_name(tmp_path):
    """Each may say something else of the same images."""
    with pytest.raises(ImportingError, match=r"several tables: a\.csv, b\.csv"):
        laid_out([("a.csv", b"path\n"), ("b.csv", b"path\n")], tmp_path)
