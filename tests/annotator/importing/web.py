"""A small server on loopback that serves what a test gives it, and remembers what was asked for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override


class Web(ThreadingHTTPServer):
    """Answers `GET /name` with `files[name]`: bytes, a status, or an address to go on to."""

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes | int | str]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.files = dict(files)
        self.cut: set[str] = set()  # of these only the first half is sent
        self.asked: list[str] = []

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"


class _Answers(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        name = self.path.lstrip("/").partition("?")[0]
        self.server.asked.append(name)
        found = self.server.files.get(name, 404)
        if isinstance(found, int):
            self.send_error(found)
            return
        if isinstance(found, str):
            self.send_response(302)
            self.send_header("Location", found)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found[: len(found) // 2] if name in self.server.cut else found)

    @override
    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving(files: Mapping[str, bytes | int | str]) -> Iterator[Web]:
    """Serve until the end of the body."""
    with Web(files) as web:
        thread = threading.Thread(target=web.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield web
        finally:
            web.shutdown()
            thread.join()


def closed_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
