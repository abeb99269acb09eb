"""Serving the app: Streamlit in this interpreter's environment, on loopback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

APP = Path(__file__).resolve().parent / "ui" / "served" / "app.py"


def serve(root: Path, port: int) -> NoReturn:
    """Become the server: a signal to this process is a signal to it, and none is left behind."""
    environment = {
        **os.environ,
        "CERTILABEL_WORKSPACE": str(root.resolve()),
        "PYTHONSAFEPATH": "1",  # what lies in the current folder is no module of server or worker
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is what we want
