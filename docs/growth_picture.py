"""How the work grows with the number of images: a log-log plot of what `growth` has measured.

`python docs/growth_picture.py FILE …` draws docs/images/growth.svg anew, from what
`python benchmarks/growth.py --json FILE` has written.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

PICTURE = Path(__file__).parent / "images" / "growth.svg"
WIDE, HIGH, LEFT, BOTTOM, RIGHT, TOP = 760, 420, 60, 50, 190, 20  # pixels
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

    def place(n: float, seconds: float) -> tuple[float, float]:
        across = (math.log10(n) - low) / (high - low)
        up = (math.log10(seconds) - LEAST) / (MOST - LEAST)
        return LEFT + across * (WIDE - LEFT - RIGHT), HIGH - BOTTOM - up * (HIGH - BOTTOM - TOP)

    parts = []
    for exponent in range(LEAST, MOST + 1):
        x, y = place(sizes[0], 10**exponent)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDE - RIGHT}" stroke="#ddd"/>')
        told = f"{10**exponent:,} s" if exponent >= 0 else f"{10.0**exponent:g} s"
        parts.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{told}</text>')
    for n in sizes:
        x, y = place(n, 10**LEAST)
        parts.append(f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle">{n:,}</text>')
    x, y = place(math.sqrt(sizes[0] * sizes[-1]), 10**LEAST)
    said = "images; seconds of a processor, both axes logarithmic"
    parts.append(f'<text x="{x:.1f}" y="{y + 40:.1f}" text-anchor="middle">{said}</text>')
    below = 0.0
    ends = sorted(LINES, key=lambda part: -found[sizes[-1]][part]["cpu"])
    for part in ends:
        name, color = LINES[part]
        points = [place(n, max(found[n][part]["cpu"], 10**LEAST)) for n in sizes]
        line = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{color}"/>' for px, py in points
        ]
        below = max(points[-1][1], below + 15)  # names do not lie on one another
        x = points[-1][0] + 8
        parts.append(f'<text x="{x:.1f}" y="{below + 4:.1f}" fill="{color}">{name}</text>')
    style = 'font-family="sans-serif" font-size="12" fill="#444"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" {style}>\n'
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def main(files: list[str]) -> None:
    """Read what was measured, and draw it."""
    found: dict[int, dict[str, dict[str, float]]] = {}
    for file in files:
        told = json.loads(Path(file).read_text())
        found |= {int(n): costs for n, costs in told["images"].items()}
    PICTURE.write_text(drawn(found))


if __name__ == "__main__":
    main(sys.argv[1:])
