"""The app of one workspace, served for a browser; it can be killed and started again."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from annotator.service import Service
from tests.forks import lend

ROOT = Path(__file__).parents[2]


class Template:
    """A process that has read what each server reads; servers are its copies."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        forks = lend()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.template", str(forks)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[forks],
            env=environment,
            text=True,
        )

    def tell(self, **asked: Any) -> int:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


@cache
def template(environment: frozenset[tuple[str, str]]) -> Template:
    """The one for this environment: some of it counts when a module is read."""
    return Template(dict(environment))


def environment() -> dict[str, str]:
    """What a test has set, without what tells only which one it is."""
    found = os.environ | {"OMP_NUM_THREADS": "1"}
    return {name: value for name, value in found.items() if name != "PYTEST_CURRENT_TEST"}


class Server:
    """The app of one workspace, served on a free port of the loopback interface."""

    def __init__(self, root: Path, log: Path) -> None:
        self.root, self.log = root, log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: int | None = None

    def start(self) -> None:
        """Start it from a folder that is not the project's, and wait until it answers."""
        own = environment()
        self.template = template(frozenset(own.items()))
        self.process = self.template.tell(
            words=["run", str(ROOT / "app.py"), "--server.port", str(self.port)],
            cwd=str(self.log.parent),
            log=str(self.log),
            env=own | {"CERTILABEL_WORKSPACE": str(self.root)},
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
        if self.process:
            self.template.tell(kill=self.process)
            self.process = None

    def service(self) -> Service:
        return Service.open(self.root)


Serve = Callable[[Path], Server]
