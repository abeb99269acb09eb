"""What an expert who labels sees of the rounds, without reloading the page."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from playwright.sync_api import Page, expect

from annotator.model import Image
from annotator.service import Service
from annotator.store.queue import Ask
from tests.browser.labeling import eventually, open_labeler, press, saved, shown
from tests.browser.server import Serve, Server
from tests.browser.workspaces import finish_round, label, workspace


def reserved(service: Service) -> list[Image]:
    return service.images(kind="test", limit=1000)


def test_before_the_first_round_the_page_says_how_it_goes(page: Page, server: Server):
    """Keys, when a round starts, and where its result will be."""
    open_labeler(page, server.url)
    expect(page.get_by_text("Press the key of the image’s class")).to_be_visible()
    expect(page.get_by_text("Start a round on the Rounds page whenever you like")).to_be_visible()
    expect(page.locator(".choices kbd")).to_have_text(["1", "2", "3"])


def test_a_finished_round_shows_its_result_and_its_questions_without_a_reload(
    page: Page, serve: Serve, tmp_path: Path
):
    """The image on the screen stays; the new model's questions follow; the result has a link."""
    server = serve(workspace(tmp_path / "round", images=200))
    service = server.service()
    label(service, service.images(limit=12))
    open_labeler(page, server.url)
    image = shown(page)
    finish_round(service)
    chosen = [each.id for each in service.images(limit=200)][-5:]
    service.store.queue.replace([Ask(each, "asked by the new model") for each in chosen])
    expect(page.get_by_text("Round 1", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="See the learning curve")).to_be_visible()
    assert shown(page) == image
    for number in range(1, 5):
        press(page, "1")
        saved(page, number)
        if page.locator(".reason").inner_text() == "asked by the new model":
            break
    assert shown(page) in chosen
    page.get_by_role("link", name="See the pseudo-labels").click()
    expect(page.get_by_text("Look through the pseudo-labels")).to_be_visible()


def test_the_result_follows_the_test_labels_as_they_come_in(
    page: Page, serve: Serve, tmp_path: Path
):
    """Accuracy appears with the first test label, and n grows with every further one."""
    server = serve(workspace(tmp_path / "measured", images=60))
    service = server.service()
    finish_round(service)
    open_labeler(page, server.url)
    expect(page.get_by_text("No test image is labeled yet")).to_be_visible()
    first, *others = reserved(service)
    label(service, [first], "one")
    expect(page.get_by_text("n = 1", exact=False).first).to_be_visible()
    label(service, others[:2], "two")
    expect(page.get_by_text("n = 3", exact=False).first).to_be_visible()


def test_a_worker_that_dies_is_started_again_by_the_open_page(
    page: Page, serve: Serve, tmp_path: Path
):
    """Rounds go on after the system has ended the worker, without anybody pressing anything."""
    server = serve(workspace(tmp_path / "killed", images=30))
    service = server.service()
    open_labeler(page, server.url)
    eventually(lambda: bool(service.store.workers.all()))
    (first,) = (each.pid for each in service.store.workers.all())
    os.kill(first, signal.SIGKILL)
    eventually(lambda: any(each.pid != first for each in service.store.workers.all()))
    expect(page.get_by_text("No worker is running")).to_have_count(0)
