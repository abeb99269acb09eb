"""How the work grows with the number of images: a log-log plot of what `growth` has measured.

`python docs/growth_picture.py FILE …` draws docs/images/growth.svg anew, from what
`python benchmarks/growth.py --json FILE` has written.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

from plotting import Plot

PICTURE = Path(__file__).parent / "images" / "growth.svg"
LEAST, MOST = -3, 3  # exponents of ten of the seconds that are drawn
LINES = {  # part -> what it is called, and its color
    "round": ("a frozen round", "#b3123f"),
    "near-duplicates": ("near-duplicates", "#d97706"),
    "import, rows": ("import, rows", "#4c78d8"),
    "export": ("export as CSV", "#0f766e"),
    "round: storing predictions": ("storing predictions", "#7c3aed"),
    "page Quality": ("Quality, first data", "#6b7280"),
    "round: choosing what is asked": ("choosing what is asked", "#15803d"),
    "page Review": ("Review, first data", "#a16207"),
    "next batch": ("the next batch", "#111827"),
}


def drawn(found: dict[int, dict[str, dict[str, float]]]) -> str:
    """The picture, as SVG."""
    sizes = sorted(found)
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])
    plot = Plot(LEAST, MOST)

    def across(n: int) -> float:
        return (math.log10(n) - low) / (high - low)

    for n in sizes:
        plot.below_axis(across(n), [f"{n:,}"])
    plot.below_axis(0.5, ["", "images; seconds of a processor, both axes logarithmic"])
    for part in sorted(LINES, key=lambda part: -found[sizes[-1]][part]["cpu"]):
        costs = [max(found[n][part]["cpu"], 10**LEAST) for n in sizes]
        points = [(across(n), math.log10(cost)) for n, cost in zip(sizes, costs, strict=True)]
        plot.line(points, *LINES[part])
    return plot.svg()


def main(files: list[str]) -> None:
    """Read what was measured, and draw it."""
    found: dict[int, dict[str, dict[str, float]]] = {}
    for file in files:
        told = json.loads(Path(file).read_text())
        found |= {int(n): costs for n, costs in told["images"].items()}
    PICTURE.write_text(drawn(found))


if __name__ == "__main__":
    main(sys.argv[1:])
