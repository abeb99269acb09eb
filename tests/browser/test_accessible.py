"""Whoever cannot see the pages well, or at all: axe-core finds nothing serious on any of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotator.service import Service
from tests.annotator.small import event
from tests.browser.labeling import drawn, open_labeler
from tests.browser.server import ROOT, Serve
from tests.browser.test_pages import PAGES
from tests.browser.workspaces import filled

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 23, 26)"}
BACKGROUND = "color => getComputedStyle(document.querySelector('.stApp')).backgroundColor === color"
# As it stands once nothing is under way: what is drawn anew fades for a moment on a slow machine
AT_REST = """(() => {
    const style = document.createElement("style");
    style.textContent = "* { transition: none !important } [data-stale] { opacity: 1 !important }";
    document.head.append(style);
})()"""
RUN = "axe.run(document, { resultTypes: ['violations'] })"


def everything(root: Path) -> Path:
    """Labels, rounds, an export, and an image of which two people say different things."""
    service = Service.open(filled(root))
    first = service.store.labels.current()[0]
    other = next(each for each in service.classes() if each.id != first.class_id)
    said = event(service, service.image(first.image_id), seq=1, client="bert", name=other.name)
    service.record([replace(said, at=said.at + 1)], "bert")
    service.export(service.export_place())
    service.close()
    return root


def found(page: Page, where: str) -> list[str]:
    """What is serious or worse on a page as it stands, light and dark."""
    told = []
    for scheme, color in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function(BACKGROUND, arg=color)
        for each in page.evaluate(RUN)["violations"]:
            if each["impact"] in ("serious", "critical"):
                told += [
                    f"{where}, {scheme}, {each['id']}: {words(node)}" for node in each["nodes"]
                ]
    return told


def words(node: dict[str, Any]) -> str:
    return f"{node['html'][:200]} ({node['failureSummary']})"


def test_axe_finds_nothing_serious_on_any_page_light_and_dark(
    page: Page, serve: Serve, tmp_path: Path
):
    """Names for all that is pressed or seen, contrast of 4.5 to 1, an order to go through it."""
    if not AXE.exists():
        pytest.skip("no axe-core in node_modules; `npm ci` installs it")
    server = serve(everything(tmp_path / "everything"))
    open_labeler(page, server.url)
    page.evaluate(AXE.read_text() + ";" + AT_REST)  # pages are changed without a reload
    told = []
    for name, text in {"everything": "What to do next", **PAGES}.items():
        page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True).click()
        shown = {"Settle": "to settle"}.get(name, text)
        expect(page.get_by_text(shown).first).to_be_visible()
        drawn(page)
        told += found(page, name)
    page.get_by_test_id("stTopNav").get_by_role("link", name="Label", exact=True).click()
    page.get_by_role("button", name="all keys").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    drawn(page)
    told += found(page, "All keys")
    assert told == []
