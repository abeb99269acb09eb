"""What tests of pages share."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from annotator.service import Service
from annotator.ui.web import opened


@pytest.fixture(autouse=True, scope="session")
def _packages_are_read_once() -> Iterator[None]:
    """Streamlit looks for components through all that is installed whenever a page is drawn."""
    scan = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where pages find the workspace that a test makes; no worker is started."""
    root = tmp_path / "ws"
    monkeypatch.setattr(Service, "ensure_worker", lambda _: None)
    monkeypatch.setenv("CERTILABEL_WORKSPACE", str(root))
    opened._open.cache_clear()
    yield root
    opened._open.cache_clear()
