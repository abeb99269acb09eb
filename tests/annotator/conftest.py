"""What tests of several rooms begin with."""

import pytest

from tests.annotator.small import workspace


@pytest.fixture
def make(tmp_path):
    """Make workspaces of so many images, each with its own settings; they are closed in the end."""
    made = []

    def build(n=40, **settings):
        made.append(workspace(tmp_path / f"ws {len(made)}", n, **settings))
        return made[-1]

    yield build
    for each in made:
        each.close()
