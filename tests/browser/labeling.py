"""What a test does and sees on the Label page."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from annotator.service import Service

PATIENCE = 120_000  # ms: other tests run beside these, and a machine may be slow
READY = ".stage[data-image] .picture"


def open_labeler(page: Page, url: str) -> None:
    """Open the Label page and wait until an image can be answered."""
    page.goto(url)
    ready(page)


def ready(page: Page) -> None:
    page.locator(READY).wait_for()
    painted(page)


def visit(page: Page, address: str, heading: str) -> None:
    """Open another page, and wait until it is drawn as far as this heading."""
    page.goto(address)
    page.get_by_role("heading", name=heading).first.wait_for()


def painted(page: Page) -> None:
    """Wait until the image on the screen was seen: before that no class key counts."""
    page.wait_for_function(
        """() => {
            const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
            const stage = host?.shadowRoot?.querySelector('.stage');
            return stage?.dataset.image && stage.dataset.painted === stage.dataset.image;
        }"""
    )


def shown(page: Page) -> int:
    """The id of the image on the screen, once there is one."""
    return int(page.locator(".stage[data-image]").get_attribute("data-image") or 0)


def passed(page: Page, image: int) -> None:
    """Wait until another image than this one is on the screen; there may be none for a while."""
    page.locator(f".stage[data-image]:not([data-image='{image}'])").wait_for()


def press(page: Page, key: str) -> int:
    """Press a key once its image was seen; returns the image that was on the screen."""
    if key[-1].isdecimal() or (len(key) == 1 and key != "u"):  # "Numpad3" too
        painted(page)
    image = shown(page)
    page.keyboard.press(key)
    return image


def saved(page: Page, number: int) -> None:
    """Wait until the page says that `number` answers are safe and none is under way."""
    expect(page.locator(".status")).to_have_text(f"saved {number}")


def drawn(page: Page) -> None:
    """Wait until no dialog is open and the page's script has ended: what it draws stays."""
    expect(page.get_by_test_id("stDialog")).to_be_hidden()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def labels(service: Service) -> dict[int, int]:
    """image id -> class id, as an export would have them."""
    return {each.image_id: each.class_id for each in service.store.labels.current()}


def eventually(check: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for something that no element of the page tells."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until
        time.sleep(0.05)
