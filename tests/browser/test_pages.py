"""Every page renders, whatever the workspace holds."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.service import Service
from tests.browser.labeling import drawn, open_labeler
from tests.browser.server import Serve, Server
from tests.browser.workspaces import filled, workspace

PAGES = {
    "Label": "saved 0",
    "Rounds": "All rounds",
    "Quality": "Look through the pseudo-labels",
    "Review": "on this page decided",
    "Data": "Labels by class",
    "Settle": "What people disagree about",
    "Export": "Export the data set",
    "Settings": "Asking and learning",
}
EMPTY = {
    "Label": "There are no images yet",
    "Rounds": "Does it learn?",
    "Quality": "no round has finished",
    "Review": "Nothing to review yet",
    "Data": "Folder or CSV file on the server",
    "Settle": "Nothing waits to be settled",
    "Export": "No round has finished",
    "Settings": "Asking and learning",
}


def walk(page: Page, url: str, expected: dict[str, str]) -> None:
    """Visit every page; each shows its text, whose workspace it is, and no exception."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(url)
    row = page.get_by_test_id("stTopNav")
    workspace = row.get_by_role("link").first.inner_text().split()[-1]  # after its icon
    drawn(page)  # the server draws its first page: it loads what it needs
    for name, text in {workspace: "What to do next", **expected}.items():
        row.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_text(text).first).to_be_visible()
        expect(page).to_have_title(f"{'Start' if name == workspace else name} · {workspace}")
        expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert failures == []


def test_every_page_renders_in_an_empty_workspace(page: Page, serve: Serve, tmp_path: Path):
    """Pages without anything to show say what to do."""
    Service.create(tmp_path / "empty", ["cat", "dog"])
    walk(page, serve(tmp_path / "empty").url, EMPTY)


def test_every_page_renders_in_a_filled_workspace_and_after_a_class_is_removed(
    page: Page, serve: Serve, tmp_path: Path
):
    """A removed class, used by labels and predictions, breaks no page."""
    server = serve(filled(tmp_path / "filled"))
    walk(page, server.url, PAGES)
    save = page.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_in_viewport()  # though its form is longer than the screen
    service = server.service()
    service.remove_class(service.classes()[1].id)
    walk(page, server.url, PAGES)


def test_without_a_workspace_the_page_says_how_to_make_one(
    page: Page, serve: Serve, tmp_path: Path
):
    """The commands are there, and the page works as soon as the workspace does."""
    server = serve(tmp_path / "missing")
    page.goto(server.url)
    expect(page.get_by_text("No workspace yet")).to_be_visible()
    expect(page.get_by_text("certilabel demo", exact=True)).to_be_visible()
    workspace(tmp_path / "missing", images=3)
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("link", name="Rounds")).to_be_visible()


def test_a_file_name_is_shown_as_text(page: Page, serve: Serve, tmp_path: Path):
    """Markup in a name is neither run nor swallowed, on the Label page and in galleries."""
    names = "<img src=x onerror=alert(1)> {}.png"
    server = serve(workspace(tmp_path / "names", images=3, names=names))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    open_labeler(page, server.url)
    expect(page.locator(".name")).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.locator(".grid button")).to_have_count(3)
    expect(page.locator(".grid span").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert dialogs == []


def test_images_need_a_signed_address(server: Server):
    """The right address gives the picture with safe headers; a changed one gives 403."""
    address = server.service().image_url(1)
    with urllib.request.urlopen(server.url + address) as answer:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "private, max-age=3600"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for wrong in (address.replace("/img/1?", "/img/2?"), "/img/1", address + "&thumb=1"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server.url + wrong)
        with refused.value as answer:
            assert answer.code == 403


@pytest.mark.parametrize("later", [0, 2, 5, 10, 20])
def test_a_page_that_is_left_may_still_speak_and_the_other_one_is_drawn(
    page: Page, server: Server, later: int
):
    """An answer that is pressed milliseconds after the click on another page is no page's end."""
    open_labeler(page, server.url)
    page.evaluate(
        """later => {
            const links = [...document.querySelectorAll("[data-testid=stTopNav] a")];
            links.find(each => each.textContent.includes("Export")).click();
            const key = new KeyboardEvent("keydown", {key: "1", code: "Digit1", bubbles: true});
            setTimeout(() => document.dispatchEvent(key), later);
        }""",
        later,
    )
    expect(page.get_by_text("No round has finished")).to_be_visible()
    drawn(page)
    expect(page.get_by_text("No round has finished")).to_be_visible()
