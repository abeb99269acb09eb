"""The room that a picture has on small screens, and what two fingers, gamma and keys make of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Picture
from playwright.sync_api import Browser, Page, expect

from annotator.rounds.places import keep
from annotator.store.queue import Ask
from tests.annotator.clusters import clusters
from tests.browser.labeling import PATIENCE, eventually, open_labeler, painted, press, ready, saved
from tests.browser.server import Serve, Server
from tests.browser.workspaces import label, quiet, workspace

LONG = tuple(f"carcinoma of the large airways, grade {number}" for number in range(1, 13))
GRAY = 100  # of the first
# Whether all pictures of the strip have come
THERE = """() => {
    const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
    const pictures = [...host.shadowRoot.querySelectorAll('.strip img')];
    return pictures.every(({complete, naturalWidth}) => complete && naturalWidth);
}"""


@pytest.fixture(scope="module")
def scans(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Twelve classes of long names, and scans of one gray that stand."""
    root = tmp_path_factory.mktemp("room") / "work"
    server = serve(workspace(root, images=1, classes=LONG))
    source = Path(root.parent / "scans")
    source.mkdir()
    for number in range(30):
        Picture.new("L", (300, 400), GRAY + number).save(source / f"{number}.png")
    service = server.service()
    service.store.queue.settle([image.id for image in service.images()])
    service.import_source(source)
    quiet(service)
    keep(clusters(service.store.images.newest())[0], service.workspace.embeddings)
    pool = service.store.images.ids("pool")
    label(service, [service.image(each) for each in pool[-5:]])
    service.store.queue.replace([Ask(each, "a close call", 0.5) for each in pool[1:-5]])
    return server


def gray(page: Page) -> int:
    """Of the middle of the stage."""
    shot = Picture.open(BytesIO(page.locator(".stage").screenshot())).convert("L")
    return int(shot.getpixel((shot.width // 2, shot.height // 2)))


def test_a_scan_has_the_height_and_the_column_stays_folded(browser: Browser, scans: Server):
    """Twelve long names on a small screen; then fingers, gamma, a next image and a reload."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, has_touch=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    open_labeler(page, scans.url)

    picture, stage = page.locator(".picture"), page.locator(".stage")
    box, room = picture.bounding_box(), stage.bounding_box()
    assert box
    assert room
    assert box["height"] >= 0.7 * 720
    for number in range(12):
        button = page.locator(".choices button").nth(number).bounding_box()
        assert button
        assert button["x"] >= room["x"] + room["width"], "beside the stage"
        assert button["y"] + button["height"] <= 720, "in sight"

    fingers = context.new_cdp_session(page)
    x, y = room["x"] + room["width"] / 2, room["y"] + room["height"] / 2
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80)):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    twice = pytest.approx(2 * box["height"], rel=0.02)
    eventually(lambda: (picture.bounding_box() or box)["height"] == twice)
    assert page.evaluate("visualViewport.scale") == 1, "the page itself is not zoomed"

    plain = gray(page)
    page.mouse.move(x, y)
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Shift")
    expect(page.locator("feFuncR")).not_to_have_attribute("exponent", "1")
    assert abs(gray(page) - 255 * (plain / 255) ** (1 / 1.1**3)) <= 1.5
    page.get_by_role("button", name="reset").click()
    assert gray(page) == plain

    page.keyboard.press(",")
    wide = stage.bounding_box()
    assert wide
    assert wide["width"] > room["width"] + 150
    page.keyboard.press("Space")
    painted(page)
    page.reload()
    ready(page)
    expect(page.get_by_role("button", name="wide")).to_have_attribute("aria-pressed", "true")
    assert stage.bounding_box() == wide
    page.keyboard.press(",")
    expect(page.locator(".st-key-label_aside")).to_be_visible()

    page.keyboard.press(".")
    groups = page.locator(".strip figure")
    expect(groups).to_have_count(len(LONG))
    labels = scans.service().store.labels.current("pool")
    expect(page.locator(".strip img")).to_have_count(len({each.class_id for each in labels}))
    page.wait_for_function(THERE)
    image = press(page, "2")
    saved(page, 1)
    (given,) = (each for each in scans.service().store.labels.current() if each.image_id == image)
    assert not given.suggestion_shown
    context.close()
