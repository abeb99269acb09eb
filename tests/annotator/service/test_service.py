"""One workspace with all that can be done in it: made whole or not at all, opened again."""

import pytest

from annotator.errors import AnnotatorError, WorkspaceError
from annotator.model import Settings
from annotator.service import Service


def test_what_is_made_is_there_when_it_is_opened(tmp_path):
    """Classes in their order, settings as given, its folder's name."""
    settings = Settings(policy="margin", steps=50)
    made = Service.create(tmp_path / "cells", ["red cell", " white  cell "], settings)
    opened = Service.open(tmp_path / "cells")
    assert [each.name for each in opened.classes()] == ["red cell", "white cell"]
    assert opened.settings() == settings
    assert (made.name, opened.name) == ("cells", "cells")
    assert opened.progress() == made.progress()


@pytest.mark.parametrize(
    ("classes", "settings", "words"),
    [
        (["a", "b", " a "], Settings(), "named twice"),
        (["a", ""], Settings(), "1 to 80 characters"),
        (["a", "b"], Settings(steps=0), "steps is 0"),
        (["a", "b"], Settings(policy="entrpy"), "Did you mean 'entropy'"),
    ],
)
def test_a_workspace_that_cannot_be_is_not_begun(tmp_path, classes, settings, words):
    """Nothing is on disk: the command can be given again without the mistake."""
    with pytest.raises(AnnotatorError, match=words):
        Service.create(tmp_path / "new", classes, settings)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_none_cannot_be_opened(tmp_path):
    """The way out is the command that makes one."""
    with pytest.raises(WorkspaceError, match="certilabel init"):
        Service.open(tmp_path)
