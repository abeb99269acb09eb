"""Documents in the browser: imported as one, turned page by page, answered once."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image as Picture
from playwright.sync_api import Locator, Page, expect

from annotator.imaging.pixels import for_browser
from annotator.model import Image, Settings
from annotator.service import Service
from tests.annotator.documents import dicom, pdf
from tests.annotator.small import event
from tests.browser.labeling import (
    drawn,
    eventually,
    labels,
    open_labeler,
    painted,
    press,
    saved,
    shown,
    visit,
)
from tests.browser.server import Serve, Server

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
FRAMES = np.random.default_rng(1).integers(0, 3000, (2, 5, 40, 60)).astype(np.uint16)
GRAYS = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, place) => place % 4 === 0);
}"""


def letters() -> dict[str, bytes]:
    """Two PDF files of nine pages."""
    names = ("first", "second")
    return {f"{name}.pdf": pdf(*(f"{name} {word}" for word in WORDS)) for name in names}


def series() -> dict[str, bytes]:
    """Two DICOM files of five frames."""
    return {f"{n}.dcm": dicom(frames, PatientID=f"P{n}") for n, frames in enumerate(FRAMES)}


def documents(root: Path, files: dict[str, bytes]) -> Path:
    """A workspace of these documents; nothing runs by itself."""
    source = root.parent / "documents"
    source.mkdir()
    for name, content in files.items():
        (source / name).write_bytes(content)
    service = Service.create(root, ("letter", "form"), Settings(round_every=0, least_look=0))
    assert service.import_source(source, documents=True).documents == len(files)
    job = service.active_job()
    if job:  # looking at the images needs a network's weights, and no test here needs the job
        service.cancel(job.id)
    return root


def served(
    serve: Serve, tmp_path: Path, files: dict[str, bytes]
) -> tuple[Server, dict[int, Image]]:
    server = serve(documents(tmp_path / "work", files))
    return server, {each.id: each for each in server.service().images()}


def seen(page: Page, server: Server, image: Image, number: int) -> bool:
    """Whether of all pages of that document this one is most like what the stage shows."""
    canvas = page.locator(".stage .picture canvas").first
    content = b64decode(canvas.evaluate("each => each.toDataURL()").partition(",")[2])
    with Picture.open(BytesIO(content)) as picture:
        shown = np.asarray(picture.convert("L"), float)
    away = []
    for each in server.service().store.pages.of(image.id):
        with Picture.open(BytesIO(for_browser(server.root / each.stored)[0])) as picture:
            gray = picture.convert("L").resize(shown.shape[::-1], Picture.Resampling.BOX)
        away.append(np.abs(np.asarray(gray, float) - shown).mean())
    return int(np.argmin(away)) == number - 1


def fits(page: Page, server: Server, picture: Locator, image: Image, number: int) -> bool:
    """Whether an image element shows that page of that document."""
    address = picture.get_attribute("src") or ""
    got = page.request.get(f"{server.url}{address}").body()
    files = [server.root / each.stored for each in server.service().store.pages.of(image.id)]
    return [for_browser(each)[0] == got for each in files].index(True) == number - 1


def place(page: Page) -> Locator:
    return page.locator(".pages .place")


def test_a_document_is_turned_answered_once_and_the_next_one_opens_at_its_first_page(
    page: Page, serve: Serve, tmp_path: Path
):
    """By brackets, page keys, buttons and the slider; keys of classes go on working afterwards."""
    server, images = served(serve, tmp_path, letters())
    open_labeler(page, server.url)
    first, stage = images[shown(page)], page.locator(".stage .picture")
    expect(place(page)).to_have_text("page 1 of 9")
    assert seen(page, server, first, 1)
    before = stage.screenshot()
    page.keyboard.press("]")
    expect(place(page)).to_have_text("page 2 of 9")
    painted(page)
    assert seen(page, server, first, 2)
    assert stage.screenshot() != before, "another page is seen"
    page.keyboard.press("PageDown")
    page.get_by_role("button", name="after").click()
    expect(place(page)).to_have_text("page 4 of 9")
    page.get_by_role("button", name="before").click()
    page.keyboard.press("[")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    expect(place(page)).to_have_text("page 1 of 9")
    slider = page.get_by_role("slider", name="Page")
    box = slider.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    expect(place(page)).to_have_text("page 9 of 9")
    painted(page)
    assert seen(page, server, first, 9)
    page.keyboard.press("1")
    saved(page, 1)
    events = server.service().store.db.rows("SELECT kind, image_id FROM event WHERE kind = 'label'")
    assert events == [{"kind": "label", "image_id": first.id}]
    [following] = [each for each in images.values() if each.id != first.id]
    assert shown(page) == following.id
    expect(place(page)).to_have_text("page 1 of 9")
    painted(page)
    assert seen(page, server, following, 1)
    page.keyboard.press("h")
    expect(page.locator(".help")).to_contain_text("turn the pages of a document")
    page.keyboard.press("ArrowLeft")  # looking back
    expect(place(page)).to_have_text("page 1 of 9")
    assert shown(page) == first.id


def test_whoever_settles_a_document_turns_its_pages(page: Page, serve: Serve, tmp_path: Path):
    """From the page that models see on; the answer is of the document, whichever page is shown."""
    server, images = served(serve, tmp_path, series())
    service, document = server.service(), min(images.values(), key=lambda each: each.id)
    for who, name in (("anna", "letter"), ("ben", "form")):
        service.record([event(service, document, seq=1, client=who, name=name)], who)
    visit(page, f"{server.url}/settle", "What people disagree about")
    picture = page.locator(".settling .stage img")
    expect(place(page)).to_have_text("page 3 of 5")
    painted(page)
    assert fits(page, server, picture, document, 3)
    page.keyboard.press("]")
    page.get_by_role("button", name="after").click()
    page.keyboard.press("PageDown")
    expect(place(page)).to_have_text("page 5 of 5")
    assert fits(page, server, picture, document, 5)
    assert press(page, "2") == document.id
    expect(page.get_by_text("Nothing waits to be settled")).to_be_visible()
    expect(page.locator(".settling .pages")).to_be_hidden()
    eventually(lambda: labels(service) == {document.id: service.class_named("form").id})


def test_a_series_opens_in_its_middle_and_what_was_zoomed_stays_from_frame_to_frame(
    page: Page, serve: Serve, tmp_path: Path
):
    """A held key runs through the frames; the next document is seen whole again."""
    server, images = served(serve, tmp_path, series())
    open_labeler(page, server.url)
    first = shown(page)
    stage = page.locator(".stage .picture")
    expect(place(page)).to_have_text("page 3 of 5")
    expect(page.locator(".pages .sees")).to_have_text("models see page 3")
    page.keyboard.press("+")
    zoomed = stage.evaluate("each => each.style.transform")
    assert "scale(1.25)" in zoomed
    page.keyboard.down("]")
    page.keyboard.down("]")  # as the system repeats it
    page.keyboard.up("]")
    expect(place(page)).to_have_text("page 5 of 5")
    painted(page)
    assert stage.evaluate("each => each.style.transform") == zoomed
    assert seen(page, server, images[first], 5)
    page.keyboard.press("1")
    saved(page, 1)
    assert shown(page) != first
    painted(page)
    assert "scale(1)" in stage.evaluate("each => each.style.transform")
    expect(place(page)).to_have_text("page 3 of 5")


def test_a_window_stays_from_frame_to_frame_on_the_numbers_of_each(
    page: Page, serve: Serve, tmp_path: Path
):
    """What is painted is what the standard makes of that frame's own values."""
    server, images = served(serve, tmp_path, series())
    open_labeler(page, server.url)
    values = FRAMES[int(images[shown(page)].name[0])]
    page.get_by_role("button", name="soft tissue", exact=True).click()
    for number in (3, 4, 5):
        expect(place(page)).to_have_text(f"page {number} of 5")
        painted(page)
        expect(page.locator(".levels")).to_contain_text("W 400 · L 40")
        share = (values[number - 1] - (40 - 0.5)) / (400 - 1) + 0.5  # DICOM PS3.3 C.11.2.1.2
        gray = np.array(page.locator(".stage .picture canvas").last.evaluate(GRAYS))
        assert np.abs(gray - np.rint(255 * np.clip(share, 0, 1)).ravel()).max() <= 1
        page.keyboard.press("]")


def test_documents_come_in_by_a_box_and_are_turned_on_data(
    page: Page, serve: Serve, tmp_path: Path
):
    """The report counts documents and pages; the opened one is turned by a slider."""
    server, _ = served(serve, tmp_path, letters())
    more = server.root / "more"
    more.mkdir()
    (more / "third.pdf").write_bytes(pdf("third alpha", "third omega"))
    page.goto(f"{server.url}/data")
    page.get_by_text("Import", exact=True).first.click()
    page.get_by_role("textbox", name="Folder or CSV file on the server").fill(str(more))
    page.get_by_text("A file of several pages is one document").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 document with 2 pages came in")).to_be_visible()
    drawn(page)
    field = page.get_by_role("textbox", name="Name or text contains")
    field.fill("omega")  # stands on its last page alone
    field.press("Enter")
    expect(page.locator(".tickable")).to_have_count(1)
    page.locator(".tickable button").first.click()
    dialog = page.get_by_test_id("stDialog")
    expect(dialog.get_by_text("2 pages")).to_be_visible()
    third = server.service().images(offset=2)[0]
    picture = dialog.locator("img")
    assert fits(page, server, picture, third, 1)
    dialog.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    eventually(lambda: "page=2" in (picture.get_attribute("src") or ""))
    assert fits(page, server, picture, third, 2)
    dialog.locator("button", has_text="form").click()
    expect(dialog.get_by_text("labeled 'form' now")).to_be_visible()
    assert labels(server.service()).keys() == {third.id}
