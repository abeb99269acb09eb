"""The labeler's modules as a browser asks for them."""

import re
from urllib.parse import urljoin

import pytest

from annotator.ui.web.modules import module_address
from tests.annotator.asgi import ours
from tests.docs.pages import ROOT

LABELER = ROOT / "annotator" / "ui" / "labeler"


def reached(address: str) -> dict[str, str]:
    """The texts of a module and of all that it imports, by address."""
    waiting, found = [address], {}
    while waiting:
        address = waiting.pop()
        if address not in found:
            answer = ours(address)
            assert answer.status == 200, address
            assert answer.header("Content-Type").startswith("text/javascript")
            found[address] = answer.text
            waiting += [
                urljoin(address, each)
                for each in re.findall(r'(?:from |URL\()"(\./.+?)"', answer.text)
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
    address = "/" + module_address("queue.js")
    assert "immutable" in ours(address).header("Cache-Control")
    other = re.sub(r"/\w+/", "/0123456789abcdef/", address)
    assert ours(other).status == 404


@pytest.mark.parametrize("name", ["component.py", "labeler.css", "none.js", "%2e%2e/web/server.py"])
def test_nothing_but_modules_is_served(name):
    """No other file of the folder, nor of any other."""
    assert ours("/" + module_address(name)).status == 404
