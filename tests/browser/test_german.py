"""Somebody whose browser is German reads German, labels, and may choose English."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.labeling import open_labeler, passed, press
from tests.browser.server import Server


def test_a_german_browser_reads_german_until_english_is_chosen(browser: Browser, server: Server):
    """On a small screen: the row of pages, the labeler with its keys, and the way back."""
    context = browser.new_context(locale="de-DE", viewport={"width": 1280, "height": 720})
    page = context.new_page()
    open_labeler(page, server.url)
    expect(page.get_by_role("link", name="Einstellungen")).to_be_visible()
    expect(page.locator(".progress")).to_contain_text(" annotiert")
    expect(page.locator(".status")).to_have_text("gespeichert 0")
    expect(page.get_by_role("button", name="Verkleinern")).to_be_visible()
    expect(page.get_by_role("img", name="Zu annotierendes Bild")).to_be_visible()
    hints = page.locator(".hints button")
    tops = {hints.nth(place).bounding_box()["y"] for place in range(hints.count())}  # type: ignore[index]
    assert max(tops) - min(tops) < 10  # pixels: in one row, so that the picture has its height
    passed(page, press(page, "1"))
    expect(page.locator(".status")).to_have_text("gespeichert 1")
    assert page.evaluate("document.documentElement.lang") == "de"

    page.goto(f"{server.url}/settings")
    expect(page.get_by_role("combobox", name="Auswahlstrategie")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("combobox", name="Asking policy")).to_be_visible()
    page.reload()
    expect(page.get_by_role("combobox", name="Asking policy")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    context.close()
