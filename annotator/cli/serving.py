"""The commands that keep running: the app, on loopback, and a worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from annotator.cli import printing
from annotator.cli.options import Port, Root
from annotator.service import Service
from annotator.worker import Worker

APP = Path(__file__).resolve().parents[1] / "ui" / "web" / "app.py"


def serve(root: Root, port: Port = 8501) -> None:
    """Serve the app, with a worker beside it."""
    serve_at(root, port)


def serve_at(root: Path, port: int) -> None:
    """Say where it will be, and serve a workspace there.

    Raises:
        StoreError: the database is missing, damaged or cannot be written.
        WorkspaceError: the folder is none, or cannot be written.
    """
    service = Service.open(root)
    try:
        service.check()  # whatever is wrong is told before there is an address
    finally:
        service.close()
    printing.say(f"Certilabel is on http://localhost:{port}. Ctrl-C ends it.")
    _become_server(root, port)


def work(
    root: Root,
    once: Annotated[bool, typer.Option("--once", help="One job, then exit.")] = False,
) -> None:
    """Do background jobs until Ctrl-C."""
    did = Worker.open(root).run(once=once)
    if once:
        printing.say("One job is done." if did else "Nothing to do.")


def _become_server(root: Path, port: int) -> NoReturn:
    """Become the server: a signal to this process is a signal to it, and none is left behind."""
    environment = {
        **os.environ,
        "CERTILABEL_WORKSPACE": str(root.resolve()),
        "PYTHONSAFEPATH": "1",  # what lies in the current folder is no module of server or worker
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is what we want
