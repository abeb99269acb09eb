"""The entrance: nothing is answered and no message taken but for a visitor who is let in."""

from __future__ import annotations

import asyncio
import math
import time

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.model import is_loopback
from annotator.ui.gate.crowding import Pages
from annotator.ui.gate.refusing import POLICY, page, refuse, visits
from annotator.ui.gate.visitors import Shown, Visitor, Way

# To whoever watches over the server: the first says that it runs, the second that it can work, and
# neither names a person, an image or a place
OPEN = ("/_stcore/health", "/health")
NAME = "certilabel.name"  # in the scope: of the visitor who was let in; None if they have none


class Entrance:
    """Asks each request who it is; an open page again at each message, until its session ends."""

    def __init__(self, app: ASGIApp, way: Way, base: str = "", pages: Pages | None = None) -> None:
        self.app = app
        self.way = way
        self.pages = pages or Pages()
        self.base = base  # path at which the app is, with its leading slash; empty at the root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 401, as a page with a way in where a person looks."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        here = (scope.get("server") or ("",))[0]
        if self.way.local and not is_loopback(here):
            await refuse(scope, receive, send, self.way.sentence)
            return
        connection = HTTPConnection(scope)
        if answer := self.way.answer(connection):
            await answer(scope, receive, send)
            return
        visitor = self.way.visitor(Shown.of(connection))
        if visitor is None and not self._open(scope):
            await self._refuse(connection, receive, send)
        elif visitor is None:
            await self.app(scope, receive, send)
        elif _opens(connection) and (full := self.pages.full(visitor.who)):
            await refuse(scope, receive, send, full, 429)
        elif scope["type"] == "http":
            await self.app({**scope, NAME: visitor.name}, receive, send)
        else:
            with self.pages.one_more(visitor.who):
                await self._while_let_in(visitor, connection, receive, send)

    def _open(self, scope: Scope) -> bool:
        path = scope["path"].removeprefix(self.base)
        return scope["type"] == "http" and (path in OPEN or self.way.passes(path))

    async def _refuse(self, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        scope = connection.scope
        if visits(connection):
            way_in = self.way.way_in(self.base)
            await page(self.way.sentence, 401, way_in)(scope, receive, send)
        else:
            await refuse(scope, receive, send, self.way.sentence, 401)

    async def _while_let_in(
        self, visitor: Visitor, connection: HTTPConnection, receive: Receive, send: Send
    ) -> None:
        """Pass messages on as long as the session lasts, and close the websocket when it ends."""
        closed = False
        shown = Shown.of(connection)

        async def guarded() -> Message:
            nonlocal closed
            left = None if math.isinf(visitor.until) else max(visitor.until - time.time(), 0)
            try:
                message = await asyncio.wait_for(receive(), left)
            except TimeoutError:
                message = None
            if message is not None and self.way.visitor(shown) is not None:
                return message
            if message is None or message["type"] != "websocket.disconnect":
                await send({"type": "websocket.close", "code": POLICY})
            closed = True
            return {"type": "websocket.disconnect", "code": POLICY}

        async def until_closed(message: Message) -> None:
            if not closed:
                await send(message)

        await self.app(connection.scope, guarded, until_closed)


def _opens(connection: HTTPConnection) -> bool:
    """Whether it opens a page: what a person sees first, or the websocket that keeps it alive."""
    return connection.scope["type"] == "websocket" or visits(connection)
