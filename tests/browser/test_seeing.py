"""Zoom, light and the shortest look, on the pixels that the browser shows."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from tests.browser.labeling import labels, open_labeler, painted, saved, shown
from tests.browser.server import Serve, Server
from tests.browser.workspaces import quiet, workspace


@pytest.fixture(scope="module")
def seeing(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A workspace whose images have a left half that is dark and a right half that is light."""
    root = tmp_path_factory.mktemp("seeing") / "work"
    server = serve(workspace(root, images=30))
    halves = Path(root.parent / "halves")
    halves.mkdir()
    for number in range(120):  # each open page holds thirty
        picture = Picture.new("L", (600, 400), 30 + number % 60)
        picture.paste(170 + number % 60 + number // 60, (300, 0, 600, 400))
        picture.save(halves / f"half {number}.png")
    service = server.service()
    for image in service.images(limit=100):  # the halves are all there is to ask
        service.store.queue.settle([image.id])
    service.import_source(halves)
    return server


def colors(page: Page) -> tuple[int, int]:
    """The gray just left and right of the middle of the stage."""
    shot = Picture.open(BytesIO(page.locator(".stage").screenshot())).convert("L")
    middle = shot.height // 2
    return shot.getpixel((shot.width // 4, middle)), shot.getpixel((shot.width * 3 // 4, middle))


def find_half(page: Page) -> None:
    while not page.locator(".name").inner_text().startswith("half"):
        page.keyboard.press("Space")
        page.wait_for_timeout(50)
    painted(page)


def test_the_picture_is_zoomed_moved_and_lit_and_the_next_one_is_plain(page: Page, seeing: Server):
    """What the pixels of the screen say; nothing of it is an answer."""
    open_labeler(page, seeing.url)
    find_half(page)
    answered = labels(seeing.service())
    dark, light = colors(page)
    assert dark + 100 < light
    box = page.locator(".stage").bounding_box()
    assert box
    at = (box["x"] + box["width"] * 0.65, box["y"] + box["height"] / 2)
    page.mouse.move(*at)
    for _ in range(8):
        page.mouse.wheel(0, -100)
        page.wait_for_timeout(30)
    assert colors(page) == (light, light), "the light half fills the stage"
    page.mouse.down()
    page.mouse.move(at[0] + 4000, at[1], steps=4)
    page.mouse.up()
    assert colors(page) == (dark, dark), "the drag ended at the left edge"
    page.keyboard.press("Home")
    assert colors(page) == (dark, light)
    page.get_by_role("button", name="invert").click()
    assert colors(page) == (255 - dark, 255 - light)
    page.get_by_role("button", name="reset").click()
    page.mouse.move(*at)
    page.mouse.down(button="right")
    page.mouse.move(at[0], at[1] - 60, steps=4)
    page.mouse.up(button="right")
    assert colors(page)[0] > dark * 1.15
    expect(page.locator(".status")).to_contain_text("saved")
    assert labels(seeing.service()) == answered
    page.keyboard.press("Space")
    find_half(page)
    now = colors(page)
    assert abs((now[1] - now[0]) - (light - dark)) <= 1, "the next image is seen as it is"


def test_a_kept_view_stays_from_image_to_image(page: Page, seeing: Server):
    """Inverted and kept, the next one is inverted too."""
    open_labeler(page, seeing.url)
    find_half(page)
    page.get_by_role("button", name="keep").click()
    page.get_by_role("button", name="invert").click()
    before = colors(page)
    assert before[0] > before[1]
    page.keyboard.press("Space")
    find_half(page)
    after = colors(page)
    assert after[0] > after[1]


def test_a_key_counts_once_its_image_was_looked_at(page: Page, seeing: Server):
    """With a shortest look of two seconds an early press is not counted, and the page says so."""
    service = seeing.service()
    service.save_settings(replace(service.settings(), least_look=2000))
    try:
        open_labeler(page, seeing.url)
        image = shown(page)
        page.keyboard.press("1")
        expect(page.locator(".status")).to_contain_text("pressed before it was seen: not counted")
        assert shown(page) == image
        page.wait_for_timeout(2100)
        page.keyboard.press("1")
        saved(page, 1)
        assert image in labels(service)
    finally:
        service.save_settings(replace(service.settings(), least_look=0))


def test_a_scan_comes_in_the_size_of_the_stage_and_whole_once_one_looks_closer(
    page: Page, serve: Serve, tmp_path: Path
):
    """A stripe that is a pixel wide is seen at true pixels, and what is known stands beside it."""
    server = serve(workspace(tmp_path / "work", images=2))
    scan = Picture.new("L", (3000, 4000), 200)
    scan.paste(0, (1500, 0, 1501, 4000))
    (tmp_path / "scans").mkdir()
    scan.save(tmp_path / "scans" / "scan.png")
    service = server.service()
    service.store.queue.settle([image.id for image in service.images()])
    service.import_source(tmp_path / "scans")
    quiet(service)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_labeler(page, server.url)
    while page.locator(".name").inner_text() != "scan.png":
        page.keyboard.press("Space")
        painted(page)
    pictures = [address for address in asked if f"/img/{shown(page)}?" in address]
    assert pictures
    assert all("display=1" in address for address in pictures), "it is not fetched whole"
    page.get_by_role("button", name="1:1", exact=True).click()
    page.locator(".picture img").wait_for()
    expect(page.locator(".told")).to_be_empty()
    assert any("display" not in each for each in asked if f"/img/{shown(page)}?" in each)
    shot = Picture.open(BytesIO(page.locator(".stage").screenshot())).convert("L")
    row = [shot.getpixel((x, shot.height // 2)) for x in range(5, shot.width - 5)]
    assert min(row) < 110, "a picture of 1,400 pixels has a third of that dark"
    assert sum(gray < 150 for gray in row) <= 2, "and it is no wider than it was"
    page.get_by_role("button", name="about", exact=True).click()
    expect(page.locator(".facts")).to_contain_text("3,000 × 4,000 pixels")
    expect(page.locator(".facts")).to_contain_text("scan.png")
