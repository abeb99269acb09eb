"""Screenshots of every page, light and dark, in two sizes, from the demo with a few labels.

`python docs/screenshots.py` draws those anew that the documentation shows, in docs/images;
`python docs/screenshots.py FOLDER` writes all of them into a folder, to be looked at.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from annotator.model import LabelEvent
from annotator.service import Service

IMAGES = Path(__file__).parent / "images"
SHOWN = ("start", "label", "rounds", "quality", "review")  # in the documentation, light and large
SIZES = {"large": (1440, 900), "small": (1280, 720)}  # pixels
CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
)
QUALITY = 80  # of WebP
ROUNDS, BATCHES = 3, 2  # and how often what is asked is answered before each
PATIENCE = 3600.0  # seconds for a round, on a machine that is slow or does much else
# page -> what is on it once it is drawn
PAGES = {
    "start": "What to do next",
    "label": "saved",
    "rounds": "All rounds",
    "quality": "Test images: expert and model",
    "review": "on this page decided",
    "data": "Labels by class",
    "export": "Download",
    "settings": "Asking and learning",
    "settle": "to settle",
}


@contextmanager
def served(folder: Path) -> Iterator[tuple[Path, str]]:
    """The demo, made and served below a folder: its workspace and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from annotator.cli import main; main()"
    command = [sys.executable, "-c", program, "demo", "--workspace", "demo", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _answers(f"{url}/health"), 300)
        yield folder / "demo", url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own
        return True
    return False


def _wait(done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(f"It has not come to pass in {seconds:.0f} seconds.")
        time.sleep(0.5)


def fill(root: Path) -> None:
    """Answer truly, let rounds end, and export."""
    service = Service.open(root)
    with root.with_name("demo.truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {Path(row["path"]).name: row["label"] for row in csv.DictReader(file)}
    ids = {each.name: each.id for each in service.classes()}
    _wait(lambda: service.active_job() is None, PATIENCE)  # it looks at the images first
    before = service.settings()
    service.save_settings(replace(before, round_every=0))
    for number in range(1, ROUNDS + 1):
        for _ in range(BATCHES):
            _answer(service, truth, ids)
        print(f"Round {number} learns …", flush=True)
        service.start_round()
        _wait(lambda: service.active_job() is None, PATIENCE)
    service.save_settings(before)
    service.export(service.export_place())
    service.close()


def _answer(service: Service, truth: Mapping[str, str], ids: Mapping[str, int]) -> None:
    """Answer truly what is asked next."""
    images = [each.image for each in service.lease("script", "anna")]
    seq = service.store.labels.acknowledged("script")
    events = [
        LabelEvent(
            *("script", seq + number, "label", each.id, each.sha256),
            *(ids[truth[Path(each.name).name]], time.time(), 2.0),
        )
        for number, each in enumerate(images, 1)
    ]
    service.record(events, "anna")


def disagree(root: Path) -> None:
    """Let a second person say something else of one image."""
    service = Service.open(root)
    first = service.store.labels.current()[0]
    image = service.image(first.image_id)
    other = next(each.id for each in service.classes() if each.id != first.class_id)
    said = LabelEvent("other", 1, "label", image.id, image.sha256, other, time.time(), 2.0)
    service.record([said], "bert")
    service.close()


def shoot(page: Page, url: str, name: str) -> bytes:
    """A picture of a page, once nothing on it moves anymore; PNG."""
    page.goto(f"{url}/{name}")
    page.get_by_text(PAGES[name]).first.wait_for()
    page.wait_for_timeout(3000)  # charts are drawn, and pictures come
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(500)  # what had faded while it ran comes back
    return page.screenshot()


def write(png: bytes, path: Path) -> None:
    """Save a picture as WebP."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").save(path, quality=QUALITY, method=6)
    print(f"{path} {path.stat().st_size:,} bytes", flush=True)


def take(root: Path, url: str, folder: Path | None) -> None:
    """Take every picture; `Settle` last, as it needs people who disagree."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme, (size, (width, height)) in product(("light", "dark"), SIZES.items()):
            page = browser.new_page(
                color_scheme=scheme, viewport={"width": width, "height": height}
            )
            page.set_default_timeout(300_000)  # ms: the machine may be slow
            for name in PAGES:
                shown = name in SHOWN and (scheme, size) == ("light", "large")
                if name == "settle" and folder and (scheme, size) == ("light", "large"):
                    disagree(root)
                if not (shown or folder):
                    continue
                png = shoot(page, url, name)
                if shown:
                    write(png, IMAGES / f"{name}.webp")
                if folder:
                    write(png, folder / f"{name}-{scheme}-{width}x{height}.webp")
            page.close()
        browser.close()


def main(folder: Path | None) -> None:
    """Make the demo, fill it, and take every picture."""
    with tempfile.TemporaryDirectory() as made, served(Path(made)) as (root, url):
        fill(root)
        take(root, url, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
