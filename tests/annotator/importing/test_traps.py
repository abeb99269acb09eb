"""Small files that are huge to decode: an import of them stays within its memory and its time."""

import os
import sys
import threading
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from annotator.imaging.bounded import MOST_SCANS, START_OF_SCAN
from annotator.service import Service
from tests.annotator.pictures import encoded

SIDE = 10_000
MEMORY = 2 * 2**30  # bytes that may come on top, of this process and its children; it was 9 GB
SECONDS = 150  # on a machine that does other things; one of these held an import for 88


def scans(number: int) -> bytes:
    """A progressive JPEG of 24 megapixels with its last scan again and again."""
    whole = encoded(Image.new("RGB", (6_000, 4_000), (9, 90, 200)), "JPEG", progressive=True)
    start, end = whole.rindex(START_OF_SCAN), whole.rindex(b"\xff\xd9")
    more = number - whole.count(START_OF_SCAN)
    return whole[:end] + whole[start:end] * more + whole[end:]


def resident() -> int:
    """Bytes in memory of this process and of its children together."""
    total, me = 0, os.getpid()
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            if me in (parent, int(each.name)):
                total += 4096 * int((each / "statm").read_text().split()[1])
        except OSError:  # it has ended
            continue
    return total


@contextmanager
def watched():
    """The most memory at any moment of the body, on top of what there was."""
    most, done, before = [0], threading.Event(), resident()

    def look():
        while not done.wait(0.02):
            most[0] = max(most[0], resident() - before)

    watcher = threading.Thread(target=look)
    watcher.start()
    yield most
    done.set()
    watcher.join()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_six_images_of_a_hundred_megapixels_and_one_of_thousands_of_scans(tmp_path):
    """What is too costly is refused with the number; the rest comes in, one beside few others."""
    Image.MAX_IMAGE_PIXELS, before = None, Image.MAX_IMAGE_PIXELS
    source = tmp_path / "traps"
    source.mkdir()
    for number in range(6):
        packed = BytesIO()
        Image.new("RGB", (SIDE, SIDE), (7 * number, 20, 30)).save(packed, "PNG")
        (source / f"{number}.png").write_bytes(packed.getvalue())
    Image.MAX_IMAGE_PIXELS = before
    (source / "many.jpg").write_bytes(scans(9_000))
    (source / "most.jpg").write_bytes(scans(MOST_SCANS))
    assert sum(each.stat().st_size for each in source.iterdir()) < 4_000_000
    service = Service.create(tmp_path / "ws", ["cat", "dog"])
    began = time.monotonic()
    with watched() as most:
        report = service.import_source(source)
    took = time.monotonic() - began
    assert report.added == 7
    [refused] = report.refused
    assert (refused.name, f"9,000 scans, at most {MOST_SCANS}" in refused.reason) == (
        "many.jpg",
        True,
    )
    assert 0 < most[0] < MEMORY
    assert took < SECONDS
