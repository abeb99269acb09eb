"""Import of 5,000 small images, beside threads that read, hash and decode them and no more.

Run with `python -m benchmarks.importing`. Prints one table: each way three times in turn, the
median of each, and how fast an import is by the bare loop. `--memory 100000` imports so many
images of 4 × 4 pixels instead, and prints the memory that it takes, and how much more each image
is. Ends with 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from annotator.model import Settings
from annotator.service import Service

IMAGES = 5_000
SIDE = 256  # pixels
SLOWEST = 0.8  # of the speed of the bare loop
REPETITIONS = 3
THREADS = os.cpu_count() or 1  # of the bare loop: it never waits for a disk that writes
MOST_MEMORY = 600  # MB, of an import of 100,000 images


def photographs(folder: Path, number: int) -> None:
    """Write PNG files of SIDE x SIDE in color, smooth as a photograph, each another one."""
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (16, SIDE // 8, SIDE // 8, 3), dtype=np.uint8)
    smooth = [
        Image.fromarray(each).resize((SIDE, SIDE), Image.Resampling.BICUBIC) for each in coarse
    ]
    for place in range(number):
        pixels = np.asarray(smooth[place % 16]) + np.uint8(place // 16 % 256)
        picture = Image.fromarray(pixels)
        picture.putpixel((0, 0), (place % 256, place // 256 % 256, place // 65536))
        picture.save(folder / f"{place:06d}.png", compress_level=1)


def dots(folder: Path, number: int) -> None:
    """Write PNG files of 4 x 4, each another one."""
    for place in range(number):
        color = (place % 256, place // 256 % 256, place // 65536)
        Image.new("RGB", (4, 4), color).save(folder / f"{place:06d}.png", compress_level=0)


def ours(source: Path, out: Path) -> tuple[float, float]:
    """Import into a new workspace; return seconds: until all is on the disk, and in all."""
    service = Service.create(out, ["a", "b"], Settings(round_every=0))
    start = time.perf_counter()
    found = service.read_source(source)
    read = time.perf_counter() - start
    service.take_in(found)
    return read, time.perf_counter() - start


def bare(source: Path, _out: Path) -> tuple[float, float]:
    """Read, hash and decode with a thread a core; nothing is copied."""
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(_decoded, sorted(source.iterdir())))
    return (time.perf_counter() - start,) * 2


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    with Image.open(BytesIO(content)) as image:
        image.load()
    return hashlib.sha256(content).hexdigest()


def speed(folder: Path) -> int:
    """Measure both ways in turn and print the table; return the exit status."""
    ways: dict[str, Callable[[Path, Path], tuple[float, float]]] = {
        "certilabel": ours,
        "bare": bare,
    }
    seconds: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    (folder / "in").mkdir()
    photographs(folder / "in", IMAGES)
    for repetition in range(REPETITIONS):
        for way, run in ways.items():
            seconds[way].append(run(folder / "in", folder / f"{way} {repetition}"))
    print(
        f"{IMAGES:,} PNG files of {SIDE} × {SIDE}, {THREADS} threads, {REPETITIONS} times in turn\n"
    )
    print(f"{'way':<12}{'on the disk s':>15}{'in all s':>10}{'images/s':>10}")
    middle = {
        way: [statistics.median(each) for each in zip(*s, strict=True)]
        for way, s in seconds.items()
    }
    for way, (read, whole) in middle.items():
        print(f"{way:<12}{read:>15.2f}{whole:>10.2f}{IMAGES / whole:>10.0f}")
    ratios = [middle["bare"][1] / each for each in middle["certilabel"]]
    print(
        f"\nspeed by the bare loop: {ratios[0]:.2f} until all is checked and on the disk, "
        f"{ratios[1]:.2f} in all; at least {SLOWEST}"
    )
    return int(ratios[1] < SLOWEST)


def memory(folder: Path, number: int) -> int:
    """Import a tenth, then all, and print the highest memory after each; return the exit status."""
    (folder / "in").mkdir()
    dots(folder / "in", number)
    small = folder / "small"
    small.mkdir()
    for path in sorted((folder / "in").iterdir())[: number // 10]:
        (small / path.name).hardlink_to(path)
    before = _highest()
    ours(small, folder / "one")
    tenth = _highest()
    ours(folder / "in", folder / "two")
    whole = _highest()
    each = (whole - tenth) * 1e6 / (number * 0.9)
    print(
        f"before {before:.0f} MB, {number // 10:,} images {tenth:.0f} MB, {number:,} {whole:.0f} MB"
    )
    at_full = tenth + each * (100_000 - number // 10) / 1e6
    print(f"{each:,.0f} bytes more an image; 100,000 take {at_full:.0f} MB, at most {MOST_MEMORY}")
    return int(at_full > MOST_MEMORY)


def _highest() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> int:
    """Measure one of the two; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", type=int, metavar="IMAGES", help="of an import of so many")
    asked = parser.parse_args().memory
    with TemporaryDirectory() as folder:
        return memory(Path(folder), asked) if asked else speed(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
