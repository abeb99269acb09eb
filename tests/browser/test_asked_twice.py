"""A page asks for a second opinion as for any answer, and says with it what its question was."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from annotator.service import Service
from tests.browser.labeling import open_labeler, passed, press, saved
from tests.browser.server import Serve
from tests.browser.workspaces import label, workspace


def test_a_second_opinion_is_given_blind_and_takes_no_label_s_place(
    page: Page, serve: Serve, tmp_path: Path
):
    """Also the one that is undone and given anew: the log has it, and the first answer counts."""
    root = workspace(tmp_path / "twice", images=3, second_opinions=1.0)
    service = Service.open(root)
    label(service, service.images())
    before = service.store.labels.current()
    open_labeler(page, serve(root).url)
    expect(page.locator(".labeler")).to_contain_text("chosen at random")
    first = press(page, "3")
    passed(page, first)
    saved(page, 1)
    page.keyboard.press("u")
    page.locator(f".stage[data-image='{first}']").wait_for()
    assert press(page, "1") == first
    passed(page, first)
    passed(page, press(page, "1"))
    press(page, "1")
    expect(page.locator(".labeler")).to_contain_text("Every image is labeled")
    saved(page, 3)
    rows = service.store.db.rows("SELECT kind, again FROM event WHERE annotator <> 'anna'")
    assert [(row["kind"], row["again"]) for row in rows] == [
        ("label", "second"), ("undo", ""), *[("label", "second")] * 3
    ]  # fmt: skip
    assert service.store.labels.current() == before
    assert service.disagreements() == 2, "two of three classes are not the first"
    service.close()
