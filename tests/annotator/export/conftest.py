"""A workspace with odd names, and rows of it."""

import pytest

from annotator.importing.scan import scan
from annotator.model import Image
from annotator.project import Workspace
from tests.annotator.exported import NAMES, row
from tests.annotator.pictures import jpeg, png


@pytest.fixture
def workspace(tmp_path):
    """A workspace with an image for each of NAMES."""
    for seed, name in enumerate(NAMES):
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(seed) if name.endswith("jpg") else png(seed))
    return Workspace.create(tmp_path / "workspace")


@pytest.fixture
def rows(tmp_path, workspace):
    """Every other image labeled by a person, the rest by a round."""
    events = scan(tmp_path / "source", workspace)
    return [
        row(
            Image(
                i,
                e.sha256,
                e.name,
                e.stored,
                e.width,
                e.height,
                "test" if i % 6 in (2, 4) else "pool",
            ),
            NAMES[e.name],
            human=i % 2 == 0,
        )
        for i, e in enumerate(events)
    ]
