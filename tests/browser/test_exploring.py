"""The map and likeness on the Data page, and why an image is asked on the Label page."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.labeling import drawn, eventually, open_labeler, passed, press, saved, shown
from tests.browser.server import Serve, Server
from tests.browser.workspaces import filled


@pytest.fixture
def mapped(serve: Serve, tmp_path: Path) -> Server:
    """A filled workspace whose pool lies on a line on the map, in the order of its ids."""
    server = serve(filled(tmp_path / "mapped"))
    service = server.service()
    pool = service.store.images.ids("pool")
    places = np.linspace(-1, 1, len(pool))
    np.save(service.workspace.map, np.column_stack([pool, places, np.zeros(len(pool))]))
    angles = np.linspace(0, 1, 90)
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float16)
    np.save(service.workspace.embeddings, vectors)
    return server


def boxed(page: Page, told: Locator) -> bool:
    """Whether a box was drawn over the map's middle: one drawn while the chart is made is lost."""
    drawn(page)
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.locator("canvas, svg").first.wait_for()
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # charts are drawn once more when their width is known
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    with suppress(TookTooLong):
        told.wait_for(timeout=20_000)
    return told.is_visible()


def test_a_box_on_the_map_is_asked_next_and_says_so(page: Page, mapped: Server):
    """From the mouse to the queue: unlabeled images in the box come first, for that reason."""
    page.goto(f"{mapped.url}/data")
    expect(page.get_by_text("Drag a box")).to_be_visible()
    told = page.get_by_text("of them without a label")
    eventually(lambda: boxed(page, told))
    before = told.inner_text()
    page.get_by_text("entropy", exact=True).click()  # another color keeps the box
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(told).to_have_text(before)
    page.get_by_role("button", name="Ask these next").click()
    expect(page.get_by_text("asked next on the Label page")).to_be_visible()
    service = mapped.service()
    picked = service.store.db.rows("SELECT image_id FROM queue WHERE picked ORDER BY position")
    assert len(picked) > 3
    open_labeler(page, mapped.url)
    assert shown(page) == picked[0]["image_id"]
    expect(page.locator(".reason")).to_have_text("picked on the map by expert")
    press(page, "1")
    saved(page, 1)
    label = next(
        each for each in service.store.labels.current() if each.image_id == picked[0]["image_id"]
    )
    assert label.reason == "picked on the map by expert"


def test_a_click_on_an_image_shows_what_is_like_it(page: Page, mapped: Server):
    """Neighbors by embedding are neighbors by id here; what has a label is not asked."""
    page.goto(f"{mapped.url}/data")
    page.get_by_role("textbox", name="Image", exact=True).fill("cell 79.png")
    page.get_by_role("textbox", name="Image", exact=True).press("Enter")
    likeness = page.get_by_role("button", name="likeness")
    expect(likeness).to_have_count(24)
    service = mapped.service()
    image = service.explore.find("cell 79.png")
    names = {each.name for each, _ in service.explore.like(image.id)}
    assert set(likeness.locator("span").all_inner_texts()) == names
    page.get_by_role("button", name="Ask these next").click()
    expect(page.get_by_text("asked next on the Label page")).to_be_visible()
    reasons = {each.reason for each in service.lease("other", "ben", 5)}
    assert reasons == {"like cell 79.png", "chosen at random"}  # some measure
    likeness.first.click()  # and on, from image to image
    expect(page.get_by_text("cell 79.png").first).to_be_visible()
    page.get_by_role("textbox", name="Image", exact=True).fill("elephant")
    page.get_by_role("textbox", name="Image", exact=True).press("Enter")
    expect(page.get_by_text("No image is named").first).to_be_visible()


def test_each_image_is_shown_with_the_reason_of_the_queue(page: Page, server: Server):
    """What the store says is what the expert reads, image after image."""
    open_labeler(page, server.url)
    service = server.service()
    for _ in range(3):
        image = shown(page)
        asked = service.store.db.value(
            "SELECT reason FROM queue WHERE image_id = :id", {"id": image}
        )
        expect(page.locator(".reason")).to_have_text(asked)
        press(page, "1")
        passed(page, image)


LAST_LETTERS_CUT = """() => [...document.querySelectorAll("*")]
    .flatMap((each) => [...(each.shadowRoot?.querySelectorAll(".grid span") ?? [])])
    .map((line) => {
        const text = line.querySelector("bdi").firstChild, last = document.createRange();
        last.setStart(text, text.length - 1);
        last.setEnd(text, text.length);
        const cut = last.getBoundingClientRect().right > line.getBoundingClientRect().right + 1;
        return [line.scrollWidth > line.clientWidth, cut];
    })"""


def test_a_long_name_is_cut_at_its_start(page: Page, mapped: Server):
    """The end tells one image from another; what comes first is the same in all of a folder."""
    service = mapped.service()
    service.store.db.run("UPDATE image SET name = 'a folder with a long name/' || name")
    page.goto(f"{mapped.url}/data")
    expect(page.get_by_role("button", name="a folder").first).to_be_visible()
    found = page.evaluate(LAST_LETTERS_CUT)
    assert len(found) == 60
    assert all(long and not cut for long, cut in found)


def test_the_quality_page_gives_advice(page: Page, mapped: Server):
    """With two rounds there is no forecast, and the page says why."""
    page.goto(f"{mapped.url}/quality")
    expect(page.get_by_text("Label on or stop?")).to_be_visible()
    expect(page.get_by_text("Too few rounds to say")).to_be_visible()
