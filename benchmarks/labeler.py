"""Key press to next image painted: the labeler beside buttons of Streamlit, in one run.

    python benchmarks/labeler.py [--images 200] [--presses 50] [--side 512]

Needs Chromium (variable CHROMIUM, default /usr/bin/chromium). Both apps run alone, one after the
other, on the loopback interface, in one browser, with the same JPEG images.
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
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import quantiles

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from annotator.model import Settings
from annotator.service import Service

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

# Notes the time from a key press until a frame after another image is complete on the screen.
WATCH = """() => {
    const picture = () => {
        const host = document.querySelector('[data-testid=stBidiComponentIsolated]');
        const root = host?.shadowRoot ?? document;
        return root.querySelector('.stage img, [data-testid=stImage] img');
    };
    window.painted = [];
    document.addEventListener('keydown', () => {
        const begin = performance.now(), before = picture().src;
        const look = () => {
            const now = picture();
            if (!now || now.src === before || !now.complete) return requestAnimationFrame(look);
            now.decode().then(() => requestAnimationFrame(() => requestAnimationFrame(
                () => window.painted.push(performance.now() - begin))));
        };
        look();
    }, true);
}"""


def draw(folder: Path, images: int, side: int) -> None:
    """Write distinct JPEG images of some detail."""
    rng = random.Random(0)
    for number in range(images):
        noise = Image.frombytes("RGB", (32, 32), rng.randbytes(32 * 32 * 3))
        noise.resize((side, side), Image.Resampling.BICUBIC).save(folder / f"{number:05}.jpg")


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


def single(page: Page, presses: int) -> list[float]:
    """Milliseconds from press to paint, each press waiting for the one before."""
    page.evaluate(WATCH)
    for number in range(presses):
        page.keyboard.press(str(number % 3 + 1))
        page.wait_for_function(f"window.painted.length > {number}")
        page.wait_for_timeout(60)
    return [float(each) for each in page.evaluate("window.painted")]


def burst(page: Page, count: Callable[[], int]) -> int:
    """How many of 20 presses, one each 100 ms, were recorded."""
    page.wait_for_timeout(2000)  # let the answers before be stored
    before, begin = count(), time.monotonic()
    for number in range(20):
        page.wait_for_timeout(max(0.0, (begin + number / 10 - time.monotonic()) * 1000))
        page.keyboard.press("1")
    page.wait_for_timeout(3000)
    return count() - before


def measure(browser: Browser, url: str, presses: int, count: Callable[[], int]) -> str:
    """One line of the table."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(url)
    page.locator(".stage[data-image] img, [data-testid=stImage] img").first.wait_for()
    page.wait_for_timeout(1500)
    times = single(page, presses)
    recorded = burst(page, count)
    page.close()
    steps = quantiles(times, n=20)
    return f"{steps[9]:8.0f} {steps[18]:8.0f} {recorded:12d}"


def main() -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--presses", type=int, default=50)
    parser.add_argument("--side", type=int, default=512)
    options = parser.parse_args()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "images"
        folder.mkdir()
        draw(folder, options.images, options.side)
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        print(f"{'ms from key press to image':34} {'p50':>8} {'p95':>8} {'of 20 at 10/s':>12}")

        service = Service.create(
            Path(name) / "work", ["a", "b", "c"], Settings(round_every=0, least_look=0)
        )
        service.import_source(folder)
        job = service.active_job()
        if job:  # the benchmark is about keys; nothing is to run beside it
            service.cancel(job.id)
        with served([str(ROOT / "app.py")], {"CERTILABEL_WORKSPACE": f"{name}/work"}) as url:
            line = measure(browser, url, options.presses, lambda: service.progress().labeled)
            print(f"{'certilabel':34} {line}")

        script = Path(name) / "buttons.py"
        script.write_text(BUTTONS)

        def count() -> int:
            with closing(sqlite3.connect(folder / "labels.db")) as db:
                return int(db.execute("SELECT COUNT(*) FROM label").fetchone()[0])

        with served([str(script), str(folder)], {}) as url:
            line = measure(browser, url, options.presses, count)
            print(f"{'st.button with shortcut':34} {line}")
        browser.close()


if __name__ == "__main__":
    main()
