"""An export as a ZIP file, sent while it is made: neither the server nor a page ever holds it."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from annotator.errors import AnnotatorError, NotAllowedError
from annotator.ui.gate.entrance import NAME
from annotator.ui.web.opened import known, served

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def download(request: Request) -> Response:
    """Answer `/download?export=NAME&until=…&sig=…` with the ZIP file.

    The signature is no leave by itself: whoever asks must be one who may export. 403 if they may
    not, or if the address has expired; 404 where there is no such export.
    """
    return await run_in_threadpool(_download, request)


def _download(request: Request) -> Response:
    query = request.query_params
    name = query.get("export", "")
    try:
        service = served().acting(known(request.scope.get(NAME)))
        content = service.download(name, query.get("until", ""), query.get("sig", ""))
    except NotAllowedError as why:
        return PlainTextResponse(str(why), 403, _HEADERS)
    except AnnotatorError as error:
        logging.getLogger(__name__).warning("%s", error)
        return PlainTextResponse("There is no such export. Reload the page.", 404, _HEADERS)
    if content is None:
        return PlainTextResponse("This link has expired. Reload the page.", 403, _HEADERS)
    file = f"{service.name}-{name}.zip"
    bare = re.sub(r"[^\w.-]", "_", file, flags=re.ASCII)
    saved = f"attachment; filename=\"{bare}\"; filename*=UTF-8''{quote(file, safe='')}"
    return StreamingResponse(
        content, media_type="application/zip", headers={**_HEADERS, "Content-Disposition": saved}
    )


# Streamlit adds its `server.baseUrlPath` to its own routes alone: `below` is that path, or empty.
DOWNLOADING = Route("/{below:path}download", download)
