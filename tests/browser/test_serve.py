"""`certilabel serve` as it is started on a network: refused open, entered by a token or a proxy."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from annotator.service import Service
from tests.browser.labeling import PATIENCE, open_labeler, press, saved
from tests.browser.serving import serving
from tests.browser.workspaces import workspace

CERTILABEL = [sys.executable, "-c", "from annotator.cli import main; main()"]


def status(url: str, path: str, headers: dict[str, str] | None = None) -> int:
    """What the server answers to one request."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request("GET", path, headers=headers or {})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_open_to_a_network_and_without_a_login_it_does_not_start(tmp_path: Path):
    """In one sentence, with both ways out."""
    work = workspace(tmp_path / "work", images=1)
    command = [*CERTILABEL, "serve", str(work), "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"Error: .*`--token`.*`--auth`.*\n", done.stderr)


def test_a_token_opens_the_app_once_and_the_cookie_after_that(page: Page, tmp_path: Path):
    """The printed address works, then reloads and new tabs do; another browser is refused."""
    work = workspace(tmp_path / "work", images=70)
    log = tmp_path / "log"
    command = [*CERTILABEL, "serve", str(work), "--host", "0.0.0.0", "--allow-host", "127.0.0.1"]
    with serving([*command, "--token", "--port"], log, tmp_path) as url:
        picture = Service.open(work).image_url(1)
        for path in ("/", "/rounds", "/_stcore/host-config", picture, "/?token=wrong"):
            assert status(url, path) == 401, path
        page.goto(url)
        expect(page.get_by_text("it holds the access token")).to_be_visible()
        [printed] = re.findall(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", log.read_text())
        open_labeler(page, printed)
        assert page.url == f"{url}/"
        press(page, "1")
        saved(page, 1)
        page.reload()
        tab = page.context.new_page()
        open_labeler(tab, url)
        assert "token" not in tab.evaluate("document.cookie + document.referrer")
        cookies = [each for each in page.context.cookies() if each["name"].startswith("certilabel")]
        assert [(each["httpOnly"], each["sameSite"]) for each in cookies] == [(True, "Lax")]
        assert "http" not in re.sub(r"Certilabel is on \S+", "", log.read_text())


def test_a_proxy_s_name_is_written_with_each_answer(browser: Browser, tmp_path: Path):
    """Whoever comes past the proxy without a name is told so."""
    work = workspace(tmp_path / "work", images=3)
    command = [*CERTILABEL, "serve", str(work), "--auth", "header:X-Remote-User", "--port"]
    with serving(command, tmp_path / "log", tmp_path) as url:
        assert status(url, "/") == 401
        context = browser.new_context(extra_http_headers={"X-Remote-User": "anna@example.org"})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        open_labeler(page, url)
        press(page, "1")
        saved(page, 1)
        context.close()
    [label] = Service.open(work).store.labels.current()
    assert label.annotator == "anna@example.org"
