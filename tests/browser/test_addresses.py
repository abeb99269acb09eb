"""Addresses that people type, keep as bookmarks and reload."""

from __future__ import annotations

import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.labeling import open_labeler, press, saved
from tests.browser.server import ROOT, Server
from tests.browser.serving import serving
from tests.browser.workspaces import workspace

SHOWN = {
    "/": "saved",
    "/label": "saved",
    "/label/": "saved",
    "/rounds": "Does it learn?",
    "/quality": "no round has finished",
    "/review": "Nothing to review yet",
    "/data": "Labels by class",
    "/settle": "Nothing waits to be settled",
    "/export": "No round has finished",
    "/settings": "Asking and learning",
}


@pytest.mark.parametrize("address", SHOWN)
def test_every_page_has_an_address_that_can_be_reloaded(page: Page, server: Server, address: str):
    """The label page has two: its own and that of the whole app."""
    for visit in (lambda: page.goto(server.url + address), page.reload):
        visit()
        expect(page.get_by_text(SHOWN[address]).first).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)


def test_the_address_of_the_label_page_keeps_what_follows_it(page: Page, server: Server):
    """Streamlit's own options stand behind a question mark."""
    page.goto(f"{server.url}/label?embed=true")
    assert page.url == f"{server.url}/?embed=true"


def test_uvicorn_serves_the_app_of_a_checkout(tmp_path: Path):
    """Pages, the routes beside them, and a refusal for an image without a signature."""
    workspace(tmp_path / "work", images=3)
    env = {"CERTILABEL_WORKSPACE": str(tmp_path / "work")}
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port"]
    with serving(command, tmp_path / "log", ROOT, env) as url:
        with urllib.request.urlopen(f"{url}/label") as answer:
            assert answer.url == f"{url}/"
            assert b"<title>" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            urllib.request.urlopen(f"{url}/img/1")
        refused.value.close()


def test_the_labeler_works_below_another_path(page: Page, tmp_path: Path):
    """Its modules are found from the page, whatever path the server is told to be at."""
    workspace(tmp_path / "work", images=3)
    env = {"CERTILABEL_WORKSPACE": str(tmp_path / "work")}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.baseUrlPath", "tools/here", "--server.port"]
    with serving(command, tmp_path / "log", tmp_path, env, "/tools/here") as url:
        open_labeler(page, url)
        press(page, "1")
        saved(page, 1)


def test_a_checkout_is_served_on_loopback_alone(server: Server):
    """`streamlit run app.py` finds the settings of the package, whatever the current folder."""
    with pytest.raises(OSError, match=r"refused|reach|assign"):  # it would answer on 0.0.0.0
        socket.create_connection(("127.0.0.2", server.port), timeout=5)
