"""Two people at one workspace: who is given what, and how long anybody waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.service import Service
from tests.browser.labeling import (
    PATIENCE,
    eventually,
    open_labeler,
    painted,
    press,
    ready,
    saved,
    shown,
)
from tests.browser.server import Serve, Server
from tests.browser.workspaces import workspace

SILENCE = 2.0  # seconds, in place of 16: what takes minutes then takes seconds
WAITS = 25.0 * SILENCE / 16  # seconds: the longest that anybody may wait for a free image
SLACK = 10.0  # seconds that a page takes to draw beside other tests


@pytest.fixture
def short(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with shortened leases, and four images."""
    monkeypatch.setenv("CERTILABEL_SILENCE", str(SILENCE))
    return serve(workspace(tmp_path / "short", images=4))


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """Somebody else's browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def holders(service: Service) -> dict[int, str]:
    rows = service.store.db.rows("SELECT image_id, holder FROM queue WHERE holder IS NOT NULL")
    return {row["image_id"]: row["holder"] for row in rows}


def test_an_image_that_is_looked_at_for_minutes_is_nobody_elses(
    page: Page, other: Page, short: Server
):
    """As long as fifteen leases: four minutes of the real ones. Then it is answered, once."""
    open_labeler(page, short.url)
    looked_at = shown(page)
    open_labeler(other, short.url)
    given = []
    until = time.monotonic() + 15 * SILENCE
    while time.monotonic() < until:
        if other.locator(".stage[data-image]").count():
            given.append(press(other, "2"))
        other.wait_for_timeout(500)
    assert shown(page) == looked_at
    assert looked_at not in given
    assert len(set(given)) == len(given) == 3, "all others came to whoever was there"
    press(page, "1")
    saved(page, 1)
    service = short.service()
    assert service.progress().labeled == 4
    assert service.store.db.value("SELECT COUNT(*) FROM event WHERE kind = 'label'") == 4


def test_a_closed_page_leaves_its_images_at_once(page: Page, other: Page, short: Server):
    """Its farewell frees them: nobody waits for the silence."""
    open_labeler(page, short.url)
    service = short.service()
    eventually(lambda: len(holders(service)) == 4)
    page.close()
    eventually(lambda: not holders(service), SILENCE / 2 + 2)
    open_labeler(other, short.url)
    expect(other.locator(".stage[data-image]")).to_be_visible()


def test_a_page_that_dies_is_waited_for_no_longer_than_promised(
    page: Page, other: Page, short: Server
):
    """It says nothing more, not even that it goes; whoever waits gets its images unasked."""
    open_labeler(page, short.url)
    service = short.service()
    eventually(lambda: len(holders(service)) == 4)
    service.store.db.run("DELETE FROM queue WHERE image_id <> :id", {"id": shown(page)})
    for image in service.images():
        if image.id != shown(page):
            service.answer_anew([image.id], service.classes()[0].id)
    other.goto(short.url)
    expect(other.get_by_text("Nothing to ask right now")).to_be_visible()
    page.context.set_offline(True)
    began = time.monotonic()
    ready(other)
    assert time.monotonic() - began < WAITS + SLACK


def test_a_reload_keeps_what_the_page_held(page: Page, other: Page, short: Server):
    """The farewell of the old page does not free what the new one has."""
    open_labeler(page, short.url)
    before = shown(page)
    page.reload()
    ready(page)
    assert shown(page) == before
    open_labeler(other, short.url)
    page.wait_for_timeout(int(2 * SILENCE * 1000))
    assert shown(other) != before
    assert holders(short.service())[before] != holders(short.service())[shown(other)]


def test_two_tabs_of_one_person_are_asked_different_images(page: Page, short: Server):
    """And go on so while both lie open."""
    open_labeler(page, short.url)
    twin = page.context.new_page()
    open_labeler(twin, short.url)
    for _ in range(4):
        assert shown(page) != shown(twin)
        page.wait_for_timeout(int(SILENCE * 1000))
    first, second = press(page, "1"), press(twin, "2")
    saved(page, 1)
    saved(twin, 1)
    assert first != second


def test_two_answers_after_a_cut_are_both_kept_and_listed(page: Page, other: Page, short: Server):
    """The image went on to somebody else; the first page says so, and its answer counts too."""
    open_labeler(page, short.url)
    image = shown(page)
    page.context.set_offline(True)
    open_labeler(other, short.url)
    service = short.service()
    for number in range(1, 5):
        expect(other.locator(".stage[data-image]")).to_be_visible()
        press(other, "2")
        saved(other, number)
    page.context.set_offline(False)
    expect(page.locator(".notice")).to_contain_text("somebody else was given this image")
    painted(page)
    page.keyboard.press("1")
    saved(page, 1)
    first, second, *_ = service.classes()
    assert {each.class_id for each in service.answers_to(image)} == {first.id, second.id}


def test_a_cut_of_the_network_loses_and_doubles_nothing(page: Page, short: Server):
    """Longer than ten leases; what was pressed meanwhile is stored as it was pressed."""
    open_labeler(page, short.url)
    given = {press(page, "1")}
    saved(page, 1)
    page.context.set_offline(True)
    given.add(press(page, "2"))
    given.add(press(page, "3"))
    page.wait_for_timeout(int(10 * SILENCE * 1000))
    page.context.set_offline(False)
    saved(page, 3)
    service = short.service()
    assert len(given) == 3
    labels = {each.image_id: each.class_id for each in service.store.labels.current()}
    assert labels.keys() == given
    assert service.store.db.value("SELECT COUNT(*) FROM event") == 3
