"""How a request or a websocket is refused: one sentence, or a page of one where a person looks."""

from __future__ import annotations

import html

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

POLICY = 1008  # the code of a websocket that is closed for a reason of ours

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Certilabel</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:1rem/1.5 sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}</style>
<h1>Certilabel</h1><p>{sentence}</p>{link}</html>
"""


def page(sentence: str, status: int, link: tuple[str, str] | None = None) -> Response:
    """A page of one sentence and perhaps a link (address, text), for a person."""
    anchor = f'<p><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>' if link else ""
    text = _PAGE.format(sentence=html.escape(sentence), link=anchor)
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def visits(connection: HTTPConnection) -> bool:
    """Whether a person opens a page, as opposed to a page that fetches something."""
    return connection.scope["type"] == "http" and "text/html" in connection.headers.get(
        "accept", ""
    )


async def refuse(
    scope: Scope, receive: Receive, send: Send, sentence: str, status: int = 403
) -> None:
    """Answer with a sentence; a websocket, which cannot be told one, is closed before it opens."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY})
    else:
        plain = PlainTextResponse(sentence, status, headers={"Cache-Control": "no-store"})
        answer = page(sentence, status) if visits(HTTPConnection(scope)) else plain
        await answer(scope, receive, send)
