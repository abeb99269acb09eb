"""Who may talk to the app, tried from a real browser: another name, a foreign page, a frame."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import FLAGS, chromium_path
from tests.browser.labeling import open_labeler
from tests.browser.server import Server

EVIL = "evil.example"
PLACES = ["/", "/rounds", "/img/1", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/media/a"]


@pytest.fixture(scope="module")
def rebound(playwright: Playwright) -> Iterator[Browser]:
    """A browser for which another name is this machine, as a rebound name server would have it."""
    rules = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, rules])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """The address of an empty page that is not ours, on another port of this machine."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>foreign</title><body>")

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


KNOCK = """([address, protocols]) => new Promise(done => {
    const socket = new WebSocket(address, protocols);
    socket.onopen = () => done('open');
    socket.onerror = () => done('refused');
})"""


def test_a_page_on_another_name_is_refused(rebound: Browser, server: Server):
    """The name leads to this machine, and yet neither page, picture, upload nor websocket opens."""
    context = rebound.new_context()
    page = context.new_page()
    away = server.url.replace("127.0.0.1", EVIL)
    for place in PLACES:
        answer = page.goto(away + place)
        assert answer is not None
        assert answer.status == 421, place
        assert "does not answer to that name" in page.content()
    picture = server.service().image_url(1)
    assert page.goto(away + picture).status == 421  # type: ignore[union-attr]
    stream = away.replace("http", "ws", 1) + "/_stcore/stream"
    assert page.evaluate(KNOCK, [stream, ["streamlit"]]) == "refused"
    statuses = page.evaluate(
        "async address => { const answer = await fetch(address, {method: 'PUT', body: 'x'});"
        " return answer.status; }",
        away + "/_stcore/upload_file/a/b",
    )
    assert statuses == 421
    context.close()


def test_a_name_that_leads_here_is_what_the_test_says(rebound: Browser, server: Server):
    """The same browser opens the app by a name that it knows: the rule maps, the server refuses."""
    context = rebound.new_context()
    page = context.new_page()
    open_labeler(page, server.url)
    context.close()


def test_a_foreign_page_can_neither_speak_nor_read(page: Page, server: Server, foreign: str):
    """Its websocket and requests are refused, and so is a picture with a valid address."""
    page.goto(foreign)
    stream = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    assert page.evaluate(KNOCK, [stream, ["streamlit"]]) == "refused"
    for place in PLACES:
        for options in ({}, {"mode": "no-cors"}, {"method": "POST", "mode": "no-cors"}):
            got = page.evaluate(
                "([a, o]) => fetch(a, o).then(() => 'answered', () => 'refused')",
                [server.url + place, options],
            )
            assert got == "refused", (place, options)
    drawn = page.evaluate(
        """address => new Promise(done => {
            const picture = new Image();
            picture.onload = () => done('shown');
            picture.onerror = () => done('refused');
            picture.src = address;
        })""",
        server.url + server.service().image_url(1),
    )
    assert drawn == "refused"


def test_the_app_does_not_show_in_a_frame(page: Page, server: Server, foreign: str):
    """Of a foreign page, nor of its own: nobody clicks through to it unseen."""
    for outer in (foreign, server.url):
        refusals: list[str] = []
        page.on("console", lambda message, seen=refusals: seen.append(message.text))
        page.goto(outer)
        page.evaluate(
            """address => {
                const frame = document.createElement('iframe');
                frame.src = address;
                document.body.append(frame);
            }""",
            server.url,
        )
        page.wait_for_timeout(2000)
        [_, inner] = page.frames
        assert inner.locator("[data-testid=stApp]").count() == 0
        assert inner.url.startswith("chrome-error:") or inner.url == "about:blank"
        assert any("frame" in text.lower() for text in refusals), refusals


def test_a_link_from_a_foreign_page_opens_the_app(page: Page, server: Server, foreign: str):
    """People keep the address in a wiki or a message."""
    page.goto(foreign)
    page.evaluate(
        """address => {
            const link = document.createElement('a');
            link.href = address;
            link.textContent = 'label';
            document.body.append(link);
        }""",
        server.url,
    )
    page.get_by_text("label").click()
    expect(page.get_by_role("link", name="Rounds")).to_be_visible()


def test_every_answer_carries_the_headers(server: Server):
    """Page, script, health, picture, what is not there, and a refusal."""
    paths = ["/", "/rounds", "/_stcore/health", "/_stcore/host-config", "/img/1", "/media/none"]
    paths += [server.service().image_url(1), "/component/none", "/_stcore/metrics"]
    for path in paths:
        for host in ("localhost", EVIL):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            assert "frame-ancestors 'none'" in said["content-security-policy"], path
            assert said["x-content-type-options"] == "nosniff", path
            assert (answer.status == 421) == (host == EVIL), path
            connection.close()
