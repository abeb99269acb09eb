"""The files of images are paths in the workspace, and come to the same names as paths do."""

from pathlib import Path

import pytest

from annotator.errors import WorkspaceError
from annotator.model.columns.texts import Texts
from annotator.project import Workspace
from annotator.project.stored import Stored, names, suffixes

PATHS = ["images/ab/ab1.png", "images/cd/cd2.tiff", "images/ef/none"]


@pytest.fixture
def files(tmp_path):
    return Stored(Workspace(tmp_path), Texts(PATHS))


def test_they_are_the_paths_of_the_images(files, tmp_path):
    """One by one, and in parts."""
    assert list(files) == [tmp_path / path for path in PATHS]
    assert files[1:] == [tmp_path / path for path in PATHS[1:]]


def test_names_and_suffixes_are_those_of_plain_paths(files):
    """However the files are given."""
    plain = [Path(path) for path in PATHS]
    assert names(files).between(0, 3) == names(plain).between(0, 3)
    assert list(suffixes(files)) == list(suffixes(plain)) == [".png", ".tiff", ""]


def test_a_path_that_leads_out_is_refused(tmp_path):
    """Before anything is read from there."""
    outside = Stored(Workspace(tmp_path), ["images/../../etc/passwd"])
    with pytest.raises(WorkspaceError, match="is no image of this workspace"):
        outside[0]
