"""No request leaves the machine: every page is walked where all but loopback is refused."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Playwright, expect

from tests.annotator.ui.test_text import LEADING_OUT
from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.labeling import open_labeler, press, saved
from tests.browser.server import ROOT, Serve, Server
from tests.browser.serving import serving
from tests.browser.test_pages import PAGES, walk
from tests.browser.test_who_may_talk import KNOCK
from tests.browser.workspaces import filled

# Runs at the start of every Python of the server, its worker included
WATCH = """
import os, sys
HERE = {"localhost", "127.0.0.1", "::1", "", "0.0.0.0", "::"}
EVENTS = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}

def watch(event, args):
    if event not in EVENTS:
        return
    target = args[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else args[1]
    if isinstance(target, tuple):
        target = target[0]
    if isinstance(target, bytes):
        target = target.decode(errors="replace")
    if target is None or target in HERE or (isinstance(target, str) and target.startswith("/")):
        return
    with open(os.environ["WATCHED"], "a") as log:
        log.write(f"{event} {target} {sys.argv[:3]}\\n")
    raise PermissionError(f"no network: {event} {target}")

sys.addaudithook(watch)
"""


@pytest.fixture
def watched(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Server, Path]:
    """A server whose processes are refused every address but loopback, and what they tried."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "tried"
    log.touch()
    paths = [str(tmp_path / "watch"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.setenv("WATCHED", str(log))
    return serve(filled(tmp_path / "filled")), log


def test_no_page_and_no_process_asks_anything_of_another_machine(
    playwright: Playwright, watched: tuple[Server, Path]
):
    """Labels are given, every page is walked, and a foreign page knocks."""
    server, log = watched
    flags = [*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    open_labeler(page, server.url)
    press(page, "1")
    saved(page, 1)
    walk(page, server.url, PAGES)
    stream = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    page.goto("about:blank")  # its origin is "null", as foreign as any
    assert page.evaluate(KNOCK, [stream, ["streamlit"]]) == "refused"
    browser.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts - {None} == {"127.0.0.1"}
    assert log.read_text() == ""


def test_every_page_works_under_the_policy(page: Page, serve: Serve, tmp_path: Path):
    """The browser refuses nothing that a page of ours wants, and runs nothing that it does not."""
    server = serve(filled(tmp_path / "filled"))
    refused: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if re.search(r"content security policy|refused to|mime", message.text, re.IGNORECASE):
            refused.append(message.text)

    page.on("console", listen)
    open_labeler(page, server.url)
    press(page, "1")
    saved(page, 1)
    walk(page, server.url, PAGES)
    page.goto(f"{server.url}/rounds")
    expect(page.locator("[data-testid=stVegaLiteChart] canvas, svg.marks").first).to_be_visible()
    page.goto(f"{server.url}/data")
    expect(page.locator(".grid img").first).to_be_visible()
    page.get_by_text("Import", exact=True).first.click()
    picture = tmp_path / "more.png"
    picture.write_bytes((next((tmp_path / "filled source").iterdir())).read_bytes())
    page.locator("input[type=file]").first.set_input_files(picture)
    page.get_by_role("button", name="Import").last.click()
    expect(page.get_by_text("1 was there already")).to_be_visible()
    assert refused == []
    ran = page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
            return window.ran === true;
        }"""
    )
    assert not ran
    assert any("script" in text for text in refused)


SHOWS = """
import streamlit as st
from annotator.ui.parts.text import plain

for text in {texts!r}:
    st.error(plain(text))
    st.caption(plain(text))
st.exception(ValueError("secret"))
1 / 0
"""


def test_an_error_box_leads_nowhere_outside(page: Page, tmp_path: Path):
    """Streamlit's own offers to ask a search engine; and of an address it would make a link."""
    script = tmp_path / "app.py"
    script.write_text(SHOWS.format(texts=LEADING_OUT))
    shutil.copytree(ROOT / "annotator" / "ui" / "web" / ".streamlit", tmp_path / ".streamlit")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port"]
    with serving(command, tmp_path / "log", tmp_path) as url:
        page.goto(url)
        expect(page.locator("[data-testid=stException]").first).to_be_visible()
        boxes = page.locator("[data-testid=stAlert]").all_inner_texts()
        links = page.locator("a[href]").evaluate_all("all => all.map(each => each.href)")
    assert tuple(text.strip() for text in boxes[: len(LEADING_OUT)]) == LEADING_OUT
    assert [link for link in links if urlsplit(link).hostname != "127.0.0.1"] == []
