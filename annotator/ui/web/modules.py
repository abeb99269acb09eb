"""JavaScript of pages that keys answer, under an address that changes whenever a module does."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from annotator.ui.words.table import ENGLISH, SCRIPTS, TABLES

_UI = Path(__file__).parents[1]
_ROOMS = ("labeler", "review", "settling")
_FILES = sorted(path for room in _ROOMS for path in (_UI / room).glob("*.js"))
_MODULES = {path.name: path.read_bytes() for path in _FILES}
_VERSION = sha256(b"\0".join(_MODULES.values())).hexdigest()[:16]
LOCALES = {ENGLISH: "en-US"}  # by which scripts write numbers, where it is not the code
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def module_address(name: str) -> str:
    """Where a module is, relative to the page: an app below another path has its modules there.

    All modules share one folder, named for what they contain: what imports `./queue.js` gets the
    one that it was written with, and a browser never has to ask whether it has changed.
    """
    return f"modules/{_VERSION}/{name}"


def importing(name: str, code: str = ENGLISH) -> str:
    """The file of a component that is one of these modules: a few lines that import it from here.

    Streamlit would serve the module itself at an address from which no other is reached. What the
    scripts say comes with it, in the language of that code.
    """
    lines = TABLES[code].parts[SCRIPTS] if code in TABLES else {}
    return f"""
const load = (path) => import(new URL(path, document.baseURI));
const addresses = ["{module_address("words.js")}", "{module_address(name)}"];
const [words, page] = await Promise.all(addresses.map(load));
words.speak({json.dumps(lines)}, "{LOCALES.get(code, code)}");
export default page.default;
"""


def module(request: Request) -> Response:
    """Answer with a module; 404 for any other name or version."""
    found = _MODULES.get(request.path_params["name"])
    if found is None or request.path_params["version"] != _VERSION:
        return PlainTextResponse("There is no such module. Reload the page.", status_code=404)
    return Response(found, media_type="text/javascript", headers=_HEADERS)


# Streamlit adds its `server.baseUrlPath` to its own routes alone: `below` is that path, or empty.
MODULES = Route("/{below:path}modules/{version}/{name}", module)
