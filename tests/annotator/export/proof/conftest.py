"""The export that most tests of the proof begin with."""

import pytest

from tests.annotator.export.proof import certified


@pytest.fixture
def export(tmp_path):
    return certified.make(tmp_path / "export")
