"""The address at which an open page says that it lives, or that it closes."""

from __future__ import annotations

import json
import logging
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from annotator.errors import AnnotatorError
from annotator.model import Ticket
from annotator.ui.web.opened import served

LONGEST = 16_384  # bytes of a message: a ticket and a few image numbers
MOST = 1000  # image numbers in one


async def held(request: Request) -> Response:
    """Take a sign of life, `{ticket, shown, items}`, or a farewell, `{ticket, turn}`.

    400 for what is neither, 403 where the ticket is no good, 503 while the database cannot be
    written. Its answer tells which of the named images the page does not hold anymore.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return _answer(413)
    try:
        return await run_in_threadpool(_taken, json.loads(body))
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return _answer(400)
    except AnnotatorError as error:
        logging.getLogger(__name__).warning("%s", error)
        return _answer(503)


def _taken(sent: dict[str, Any]) -> Response:
    told = sent["ticket"]
    ticket = Ticket(
        _text(told["client"]), _text(told["annotator"]), _number(told["until"]), _text(told["sig"])
    )
    if "turn" in sent:
        return _answer(200 if served().give_back(ticket, float(sent["turn"])) else 403)
    items = [_number(each) for each in sent["items"][:MOST]]
    shown = None if sent["shown"] is None else _number(sent["shown"])
    beat = served().keep_held(ticket, shown, items)
    if beat is None:
        return _answer(403)
    return _answer(200, gone=beat.gone, more=beat.more)


def _answer(status: int, **content: Any) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})


def _text(value: Any) -> str:
    text = str(value)
    text.encode()  # half a character pair is none
    return text


def _number(value: Any) -> int:
    """A number that the database can hold."""
    number = int(value)
    if not 0 < number < 2**63:
        raise ValueError(number)
    return number


# Streamlit adds its `server.baseUrlPath` to its own routes alone: `below` is that path, or empty.
HOLDING = Route("/{below:path}held", held, methods=["POST"])
