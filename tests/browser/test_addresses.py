"""How a checkout is served."""

from __future__ import annotations

import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Server
from tests.browser.serving import serving
from tests.browser.workspaces import workspace


def test_uvicorn_serves_the_app_of_a_checkout(tmp_path: Path):
    """Pages, and a refusal for an image without a signature."""
    workspace(tmp_path / "work", images=3)
    env = {"CERTILABEL_WORKSPACE": str(tmp_path / "work")}
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port"]
    with serving(command, tmp_path / "log", ROOT, env) as url:
        with urllib.request.urlopen(url) as answer:
            assert b"<title>" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            urllib.request.urlopen(f"{url}/img/1")
        refused.value.close()


def test_a_checkout_is_served_on_loopback_alone(server: Server):
    """`streamlit run app.py` finds the settings of the package, whatever the current folder."""
    with pytest.raises(OSError, match=r"refused|reach|assign"):  # it would answer on 0.0.0.0
        socket.create_connection(("127.0.0.2", server.port), timeout=5)
