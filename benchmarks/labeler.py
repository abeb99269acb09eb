"""Key press to next image painted: the labeler beside buttons of Streamlit, in one run.

    python benchmarks/labeler.py [--labels 200] [--scans 60] [--presses 200]

Needs Chromium (variable CHROMIUM, default /usr/bin/chromium). All apps run alone, one after the
other, on the loopback interface, in one browser. Buttons, and Label Studio where the variable
LABEL_STUDIO names its command, get the same JPEG images of 512 x 512 pixels as the labeler; scans
have 3,000 x 4,000. With presses ten a second, what each was to be for
is noted as it comes: the image that the page says it has painted by then. Its answers in the
database are compared with that, one by one.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as Overdue

from annotator.model import Settings
from annotator.service import Service
from benchmarks.peers import label_studio

ROOT = Path(__file__).parents[1]

# What an annotation page looks like with nothing but buttons, written for speed: one indexed write
# and one image a press, the shortcut on the button itself.
BUTTONS = """
import sqlite3, sys
from pathlib import Path
import streamlit as st
folder = Path(sys.argv[1])
images = sorted(folder.glob("*.jpg"))
db = sqlite3.connect(folder / "labels.db")
db.execute("CREATE TABLE IF NOT EXISTS label (image TEXT, class INTEGER)")
def answer(image, choice):
    with db:
        db.execute("INSERT INTO label VALUES (?, ?)", (image.name, choice))
    st.session_state.at = st.session_state.get("at", 0) + 1
image = images[st.session_state.get("at", 0)]
st.image(str(image))
for column, choice in zip(st.columns(3), (1, 2, 3)):
    column.button(f"class {choice}", shortcut=str(choice), on_click=answer, args=(image, choice))
"""

# Notes the time from a key press until another image was painted: two frames after it is complete
# on the screen, which the labeler says itself. Keys without a use are timed to two frames as well.
WATCH = """() => {
    const root = () =>
        document.querySelector('[data-testid=stBidiComponentIsolated]')?.shadowRoot ?? document;
    const pictures = '[data-testid=stImage] img, img[src^="blob:"]';
    const stage = () => root().querySelector('.stage');
    const picture = () => root().querySelector(pictures);
    const frames = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
    window.took = [];
    window.idle = [];
    window.pressed = [];
    document.addEventListener('keydown', ({key}) => {
        const begin = performance.now();
        const note = (times) => times.push(performance.now() - begin);
        if (key === 'F8') return frames(() => note(window.idle));
        if (key < '1' || key > '9') return;  // what submits a choice
        if (stage()) {
            const before = stage().dataset.painted;
            window.pressed.push(Number(before ?? 0));
            const watch = new MutationObserver(() => {
                const now = stage().dataset.painted;
                if (!now || now === before) return;
                watch.disconnect();
                note(window.took);
            });
            return watch.observe(stage(), {attributeFilter: ['data-painted']});
        }
        const before = picture().src;
        const press = window.press = (window.press ?? 0) + 1;
        const look = () => {
            const now = picture();
            if (press !== window.press) return;  // it was lost, and another was made
            if (!now || now.src === before || !now.complete) return requestAnimationFrame(look);
            now.decode().then(() => frames(() => note(window.took)));
        };
        look();
    }, true);
}"""

LOST = 10.0  # seconds after which a press has led to nothing
READY = '.stage[data-painted] .picture, [data-testid=stImage] img, img[src^="blob:"]'


def draw(folder: Path, images: int, size: tuple[int, int]) -> None:
    """Write distinct JPEG images of some detail."""
    folder.mkdir()
    rng = random.Random(0)
    noise = Image.frombytes(
        "RGB", (size[0] // 8, size[1] // 8), rng.randbytes(3 * size[0] * size[1] // 64)
    )
    picture = noise.resize(size, Image.Resampling.BICUBIC)
    for number in range(images):
        tile = Image.frombytes("RGB", (8, 8), rng.randbytes(192)).resize(
            (size[0] // 4, size[1] // 4)
        )
        picture.paste(tile, (rng.randrange(size[0] // 2), rng.randrange(size[1] // 2)))
        picture.save(folder / f"{number:05}.jpg", quality=85)


@contextmanager
def served(arguments: list[str], environment: dict[str, str]) -> Iterator[str]:
    """Run Streamlit on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    options += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    script, *rest = arguments
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, *options, "--", *rest],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def press(page: Page, choice: int, submit: str) -> None:
    """Press the key of a choice, and the one that submits it where that is another."""
    page.keyboard.press(str(choice))
    if submit:
        page.keyboard.press(submit)


def single(page: Page, presses: int, submit: str) -> list[float]:
    """Milliseconds from press to paint, each press waiting for the one before.

    Buttons lose a press that comes while their page is still drawn: it is made again.
    """
    for number in range(presses):
        while True:
            press(page, number % 3 + 1, submit)
            with suppress(Overdue):
                page.wait_for_function(
                    "most => window.took.length > most", arg=number, timeout=LOST * 1000
                )
                break
        page.wait_for_timeout(60)
    return [float(each) for each in page.evaluate("window.took")]


def frames(page: Page) -> list[float]:
    """Milliseconds of the two frames that every way waits for, with nothing to do."""
    for number in range(20):
        page.keyboard.press("F8")
        page.wait_for_function("most => window.idle.length > most", arg=number)
        page.wait_for_timeout(60)
    return [float(each) for each in page.evaluate("window.idle")]


def burst(page: Page, presses: int, submit: str) -> list[int]:
    """Press ten times a second; the image that was painted at each press, 0 where none was."""
    page.wait_for_timeout(2000)  # let the answers before be stored
    page.evaluate("window.pressed = []")
    begin = time.monotonic()
    for number in range(presses):
        page.wait_for_timeout(max(0.0, (begin + number / 10 - time.monotonic()) * 1000))
        press(page, 1, submit)
    page.wait_for_timeout(5000)
    return [int(each) for each in page.evaluate("window.pressed")]


class Row(NamedTuple):
    """What was measured of one way."""

    took: list[float]
    idle: list[float]
    painted: list[int]  # at each press of the burst


def measure(
    browser: Browser | BrowserContext, url: str, singles: int, presses: int, submit: str = ""
) -> Row:
    """Label one by one, then ten a second."""
    page = browser.new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(url)
    page.locator(READY).first.wait_for(timeout=120_000)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    row = Row(single(page, singles, submit), frames(page), burst(page, presses, submit))
    page.close()
    return row


def line(name: str, row: Row, recorded: str) -> str:
    """One line of the table."""
    steps, idle = quantiles(row.took, n=20), quantiles(row.idle, n=20)[9]
    return f"{name:34} {steps[9]:6.0f} {steps[18]:6.0f} {idle:8.0f}   {recorded}"


def ours(browser: Browser, root: Path, size: tuple[int, int], singles: int, presses: int) -> str:
    """The labeler, on images of a size."""
    draw(root / "images", singles + presses + 40, size)
    service = Service.create(root / "work", ["a", "b", "c"], Settings(round_every=0, least_look=0))
    service.import_source(root / "images")
    if job := service.active_job():  # the benchmark is about keys; nothing is to run beside it
        service.cancel(job.id)
    with served([str(ROOT / "app.py")], {"CERTILABEL_WORKSPACE": str(root / "work")}) as url:
        row = measure(browser, url, singles, presses)
    events = service.store.db.rows("SELECT image_id FROM event WHERE kind = 'label' ORDER BY id")
    given = [each["image_id"] for each in events][singles:]
    # A press while no new image was painted counts for nothing: the page says so
    meant = [image for image in row.painted if image]
    right = (
        "each on the image that was painted" if given == meant else f"WRONG: {given} for {meant}"
    )
    early = presses - len(meant)
    service.close()
    return line(
        f"certilabel, {size[0]} x {size[1]}", row, f"{len(given)}, {right}; {early} too early"
    )


def buttons(browser: Browser, root: Path, images: Path, singles: int, presses: int) -> str:
    """Buttons of Streamlit, on the images of the first row."""
    script = root / "buttons.py"
    script.write_text(BUTTONS)
    with served([str(script), str(images)], {}) as url:
        row = measure(browser, url, singles, presses)
    with closing(sqlite3.connect(images / "labels.db")) as db:
        stored = int(db.execute("SELECT COUNT(*) FROM label").fetchone()[0])
    return line("st.button with shortcut", row, f"{stored - singles}")


def studio(
    browser: Browser, command: str, root: Path, images: Path, singles: int, presses: int
) -> str:
    """Label Studio, on the images of the first row: a choice's key, then the one that submits."""
    with label_studio.project(browser, command, root / "studio", images) as there:
        row = measure(there.context, there.tasks, singles, presses, label_studio.SUBMIT)
        stored = there.annotations() - singles
        return line(f"Label Studio {there.version()}", row, f"{stored}")


def main() -> None:
    """Measure all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=200)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--presses", type=int, default=200)
    options = parser.parse_args()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        root = Path(name)
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
        heads = f"{'p50':>6} {'p95':>6} {'2 frames':>8}   recorded of {options.presses} at 10/s"
        print(f"{'ms from key press to image':34} {heads}")
        for size, singles in (((512, 512), options.labels), ((3000, 4000), options.scans)):
            (root / str(size[0])).mkdir()
            print(ours(browser, root / str(size[0]), size, singles, options.presses), flush=True)
        images = root / "512" / "images"
        print(buttons(browser, root, images, options.labels, options.presses), flush=True)
        if command := os.environ.get("LABEL_STUDIO"):
            print(studio(browser, command, root, images, options.labels, options.presses))
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
        browser.close()


if __name__ == "__main__":
    main()
