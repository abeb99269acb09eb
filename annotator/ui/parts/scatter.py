"""The map of the Data page as a chart in which a box can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from annotator.model import MapPoint
from annotator.ui.parts.charts import ACCENT, GRAY, Drawn
from annotator.ui.parts.charts import told as lines
from annotator.ui.web.vega import alt
from annotator.ui.words.language import _

BOX = "box"  # the name of the selection
HEIGHT = 460  # pixels
MANY = 2_000  # points from which they are drawn small
# Told apart on light and on dark; from the eleventh class on, paler ones
COLORS = (
    "#14a396", "#d97706", "#4c78d8", "#d6457a", "#7aa62c", "#9467bd", "#c9a227", "#5fb3d9",
    "#b5651d", "#e36f6f", "#7fd1c7", "#f0b56b", "#9db4ea", "#eb9dbb", "#bcd38a", "#c5aedd",
)  # fmt: skip
SOURCES = {
    "human": "labeled by an expert",
    "pseudo": "pseudo-labeled",
    "unsure": "below the threshold",
    "new": "not predicted yet",
}
NONE = "none"


def scatter(points: Sequence[MapPoint], color: str, classes: Sequence[str]) -> Drawn:
    """Every point at its place, colored by "label", "pseudo-label", "entropy" or "source"."""
    none = _(NONE)
    rows = pd.DataFrame(
        {
            "x": each.x,
            "y": each.y,
            "image": each.image_id,
            "label": each.label or none,
            "pseudo-label": (each.predicted if each.source == "pseudo" else None) or none,
            "entropy": each.entropy,
            "source": _(SOURCES[each.source]),
        }
        for each in points
    )
    quiet = color in ("label", "pseudo-label")
    # What is gray lies below what says something
    rows = rows.sort_values(color, key=lambda column: column != none) if quiet else rows
    box = alt.selection_interval(name=BOX)
    small = 18 if len(points) > MANY else 45
    told = alt.datum[color] != none  # true of every point where the color is a number
    scale = alt.Scale(domain=[-1.05, 1.05], nice=False)
    return (
        alt.Chart(rows, height=HEIGHT)
        .mark_circle()
        .encode(
            size=alt.condition(told, alt.value(small + (40 if quiet else 0)), alt.value(small)),
            opacity=alt.condition(told, alt.value(0.8), alt.value(0.4)),
            x=alt.X("x:Q", axis=None, scale=scale),
            y=alt.Y("y:Q", axis=None, scale=scale),
            color=_color(color, classes),
            tooltip=[*lines("image", "label", "pseudo-label", "source"), _number("entropy")],
        )
        .add_params(box)
    )


def _color(field: str, classes: Sequence[str]) -> alt.Color:
    if field == "entropy":
        # Straight through the colors: the default way leads through a green that means nothing
        scale = alt.Scale(range=["#9fb0ae", "#d97706", "#b3123f"], interpolate="rgb")
        return alt.Color("entropy:Q", title=[_("doubt"), _("(entropy, nats)")], scale=scale)
    names = [_(each) for each in SOURCES.values()] if field == "source" else [*classes, _(NONE)]
    colors = [COLORS[place % len(COLORS)] for place in range(len(names) - 1)]
    if field == "source":
        colors = ["#d97706", ACCENT, "#4c78d8"]
    return alt.Color(
        f"{field}:N",
        title=None,
        scale=alt.Scale(domain=names, range=[*colors, GRAY]),
        legend=alt.Legend(symbolLimit=40, symbolOpacity=1),
    )


def _number(field: str) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:Q", title=_(field), format=".2f")


def inside(points: Sequence[MapPoint], selection: Mapping[str, Any]) -> list[MapPoint]:
    """The points in the box that was drawn, the most doubtful first; none without a box."""
    box = selection.get(BOX) or {}
    if not ("x" in box and "y" in box):
        return []
    (left, right), (low, high) = sorted(box["x"]), sorted(box["y"])
    found = [each for each in points if left <= each.x <= right and low <= each.y <= high]
    return sorted(found, key=lambda each: (-(each.entropy or 0.0), each.image_id))
