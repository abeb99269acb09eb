"""A process that has read all that a server needs: servers start from it at once, as its copies.

A line of JSON on its input starts a server or kills one; it answers with the number of its
process. When its input ends, so does the template, with all servers that are left.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import signal
import sys
from functools import cache
from importlib import import_module
from typing import Any

import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto  # noqa: F401
from streamlit.components.v2 import manifest_scanner
from streamlit.web.cli import main

import annotator.ui.pages
import annotator.ui.web.server
from tests.forks import borrow

for page in pkgutil.iter_modules(annotator.ui.pages.__path__, "annotator.ui.pages."):
    import_module(page.name)
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
manifest_scanner.scan_component_manifests()  # goes through all that is installed


def begin(words: list[str], cwd: str, log: str, env: dict[str, str]) -> int:
    """Copy this process; the copy becomes `streamlit` with these words."""
    if process := os.fork():
        return process
    try:
        os.chdir(cwd)
        for stream, path in enumerate((os.devnull, log, log)):
            os.dup2(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT), stream)
        os.environ.clear()
        os.environ.update(env)
        main(words, prog_name="streamlit")
    finally:
        os._exit(1)


def kill(process: int) -> int:
    """End it as a power cut would."""
    os.kill(process, signal.SIGKILL)
    return os.waitpid(process, 0)[0]


def obey(asked: dict[str, Any]) -> int:
    return kill(asked["kill"]) if "kill" in asked else begin(**asked)


if __name__ == "__main__":
    borrow(int(sys.argv[1]))
    gc.freeze()  # no server looks through what was imported, which would copy all of it
    living = set()
    for line in sys.stdin:
        done = obey(json.loads(line))
        living ^= {done}
        print(done, flush=True)
    for each in living:
        kill(each)
