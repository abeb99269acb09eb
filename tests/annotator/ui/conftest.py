"""What tests of pages share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.service import Service
from annotator.ui.web import opened


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where pages find the workspace that a test makes; no worker is started."""
    root = tmp_path / "ws"
    monkeypatch.setattr(Service, "ensure_worker", lambda _: None)
    monkeypatch.setenv("CERTILABEL_WORKSPACE", str(root))
    opened._open.cache_clear()
    yield root
    opened._open.cache_clear()
