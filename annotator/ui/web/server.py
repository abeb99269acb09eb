"""What the web server does besides pages: hand out images and scripts, see that a worker lives."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from annotator.errors import AnnotatorError, StoreError
from annotator.model import VARIANTS
from annotator.service import Service
from annotator.ui.web.downloading import DOWNLOADING
from annotator.ui.web.holding import HOLDING
from annotator.ui.web.modules import MODULES
from annotator.ui.web.opened import served
from annotator.ui.web.staying import stay
from annotator.ui.words.choosing import CHOOSING

MAIN = Path(__file__).parent / "main.py"
_NONE = "There is no such picture. Reload the page."
_LATER = "The picture cannot be looked up now. Try again in a while."
_PACKED = "application/gzip"
_HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def picture(request: Request) -> Response:
    """Answer `/img/{image_id}` with the bytes; 403 if its signature is old or of another image.

    404 for an address that is malformed, and where there is no picture; 503 while the database
    cannot be read. Why that is goes to the log: the reason may name a path of the server.
    """
    with Service.requested():  # what is said of it on the way has one id in the log
        return _picture(request)


def _picture(request: Request) -> Response:
    query = request.query_params
    until, sig = query.get("until", ""), query.get("sig", "")
    try:
        image_id = Service.image_of(request.path_params["image_id"], until, sig)
        if image_id is None:
            return PlainTextResponse(_NONE, status_code=404)
        variant = next(each for each in VARIANTS if not each or each in query)
        found = served().picture(image_id, until, sig, variant, query.get("page", ""))
    except StoreError as error:  # the page fetches the image again
        logging.getLogger(__name__).warning("%s", error)
        return PlainTextResponse(_LATER, status_code=503)
    except AnnotatorError as error:
        logging.getLogger(__name__).warning("%s", error)
        return PlainTextResponse(_NONE, status_code=404)
    if found is None:
        return PlainTextResponse("This link has expired. Reload the page.", status_code=403)
    content, mime = found
    if mime == _PACKED:  # so that the browser unpacks it, and nobody packs it once more
        headers = {**_HEADERS, "Content-Encoding": "gzip"}
        return Response(content, media_type="application/octet-stream", headers=headers)
    return Response(content, media_type=mime, headers=_HEADERS)


def label(request: Request) -> Response:
    """Answer `/label`: Streamlit knows its default page by the address `/` alone."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


def health(_request: Request) -> Response:
    """Answer `/health`: 200 while answers can be stored, else 503; it holds nothing private."""
    try:
        found = served().health()
    except (AnnotatorError, OSError):  # what it says may name a folder
        return JSONResponse({"ok": False, "database": "missing"}, status_code=503)
    told = {"ok": found.ok, **asdict(found)}
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return JSONResponse(told, status_code=200 if found.ok else 503, headers=headers)


stay()

ROUTES = [
    Route("/img/{image_id}", picture),
    Route("/label", label),
    Route("/health", health),
    MODULES,
    HOLDING,
    DOWNLOADING,
    CHOOSING,
]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the workspace, which starts a worker if none lives, before the first page is asked."""
    try:
        await run_in_threadpool(served)
    except AnnotatorError as error:  # the pages say it too, and try again
        logging.getLogger(__name__).warning("%s", error)
    yield
    with suppress(AnnotatorError):
        await run_in_threadpool(lambda: served().bringing.abandon())
