"""Serving the app: Streamlit in this interpreter's environment, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "app.py"


def serve(root: Path, port: int) -> int:
    """Run the server until it ends; return its exit code."""
    environment = {**os.environ, "CERTILABEL_WORKSPACE": str(root.resolve())}
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    server = subprocess.Popen(command, env=environment)
    try:
        return server.wait()
    except KeyboardInterrupt:  # Ctrl-C reaches the server as well: let it end in peace
        return server.wait()
