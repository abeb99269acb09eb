"""Speak to an ASGI app without a server: one request, or the messages of one websocket."""

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.applications import Starlette

from annotator.ui.web.server import ROUTES


def ran(coroutine):
    """What a coroutine gives, run apart: a browser's loop may run in this thread."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()


@dataclass
class Answer:
    """What came back: of a websocket, the code that it was closed with in place of a status."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name):
        """The one header of this name; None without."""
        found = [value for key, value in self.headers if key == name.lower()]
        assert len(found) < 2
        return found[0] if found else None

    @property
    def text(self):
        return self.body.decode()


def _scope(kind, address, headers, at, method="GET"):
    path, _, query = address.partition("?")
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http" if kind == "http" else "ws",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        "client": ("127.0.0.1", 50_000),
        "server": at,
        "subprotocols": [],
    }


def _headers(headers, at):
    given = list(headers.items()) if isinstance(headers, dict) else list(headers or ())
    named = any(key.lower() == "host" for key, _ in given)
    return given if named else [("host", f"{at[0]}:{at[1]}"), *given]


def request(app, address, headers=None, *, method="GET", at=("127.0.0.1", 8501), body=b""):
    """One HTTP request to the server that listens `at`; its Host header is that, unless given."""
    answer = Answer()
    messages = deque([{"type": "http.request", "body": body, "more_body": False}])

    async def receive():
        return messages.popleft() if messages else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(k.decode().lower(), v.decode()) for k, v in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    scope = _scope("http", address, _headers(headers, at), at, method)
    ran(app(scope, receive, send))
    return answer


def ours(address):
    """What the app's own routes answer, without a gate before them."""
    return request(Starlette(routes=ROUTES), address)


def websocket(app, headers=None, sent=(), *, at=("127.0.0.1", 8501), path="/_stcore/stream"):
    """A websocket through which the client sends `sent`: bytes, or a function to call meanwhile.

    `status` is 101 if the app accepted it and the client left, else the code it was closed with.
    """
    answer = Answer()
    waiting = deque([{"type": "websocket.connect"}, *sent])

    async def receive():
        while waiting and callable(waiting[0]):
            waiting.popleft()()
        if not waiting:
            return {"type": "websocket.disconnect", "code": 1000}
        message = waiting.popleft()
        binary = isinstance(message, bytes)
        return {"type": "websocket.receive", "bytes": message} if binary else message

    async def send(message):
        answer.status = message.get("code", 101)

    ran(app(_scope("websocket", path, _headers(headers, at), at), receive, send))
    return answer


class Recorder:
    """An app behind a gate: answers every request, takes every message, and keeps what came."""

    def __init__(self):
        self.paths, self.received = [], []

    async def __call__(self, scope, receive, send):
        self.paths.append(scope["path"])
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"inside"})
            return
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.received.append(message["bytes"])
