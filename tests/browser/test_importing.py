"""A new user brings in a folder of DICOM files with their labels, and one of PDF files."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from annotator.model import Settings
from annotator.service import Service
from tests.annotator.documents import dicom, pdf
from tests.annotator.pictures import png
from tests.browser.labeling import drawn, eventually, open_labeler, press, saved
from tests.browser.server import Serve, Server
from tests.browser.workspaces import workspace

SIZES = [(1440, 900), (1280, 720)]  # of the screen: a larger one first, the smaller one stays
LONG = 180_000  # ms: files of pages are read in processes that have to start first
PAGES = 60  # of the longest PDF file
RUNNING = re.compile(r"\d of 500 files are read")


def hospital(folder: Path) -> Path:
    """A folder of scans with a table beside them, as a clinic hands it over."""
    folder.mkdir()
    for number in range(6):
        pixels = np.full((32, 32), 100 * number, np.uint16)
        pixels[:, number] = 3000
        windows = {"WindowCenter": [40, 600], "WindowWidth": [80, 2000]}
        names = {"WindowCenterWidthExplanation": ["BRAIN", "BONE"]}
        scan = dicom(pixels, PatientID=f"p{number}", **windows, **names)
        (folder / f"scan{number}.dcm").write_bytes(scan)
    plan = dicom(np.zeros((8, 8), np.uint16))
    (folder / "damaged.dcm").write_bytes(plan[:300])
    rows = [f"scan{number}.dcm;{('normal', 'fracture')[number % 2]}" for number in range(6)]
    (folder / "befund.csv").write_text("\n".join(["file;diagnosis", *rows, "damaged.dcm;normal"]))
    return folder


def reports(folder: Path) -> Path:
    """A folder of PDF files, of which one cannot be read."""
    folder.mkdir()
    (folder / "a long one.pdf").write_bytes(pdf(*[f"Page {n} of many" for n in range(PAGES)]))
    (folder / "b.pdf").write_bytes(pdf("Invoice"))
    (folder / "locked.pdf").write_bytes(pdf("Secret", password="secret"))
    return folder


def open_data(page: Page, server: Server) -> None:
    """Open the page and wait until it is drawn: the first one of a server takes its time."""
    page.goto(f"{server.url}/data")
    expect(page.get_by_text("To measure with")).to_be_visible(timeout=LONG)
    drawn(page)


def send(page: Page, folder: Path, then: Locator) -> None:
    """Choose a whole folder of this computer, and import it; the page says what comes of it."""
    page.locator("input[type=file]").nth(1).set_input_files(folder)
    sent = page.get_by_role("button", name=re.compile("^Remove "))
    expect(sent).to_have_count(len(list(folder.iterdir())), timeout=LONG)
    press_button(page, "Import", then)


def press_button(page: Page, name: str, then: Locator) -> None:
    """Press until the page says what comes then: a button that is drawn anew may not hear."""
    for _ in range(4):
        drawn(page)
        with suppress(TookTooLong):  # it was heard late, and is gone
            page.get_by_role("button", name=name, exact=True).last.click(timeout=10_000)
        with suppress(AssertionError):
            expect(then).to_be_visible(timeout=LONG / 6)
            break
    in_sight(page, then)


def in_sight(page: Page, place: Locator) -> None:
    """Wait until it is there, and see that nobody needs to scroll for it on any screen."""
    expect(place).to_be_visible(timeout=LONG)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(place).to_be_in_viewport()


def test_a_new_user_imports_scans_with_their_labels_and_then_documents(
    page: Page, serve: Serve, tmp_path: Path
):
    """Without the docs: each question is on the page, and so is what was refused, and why."""
    settings = Settings(round_every=0, least_look=0)
    Service.create(tmp_path / "ws", ["normal"], settings).close()
    server = serve(tmp_path / "ws")
    open_data(page, server)
    labels = page.get_by_text("'befund.csv' in this folder looks like labels")
    send(page, hospital(tmp_path / "ct"), labels)
    in_sight(page, page.get_by_text("column 'diagnosis' looks like the one that holds the labels"))
    in_sight(page, page.get_by_text("7 rows: 7 name a file."))
    page.get_by_role("combobox", name="Window of DICOM files").click()
    page.get_by_role("option", name="2 'BONE': center 600, width 2000").click()
    press_button(page, "Import", page.get_by_text("Nothing is written yet."))
    page.get_by_test_id("stCheckbox").filter(has_text="Add these classes: 'fracture'").locator(
        "label"
    ).click()
    drawn(page)
    done = page.get_by_text("6 images added, 0 were there already, 1 refused")
    press_button(page, "Import", done)
    in_sight(
        page,
        page.get_by_role("listitem").filter(has_text="damaged.dcm: a DICOM file without pixels"),
    )
    service = server.service()
    assert service.count_by_class() == {"normal": 3, "fracture": 3}
    page.get_by_role("button", name="Dismiss", exact=True).last.click()
    expect(done).to_be_hidden(timeout=LONG)
    drawn(page)
    page.get_by_text("Import", exact=True).first.click()
    expect(page.get_by_text("Or a whole folder from this computer")).to_be_visible(timeout=LONG)
    running = page.get_by_text(re.compile(r"\d of 3 files are read"))
    send(page, reports(tmp_path / "reports"), running)
    in_sight(page, page.get_by_text(f"{PAGES + 1} images added, 0 were there already, 1 refused"))
    in_sight(page, page.get_by_role("listitem").filter(has_text="password"))
    assert service.progress().images == PAGES + 7
    assert page.locator("[data-testid=stException]").count() == 0
    assert "--" not in page.locator("[data-testid=stMain]").inner_text()
    service.close()


def slow(server: Server) -> Path:
    """A folder in the workspace that takes minutes to read, and each of its files a moment."""
    folder = server.root / "incoming"
    folder.mkdir()
    (folder / "0.png").write_bytes(png(77))
    for number in range(1, 500):
        page = pdf(f"Page {number}", size=(1400, 1000))  # as large as a poster: ten megapixels
        (folder / f"{number}.pdf").write_bytes(page)
    return folder


def begin(page: Page, server: Server, folder: Path) -> None:
    open_data(page, server)
    field = page.get_by_role("textbox", name="Or a folder or CSV file on the server")
    if not field.is_visible():
        page.get_by_text("Import", exact=True).first.click()
    field.fill(str(folder))
    field.press("Tab")
    press_button(page, "Import", page.get_by_text(RUNNING))


def test_an_import_goes_on_beside_the_page_and_labeling_meanwhile(
    page: Page, serve: Serve, tmp_path: Path
):
    """A reload and another tab show it too; stopped, it says what is left; killed, what became."""
    server = serve(workspace(tmp_path / "ws", images=6))
    folder = slow(server)
    begin(page, server, folder)
    running = page.get_by_text(RUNNING)
    page.reload()
    expect(running).to_be_visible(timeout=LONG)
    labeling = page.context.new_page()
    open_labeler(labeling, server.url)
    press(labeling, "1")
    saved(labeling, 1)
    other = page.context.new_page()
    open_data(other, server)
    expect(other.get_by_text(RUNNING)).to_be_visible(timeout=LONG)
    stopped = re.compile(r"Stopped after \d+ of 500 files")
    press_button(other, "Stop", other.get_by_text(stopped))
    expect(page.get_by_text(stopped)).to_be_visible(timeout=LONG)
    service = server.service()
    assert service.progress().images == 6
    press_button(page, "Discard", page.get_by_text("Import", exact=True).first)
    eventually(lambda: service.bringing.state() is None)
    begin(page, server, folder)
    server.kill()
    server.start()
    open_data(page, server)
    expect(page.get_by_text("was cut off")).to_be_visible()
    expect(page.get_by_text("nothing of it is here")).to_be_visible()
    service.check()
    assert (service.progress().images, service.progress().labeled) == (6, 1)
    service.close()
