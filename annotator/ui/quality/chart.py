"""The reliability diagram: how often a model is right where it is so sure, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from annotator.model.judging.rows import SureBin
from annotator.ui.parts.charts import ACCENT, GRAY, HEIGHT, ROOM, Drawn, share, told
from annotator.ui.web.vega import alt
from annotator.ui.words.language import _


def reliability(bins: Sequence[SureBin]) -> Drawn:
    """A point a bin with its exact 95 % interval, beside the line on which both are the same."""
    rows = pd.DataFrame(
        {
            "confidence": each.confidence,
            "right": each.right,
            "low": each.low,
            "high": each.high,
            "images": each.n,
        }
        for each in bins
    )
    lowest = max(0.0, min(each.confidence for each in bins) - 0.05)
    axis = alt.Axis(format=".0%", tickCount=6)
    x = alt.X(
        "confidence:Q",
        title=_("confidence"),
        axis=axis,
        scale=alt.Scale(domain=[lowest, 1], nice=False),
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    base = alt.Chart(rows, height=HEIGHT).encode(
        x=x,
        tooltip=[
            share("confidence", "confidence"),
            share("right", "right"),
            share("low", "95 % from"),
            share("high", "to"),
            *told("images"),
        ],
    )
    y = alt.Y("right:Q", title=_("right (test)"), axis=axis, scale=scale)
    whiskers = base.mark_rule(color=ACCENT, opacity=0.6, strokeWidth=2).encode(
        y=alt.Y("low:Q", title=_("right (test)"), axis=axis, scale=scale), y2="high:Q"
    )
    points = base.mark_point(color=ACCENT, filled=True, size=60, opacity=1).encode(y=y)
    same = (
        alt.Chart(pd.DataFrame({"at": [lowest, 1.0]}))
        .mark_line(color=GRAY, strokeDash=[5, 5])
        .encode(x=alt.X("at:Q", scale=alt.Scale(domain=[lowest, 1], nice=False)), y="at:Q")
    )
    return alt.layer(same, whiskers, points).properties(padding=ROOM)
