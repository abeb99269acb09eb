"""The app of one workspace, served for a browser; it can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from annotator.service import Service

ROOT = Path(__file__).parents[2]


class Server:
    """The app of one workspace, served on a free port of the loopback interface."""

    def __init__(self, root: Path, log: Path) -> None:
        self.root, self.log = root, log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it from a folder that is not the project's, and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        environment = os.environ | {"CERTILABEL_WORKSPACE": str(self.root), "OMP_NUM_THREADS": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--server.port", str(self.port)],
                cwd=self.log.parent,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        for _ in range(1800):
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.log.read_text())

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def service(self) -> Service:
        return Service.open(self.root)


Serve = Callable[[Path], Server]
