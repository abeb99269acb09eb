"""Window and level on the numbers of deep pictures, read from the page's own canvas."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from annotator.store.queue import Ask
from tests.browser.labeling import labels, open_labeler, painted, shown
from tests.browser.server import Serve, Server
from tests.browser.workspaces import quiet, workspace

THEIRS = Path(pydicom.__file__).parent / "data" / "test_files"
LUNG, BRAIN = (-600, 1500), (40, 80)  # center and width
ROW = 30_000  # where the ramp begins
WIDE = 200  # pixels of the ramp, one number each

# The gray of every pixel of a layer of the picture on the stage: 2 is its numbers, 0 its bitmap
GRAYS = """() => {
    const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
    const canvas = [...host.shadowRoot.querySelectorAll('.picture canvas')].at(-1);
    const {width, height} = canvas;
    const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
    const gray = [];
    for (let place = 0; place < data.length; place += 4) gray.push(data[place]);
    return {width, height, gray};
}"""


@pytest.fixture(scope="module")
def served(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A CT and an MR slice of pydicom's, and two ramps that are one gray in 8 bits."""
    root = tmp_path_factory.mktemp("deep") / "work"
    server = serve(workspace(root, images=4))
    source = Path(root.parent / "deep")
    source.mkdir()
    for name in ("CT_small.dcm", "MR_small.dcm"):
        shutil.copy(THEIRS / name, source / name)
    for number in (1, 2):
        values = np.zeros((100, WIDE), np.uint16)
        values[50:] = 65_535
        values[40:60] = ROW + np.arange(WIDE)
        values[0, 0] = number
        Picture.fromarray(values).save(source / f"ramp {number}.png")
    service = server.service()
    service.import_source(source)
    quiet(service)
    return server


@pytest.fixture
def deep(served: Server) -> Server:
    """All of the deep ones are asked, and no page of another test holds them."""
    queue, images = served.service().store.queue, served.service().images()
    queue.settle([each.id for each in images])
    queue.extend([Ask.random(each.id) for each in images if not each.name.startswith("cell")])
    return served


def grays(page: Page) -> NDArray[Any]:
    found = page.evaluate(GRAYS)
    return np.array(found["gray"]).reshape(found["height"], found["width"])


def find(page: Page, name: str) -> None:
    """Go on to the image of this name, and wait for its numbers."""
    for _ in range(9):
        painted(page)
        if page.locator(".name").inner_text() == name:
            break
        page.keyboard.press("Space")
    expect(page.locator(".name")).to_have_text(name)
    expect(page.locator(".levels")).to_contain_text("W ")


def drag(page: Page, right: float, down: float) -> None:
    """With the right button, from the middle of the stage."""
    box = page.locator(".stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="right")
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up(button="right")


def narrow(page: Page) -> None:
    """From all of 65,536 numbers to some 250 around the ramp: eight halvings, and lower between."""
    drag(page, -400, 0)
    drag(page, 0, -(32_768 - ROW - WIDE / 2) / 4096 * 400)
    drag(page, -400, 0)


def by(values: NDArray[Any], center: float, width: float) -> NDArray[Any]:
    """DICOM PS3.3 C.11.2.1.2, written once more."""
    share = (values - (center - 0.5)) / (width - 1) + 0.5
    return np.rint(255 * np.clip(share, 0, 1))


def test_a_ramp_that_8_bits_show_as_one_gray_shows_its_steps_after_a_drag(page: Page, deep: Server):
    """And is one gray again after a double click with the right button; nothing is answered."""
    open_labeler(page, deep.url)
    before = labels(deep.service())
    find(page, "ramp 1.png")
    flat = grays(page)
    assert len(np.unique(flat[50])) <= 3
    narrow(page)
    seen = grays(page)
    assert seen.shape == (100, WIDE), "of all its pixels"
    assert len(np.unique(seen[50])) > 120
    assert (np.diff(seen[50]) >= 0).all()
    expect(page.locator(".levels")).to_contain_text("W 256")
    level = page.locator(".levels").inner_text()
    drag(page, 0, -100)
    assert grays(page)[50].mean() > seen[50].mean() + 20, "up is brighter"
    assert page.locator(".levels").inner_text() != level
    page.mouse.click(*middle(page), button="right", click_count=2)
    assert np.array_equal(grays(page), flat)
    assert labels(deep.service()) == before


def middle(page: Page) -> tuple[float, float]:
    box = page.locator(".stage").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_presets_on_a_ct_slice_are_what_the_standard_says(page: Page, deep: Server):
    """Beside values that pydicom reads from the same file."""
    open_labeler(page, deep.url)
    find(page, "CT_small.dcm")
    data = pydicom.dcmread(THEIRS / "CT_small.dcm")
    values = data.pixel_array * float(data.RescaleSlope) + float(data.RescaleIntercept)
    for name, (center, width) in (
        ("lung", LUNG),
        ("brain", BRAIN),
        ("bone", (400, 1800)),
        ("soft tissue", (40, 400)),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".levels")).to_contain_text(
            f"W {width} · L {str(center).replace('-', '−')}"
        )
        assert np.abs(grays(page) - by(values, center, width)).max() <= 1
    page.get_by_role("button", name="auto", exact=True).click()
    low, high = np.percentile(values, (0.5, 99.5))
    slow = np.rint(255 * np.clip((values - low) / (high - low), 0, 1))
    assert np.abs(grays(page) - slow).max() <= 1


def test_an_mr_slice_has_its_own_window_and_one_that_shows_nothing_is_told(
    page: Page, deep: Server
):
    """The file's window is that of the picture of 8 bits."""
    open_labeler(page, deep.url)
    find(page, "MR_small.dcm")
    data = pydicom.dcmread(THEIRS / "MR_small.dcm")
    window = (float(data.WindowCenter), float(data.WindowWidth))
    assert np.abs(grays(page) - by(data.pixel_array.astype(float), *window)).max() <= 1
    expect(page.locator(".levels")).to_contain_text(f"W {window[1]:.0f} · L {window[0]:.0f}")
    page.get_by_role("button", name="lung", exact=True).click()
    slow = by(data.pixel_array.astype(float), *LUNG)
    assert np.abs(grays(page) - slow).max() <= 1
    if len(np.unique(slow)) == 1:
        expect(page.locator(".levels")).to_contain_text("one gray")


def test_a_window_that_is_kept_is_there_before_the_next_image_counts_as_seen(
    page: Page, deep: Server
):
    """From ramp to ramp, with the same numbers; without keeping, the next one is plain."""
    open_labeler(page, deep.url)
    find(page, "ramp 1.png")
    page.get_by_role("button", name="keep", exact=True).click()
    narrow(page)
    words = page.locator(".levels").inner_text()
    image = shown(page)
    page.keyboard.press("Space")
    expect(page.locator(".stage")).not_to_have_attribute("data-image", str(image))
    painted(page)
    while page.locator(".name").inner_text() != "ramp 2.png":
        page.keyboard.press("Space")
        painted(page)
    assert len(np.unique(grays(page)[50])) > 120
    assert page.locator(".levels").inner_text() == words
