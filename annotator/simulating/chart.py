"""Mean learning curves with their bands, drawn as SVG: no library, no script, no network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from annotator.errors import AnnotatorError
from annotator.simulating.compare import Mean

# Okabe and Ito's palette: told apart by color-blind readers too
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6f6f6f", "#000000")
DASHES = ("none", "7 4", "2 3")  # a second and a third round of the colors
WIDTH, HEIGHT = 860, 480  # pixels
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 48, 56  # margins
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.title{font-size:16px;font-weight:600}"
    "line{stroke:#ddd}"
)


def write(means: Sequence[Mean], path: Path) -> None:
    """Write the chart to a file whose name ends in .svg or .html.

    Raises:
        AnnotatorError: another ending, nothing to draw, or a place that cannot be written.
    """
    check(path)
    if not means:
        raise AnnotatorError("No round was played, so there is no curve to draw.")
    picture = svg(means)
    if path.suffix.lower() == ".html":
        picture = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f"<title>Learning curves</title><body>{picture}</body></html>"
        )
    try:
        path.write_text(picture + "\n", encoding="utf-8")
    except OSError as problem:
        raise AnnotatorError(f"Cannot write {path}: {problem.strerror}.") from problem


def check(path: Path) -> None:
    """Judge, before hours of simulation, whether a chart can be written there.

    Raises:
        AnnotatorError: it cannot.
    """
    if path.suffix.lower() not in (".svg", ".html"):
        raise AnnotatorError(f"--chart {path} must end in .svg or .html.")
    if not path.absolute().parent.is_dir():
        raise AnnotatorError(f"There is no folder {path.absolute().parent} for the chart.")


def svg(means: Sequence[Mean]) -> str:
    """The chart: labels against test accuracy, one line and one band (± 1 sd) a policy."""
    scale = Scale(means)
    parts = [*_axes(scale, means)]
    for place, (policy, points) in enumerate(groupby(means, key=lambda each: each.policy)):
        parts += _curve(scale, list(points), policy, place)
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="Learning curves">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>{body}</svg>'
    )


class Scale:
    """Where labels and accuracies lie on the picture."""

    def __init__(self, means: Sequence[Mean]) -> None:
        labels = [each.labels for each in means]
        self.first, self.last = min(labels), max(labels)
        lowest = min(each.accuracy - each.sd for each in means)
        self.bottom = max(0.0, math.floor(lowest * 10) / 10)
        if self.bottom == 1:
            self.bottom = 0.9

    def x(self, labels: float) -> float:
        """Pixels from the left."""
        share = (labels - self.first) / (self.last - self.first or 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, accuracy: float) -> float:
        """Pixels from the top."""
        share = (min(max(accuracy, self.bottom), 1.0) - self.bottom) / (1 - self.bottom)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes(scale: Scale, means: Sequence[Mean]) -> Iterator[str]:
    seeds = max(each.seeds for each in means)
    band = f"mean of {seeds} seeds, band: ± 1 standard deviation" if seeds > 1 else "one seed"
    yield f'<text class="title" x="{LEFT}" y="24">Test accuracy ({band})</text>'
    step = 0.1 if scale.bottom < 0.8 else 0.05 if scale.bottom < 0.9 else 0.02
    for number in range(round((1 - scale.bottom) / step) + 1):
        accuracy = scale.bottom + number * step
        y = scale.y(accuracy)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{accuracy:.0%}</text>'
    marks = sorted({each.labels for each in means})
    for labels in marks[:: -(-len(marks) // 9)]:
        yield (
            f'<text x="{scale.x(labels):.1f}" y="{HEIGHT - BOTTOM + 20}" '
            f'text-anchor="middle">{labels:,.0f}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">labels to learn from</text>'


def _curve(scale: Scale, points: Sequence[Mean], policy: str, place: int) -> Iterator[str]:
    color = COLORS[place % len(COLORS)]
    dash = DASHES[place // len(COLORS) % len(DASHES)]
    upper = [(scale.x(each.labels), scale.y(each.accuracy + each.sd)) for each in points]
    lower = [(scale.x(each.labels), scale.y(each.accuracy - each.sd)) for each in points]
    line = [(scale.x(each.labels), scale.y(each.accuracy)) for each in points]
    yield f'<polygon points="{_path([*upper, *reversed(lower)])}" fill="{color}" opacity=".15"/>'
    yield (
        f'<polyline points="{_path(line)}" fill="none" stroke="{color}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/>'
    )
    for each, (x, y) in zip(points, line, strict=True):
        told = f"{policy}: {each.labels:,.0f} labels, {each.accuracy:.1%} ± {each.sd:.1%}"
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}">'
            f"<title>{escape(told)}</title></circle>"
        )
    y = TOP + 14 + 22 * place
    x = WIDTH - RIGHT + 18
    yield (
        f'<polyline points="{x},{y - 4} {x + 22},{y - 4}" stroke="{color}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/><text x="{x + 30}" y="{y}">{escape(policy)}</text>'
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
