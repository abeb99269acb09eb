"""The labeler's modules as a browser asks for them."""

import re
from urllib.parse import urljoin

import httpx
import pytest
from starlette.applications import Starlette

from annotator.ui.web.modules import module_address
from annotator.ui.web.server import ROUTES
from tests.annotator.asgi import ran
from tests.docs.pages import ROOT

LABELER = ROOT / "annotator" / "ui" / "labeler"


def get(address: str) -> httpx.Response:
    """What the app's own routes answer."""

    async def ask():
        transport = httpx.ASGITransport(Starlette(routes=ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(address)

    return ran(ask())


def reached(address: str) -> dict[str, str]:
    """The texts of a module and of all that it imports, by address."""
    waiting, found = [address], {}
    while waiting:
        address = waiting.pop()
        if address not in found:
            answer = get(address)
            assert answer.status_code == 200, address
            assert answer.headers["Content-Type"].startswith("text/javascript")
            found[address] = answer.text
            waiting += [
                urljoin(address, each) for each in re.findall(r'from "(.+?)";', answer.text)
            ]
    return found


@pytest.mark.parametrize("below", ["/", "/tools/", "/tools/here/"])
def test_every_import_leads_to_a_module_below_whatever_path(below):
    """From the labeler's one address a browser gets all its files, as they are on the disk."""
    found = reached(below + module_address("labeler.js"))
    files = {path.name: path.read_text() for path in LABELER.glob("*.js")}
    assert {address.rpartition("/")[2]: text for address, text in found.items()} == files


def test_a_module_is_kept_for_as_long_as_it_stays_the_same():
    """A browser does not ask again: another content has another address."""
    address = module_address("queue.js")
    assert "immutable" in get(address).headers["Cache-Control"]
    other = re.sub(r"/\w+/", "/0123456789abcdef/", address)
    assert get(other).status_code == 404


@pytest.mark.parametrize("name", ["component.py", "labeler.css", "none.js", "%2e%2e/web/server.py"])
def test_nothing_but_modules_is_served(name):
    """No other file of the folder, nor of any other."""
    assert get(module_address(name)).status_code == 404
