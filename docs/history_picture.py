"""What benchmarks have cost from version to version: seconds of a processor, on a log scale.

`python docs/history_picture.py` draws docs/images/history.svg anew, from the runs at small scale
that `make bench` has kept in `benchmarks/history/`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "history.svg"
RUNS = ROOT / "benchmarks" / "history"
WIDE, HIGH, LEFT, BOTTOM, RIGHT, TOP = 760, 420, 60, 60, 170, 20  # pixels
COLORS = ("#b3123f", "#d97706", "#4c78d8", "#0f766e", "#7c3aed", "#6b7280", "#15803d", "#111827")


def drawn(runs: Sequence[dict[str, Any]]) -> str:
    """The picture of these runs, the earliest first, as SVG."""
    costs = {
        name: [each["benchmarks"].get(name, {}).get("cpu") for each in runs]
        for name in sorted({name for each in runs for name in each["benchmarks"]})
    }
    seen = [cost for line in costs.values() for cost in line if cost]
    least, most = math.floor(math.log10(min(seen))), math.ceil(math.log10(max(seen)))

    def place(number: int, seconds: float) -> tuple[float, float]:
        across = number / max(len(runs) - 1, 1)
        up = (math.log10(seconds) - least) / max(most - least, 1)
        return LEFT + across * (WIDE - LEFT - RIGHT), HIGH - BOTTOM - up * (HIGH - BOTTOM - TOP)

    parts = []
    for exponent in range(least, most + 1):
        x, y = place(0, 10.0**exponent)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDE - RIGHT}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{10**exponent:g} s</text>'
        )
    for number, each in enumerate(runs):
        x, y = place(number, 10.0**least)
        facts = each["machine"]
        for line, told in enumerate((facts["revision"] or facts["certilabel"], facts["at"][:10])):
            parts.append(
                f'<text x="{x:.1f}" y="{y + 20 + 16 * line:.1f}" text-anchor="middle">{told}</text>'
            )
    below = 0.0
    for number, (name, line) in enumerate(
        sorted(costs.items(), key=lambda each: -(each[1][-1] or 0))
    ):
        color = COLORS[number % len(COLORS)]
        points = [place(n, cost) for n, cost in enumerate(line) if cost]
        if not points:
            continue
        told = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{told}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{color}"/>' for px, py in points
        ]
        below = max(points[-1][1], below + 15)  # names do not lie on one another
        parts.append(
            f'<text x="{WIDE - RIGHT + 8}" y="{below + 4:.1f}" fill="{color}">{name}</text>'
        )
    style = 'font-family="sans-serif" font-size="12" fill="#444"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" {style}>\n'
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def main() -> None:
    """Read what was kept, and draw it."""
    files = sorted(RUNS.glob("*-small.json"))
    PICTURE.write_text(drawn([json.loads(file.read_text(encoding="utf-8")) for file in files]))


if __name__ == "__main__":
    main()
