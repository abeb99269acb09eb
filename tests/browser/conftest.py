"""A real server and a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.labeling import PATIENCE
from tests.browser.server import Serve, Server
from tests.browser.workspaces import idle, workspace

expect.set_options(timeout=PATIENCE)

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --single-threaded-gc",  # a page lives too shortly to win by either
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def serving(folders: pytest.TempPathFactory) -> Iterator[Serve]:
    """Lend what starts a server for a workspace; all of them end with the loan."""
    servers: list[Server] = []

    def start(root: Path) -> Server:
        server = Server(root, folders.mktemp("served") / "server.log")
        servers.append(server)
        server.start()
        return server

    try:
        yield start
    finally:
        for server in servers:
            server.kill()
            idle(server.root)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start a server for a workspace; it ends with the file of tests."""
    with serving(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server that most tests share; each browser tab is asked about other images."""
    with serving(tmp_path_factory) as start:
        yield start(workspace(tmp_path_factory.mktemp("shared") / "shared", images=700))


def chromium_path() -> str:
    """Where Chromium is; without one the test is skipped.

    The one without windows is preferred: it draws a page with half of the processor's time.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    path = os.environ.get("CHROMIUM") or found or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip(f"no Chromium at {path}; install it, or name it in the variable CHROMIUM")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session", autouse=True)
def _patient() -> Iterator[None]:
    """A click while the page's script runs may hit what is drawn anew in that moment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "check", "uncheck"):
            patch.setattr(Locator, name, _at_rest(getattr(Locator, name)))
        yield


def _at_rest(act: Callable[..., None]) -> Callable[..., None]:
    @wraps(act)
    def acting(locator: Locator, *given: Any, **options: Any) -> None:
        running = locator.page.locator("[data-testid=stApp][data-test-script-state=running]")
        with suppress(TookTooLong):  # a script may run for as long as what it shows
            locator.wait_for(state="attached")  # it may be what that script draws
            running.wait_for(state="detached", timeout=30_000)
        act(locator, *given, **options)

    return acting


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab with nothing remembered from other tests, in which nothing moves for show."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
