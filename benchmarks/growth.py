"""How time, memory and bytes grow with the number of images, and whether a million fits.

`python benchmarks/growth.py [--images 10000 100000] [--million] [--json FILE]` makes a workspace of
each size, with made-up pixels and embeddings of 512 numbers and no files, and measures each part in
a process of its own. Seconds are of a processor, as other work on the machine does not change
those; memory is what cannot be given back, so without mapped files. Slopes are between the two
largest sizes, in the log-log plot. Ends with 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

MILLION = 1_000_000
STEEPEST = 1.1
FLOOR = 0.5  # seconds below which no slope is told: there it is of what does not grow
# What a million images may take: seconds of a processor
LIMITS = {
    "near-duplicates": 600.0,
    "round": 300.0,
    "round: choosing what is asked": 2.0,
    "round: storing predictions": 15.0,
    "next batch": 0.05,
    "export": 60.0,
    "plan of an audit": 5.0,
}
A_PAGE = 1.0  # seconds
APP, WORKER, DATABASE = 1024.0, 4096.0, 400.0  # MB
OF_APP = ("page", "plan", "next batch", "export")
Costs = dict[str, dict[str, float]]  # part -> cpu, wall, memory


def run(folder: Path, n: int) -> Costs:
    """Measure all parts on a workspace of n images."""
    from growing.parts import PARTS

    found: Costs = {}
    for part in PARTS:
        if part == "again" and n >= MILLION:  # it takes as long as the first round
            continue
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--part", part, "--at", folder, "--images", str(n)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{part} of {n:,} failed:\n{done.stderr}")
        found |= json.loads(done.stdout.splitlines()[-1])
        took = time.perf_counter() - start
        print(f"{n:,} {part}: {took:.0f} s", file=sys.stderr, flush=True)
    sizes = [path.stat().st_size for path in folder.glob("certilabel.db*")]
    found["database"] = {"cpu": 0.0, "wall": 0.0, "memory": sum(sizes) / 1e6}
    return found


def limit(part: str) -> float | None:
    """The most seconds of a processor that a million images may take."""
    return A_PAGE if part.startswith("page") else LIMITS.get(part)


def most(part: str) -> float:
    """The most MB."""
    if part == "database":
        return DATABASE
    return APP if part.startswith(OF_APP) else WORKER


def slope(few: float, many: float, times: float) -> float | None:
    """How steep it is between two sizes; None where it is too little to tell."""
    if many < FLOOR or few <= 0:
        return None
    return math.log(many / few) / math.log(times)


def table(sizes: Sequence[int], found: Mapping[int, Costs]) -> list[str]:
    """Print it; return what misses its limit."""
    missed = []
    heads = [f"{n:,}: CPU s | MB" for n in sizes]
    print("| part | " + " | ".join(heads) + " | slope | limit at a million |")
    print("|---" * (2 * len(sizes) + 3) + "|")
    for part in found[sizes[-1]]:
        cells = []
        for n in sizes:
            cost = found[n].get(part)
            cells += [_seconds(cost, part), f"{cost['memory']:,.0f}" if cost else ""]
        last = found[sizes[-1]][part]
        before = found[sizes[-2]].get(part) if len(sizes) > 1 else None
        times = sizes[-1] / sizes[-2] if before else 1.0
        steep = slope(before["cpu"], last["cpu"], times) if before else None
        told = f"{steep:.2f}" if steep is not None else ""
        bound = limit(part)
        print(f"| {part} | {' | '.join(cells)} | {told} | {'' if bound is None else bound} |")
        if steep is not None and steep > STEEPEST:
            missed.append(f"{part} grows with a slope of {steep:.2f}")
        if sizes[-1] == MILLION:
            if bound is not None and last["cpu"] > bound:
                missed.append(f"{part} takes {last['cpu']:.2f} s, at most {bound}")
            if last["memory"] > most(part):
                missed.append(f"{part} takes {last['memory']:,.0f} MB, at most {most(part):,.0f}")
    return missed


def _seconds(cost: Mapping[str, float] | None, part: str) -> str:
    if cost is None or part == "database":
        return ""
    return f"{cost['wall']:.1f} of a clock" if part.endswith("silence") else f"{cost['cpu']:.3g}"


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="a million as well")
    parser.add_argument("--json", type=Path, help="where the numbers are added")
    parser.add_argument("--folder", type=Path, help="where workspaces are made; a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the workspaces there")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--at", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        from dataclasses import asdict

        from growing.parts import PARTS

        told = PARTS[given.part](given.at, given.images[0])
        print(json.dumps({name: asdict(cost) for name, cost in told.items()}))
        return 0
    sizes = sorted({*given.images, *([MILLION] if given.million else [])})
    found: dict[int, Costs] = {}
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for n in sizes:
            place = (given.folder if given.keep and given.folder else Path(folder)) / f"of-{n}"
            found[n] = run(place, n)
            if not given.keep:
                shutil.rmtree(place)
    if given.json:
        from recording.kept import machine

        given.json.write_text(json.dumps({"machine": machine(), "images": found}, indent=1) + "\n")
    missed = table(sizes, found)
    for each in missed:
        print(f"missed: {each}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
