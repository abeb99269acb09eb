"""What a test does and sees on the Label page."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from annotator.service import Service

READY = ".stage[data-image] img"


def open_labeler(page: Page, url: str) -> None:
    """Open the Label page and wait until an image can be answered."""
    page.goto(url)
    ready(page)


def ready(page: Page) -> None:
    page.locator(READY).wait_for()
    page.wait_for_function(
        """() => {
            const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
            const picture = host?.shadowRoot?.querySelector('.stage img');
            return picture?.complete && picture.naturalWidth > 0;
        }"""
    )


def shown(page: Page) -> int:
    """The id of the image on the screen."""
    return int(page.locator(".stage").get_attribute("data-image") or 0)


def press(page: Page, key: str) -> int:
    """Press a key; returns the image that was on the screen."""
    image = shown(page)
    page.keyboard.press(key)
    return image


def saved(page: Page, number: int) -> None:
    """Wait until the page says that `number` answers are safe and none is under way."""
    expect(page.locator(".status")).to_have_text(f"saved {number}", timeout=30_000)


def labels(service: Service) -> dict[int, int]:
    """image id -> class id, as an export would have them."""
    return {each.image_id: each.class_id for each in service.store.labels.current()}


def eventually(check: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something that no element of the page tells."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until
        time.sleep(0.05)
