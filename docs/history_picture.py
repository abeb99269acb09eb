"""What benchmarks have cost from version to version: seconds of a processor, on a log scale.

`python docs/history_picture.py` draws docs/images/history.svg anew, from the runs at small scale
that `make bench` has kept in `benchmarks/history/`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from plotting import Plot

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "history.svg"
RUNS = ROOT / "benchmarks" / "history"
COLORS = ("#b3123f", "#d97706", "#4c78d8", "#0f766e", "#7c3aed", "#6b7280", "#15803d", "#111827")
ALIKE = ("cores", "processor", "threads")  # of machines whose seconds compare


def drawn(runs: Sequence[dict[str, Any]]) -> str:
    """The picture of those runs whose machine is like the newest one's, the earliest first, as SVG.

    A benchmark that failed or could not run has cost nothing that tells anything.
    """
    like = [runs[-1]["machine"][each] for each in ALIKE]
    runs = [each for each in runs if [each["machine"][name] for name in ALIKE] == like]
    costs = {
        name: [_cost(each["benchmarks"].get(name)) for each in runs]
        for name in sorted({name for each in runs for name in each["benchmarks"]})
    }
    seen = [math.log10(cost) for line in costs.values() for cost in line if cost]
    plot = Plot(math.floor(min(seen)), math.ceil(max(seen)))
    last = max(len(runs) - 1, 1)
    for number, each in enumerate(runs):
        facts = each["machine"]
        told = [facts["revision"] or facts["certilabel"], facts["at"][:10]]
        plot.below_axis(number / last, told)
    lines = sorted(costs.items(), key=lambda each: -(each[1][-1] or 0))
    for (name, line), color in zip(lines, cycle(COLORS)):
        points = [(n, math.log10(cost)) for n, cost in enumerate(line) if cost]
        if points:
            plot.line([(n / last, exponent) for n, exponent in points], name, color)
    return plot.svg()


def _cost(ran: dict[str, Any] | None) -> float | None:
    return ran["cpu"] if ran and ran["status"] == 0 else None


def main() -> None:
    """Read what was kept, and draw it."""
    files = sorted(RUNS.glob("*-small.json"))
    if not files:
        raise SystemExit("No run is kept yet: `make bench` makes one.")
    PICTURE.write_text(drawn([json.loads(file.read_text(encoding="utf-8")) for file in files]))


if __name__ == "__main__":
    main()
