"""Import of 5,000 small images, beside a bare loop that reads, hashes, decodes and copies them.

Run with `python -m benchmarks.importing`. Prints one table: both ways three times in turn, the
median of each, their ratio, and the limit. Ends with 1 where the limit is missed.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from annotator.cli.demo import write_demo
from annotator.importing.scan import scan
from annotator.model import NewImage
from annotator.project import Workspace

LIMIT = 15.0  # seconds
REPETITIONS = 3


def ours(digits: Path, out: Path) -> int:
    """Import into a new workspace; return the number of images."""
    workspace = Workspace.create(out)
    return sum(isinstance(event, NewImage) for event in scan(digits, workspace))


def bare(digits: Path, out: Path) -> int:
    """What cannot be left out, one file after the other; return the number of images."""
    out.mkdir()
    number = 0
    for path in sorted(digits.iterdir()):
        content = path.read_bytes()
        name = hashlib.sha256(content).hexdigest()
        with Image.open(path) as image:
            image.load()
        (out / f"{name}.png").write_bytes(content)
        number += 1
    return number


def main() -> int:
    """Measure and print; return the exit status."""
    ways: dict[str, Callable[[Path, Path], int]] = {"certilabel": ours, "bare loop": bare}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    with TemporaryDirectory() as folder:
        digits = write_demo(Path(folder)).parent / "digits"
        for repetition in range(REPETITIONS):
            for way, run in ways.items():
                start = time.perf_counter()
                number = run(digits, Path(folder) / f"{way} {repetition}")
                seconds[way].append(time.perf_counter() - start)
    medians = {way: statistics.median(times) for way, times in seconds.items()}
    print(f"{number} images, {REPETITIONS} repetitions in turn\n")
    print(f"{'way':<12}{'median s':>10}{'worst s':>10}{'images/s':>10}")
    for way, median in medians.items():
        print(f"{way:<12}{median:>10.2f}{max(seconds[way]):>10.2f}{number / median:>10.0f}")
    print(f"\nratio {medians['certilabel'] / medians['bare loop']:.2f}, limit {LIMIT:.0f} s")
    return int(medians["certilabel"] > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
