"""A plot of seconds on a logarithmic axis, as SVG: lines with their names at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDE, HIGH, LEFT, BOTTOM, RIGHT, TOP = 760, 420, 60, 60, 190, 20  # pixels


class Plot:
    """Lines over places from 0 to 1; upwards go exponents of ten, from `least` to `most`."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, max(most, least + 1)
        self.below = 0.0  # y of the lowest name so far
        self.parts: list[str] = []
        for exponent in range(self.least, self.most + 1):
            x, y = self.place(0, exponent)
            self.parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDE - RIGHT}" stroke="#ddd"/>')
            told = f"{10**exponent:,} s" if exponent >= 0 else f"{10.0**exponent:g} s"
            self.parts.append(
                f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{told}</text>'
            )

    def place(self, across: float, exponent: float) -> tuple[float, float]:
        """Where that is, in pixels."""
        up = (exponent - self.least) / (self.most - self.least)
        return LEFT + across * (WIDE - LEFT - RIGHT), HIGH - BOTTOM - up * (HIGH - BOTTOM - TOP)

    def below_axis(self, across: float, lines: Iterable[str]) -> None:
        """Write below the axis."""
        x, y = self.place(across, self.least)
        for number, told in enumerate(lines):
            at = y + 20 + 16 * number
            self.parts.append(f'<text x="{x:.1f}" y="{at:.1f}" text-anchor="middle">{told}</text>')

    def line(self, points: Sequence[tuple[float, float]], name: str, color: str) -> None:
        """Draw a line; the one that ends highest comes first, so that no name lies on another."""
        found = [self.place(*point) for point in points]
        told = " ".join(f"{x:.1f},{y:.1f}" for x, y in found)
        self.parts.append(
            f'<polyline points="{told}" fill="none" stroke="{color}" stroke-width="2"/>'
        )
        self.parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in found
        ]
        self.below = max(found[-1][1], self.below + 15)
        x = WIDE - RIGHT + 8
        self.parts.append(f'<text x="{x}" y="{self.below + 4:.1f}" fill="{color}">{name}</text>')

    def svg(self) -> str:
        """The picture."""
        style = 'font-family="sans-serif" font-size="12" fill="#444"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" {style}>\n'
            f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>\n'
            + "\n".join(self.parts)
            + "\n</svg>\n"
        )
