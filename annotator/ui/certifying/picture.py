"""The pictures: what audits of several sizes release, and what one saw along the order."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from annotator.model.auditing.plans import Offer
from annotator.model.auditing.results import Certificate
from annotator.ui.parts.charts import ACCENT, GRAY, HEIGHT, LEGEND, Drawn, share
from annotator.ui.web.vega import alt
from annotator.ui.words.language import _

_SHOWN = {"coverage": "released on the mean", "chance": "chance that anything is"}


def offers(found: Sequence[Offer], labels: int | None) -> Drawn:
    """Expected coverage and chance against the number of labels, and the number that is chosen."""
    rows = pd.DataFrame(
        {"labels": each.labels, "of": _(said), "value": getattr(each, name)}
        for each in found
        for name, said in _SHOWN.items()
    )
    lines = (
        alt.Chart(rows, height=HEIGHT)
        .mark_line(point=True)
        .encode(
            x=alt.X("labels:Q", title=_("labels"), axis=alt.Axis(format=",d")),
            y=alt.Y(
                "value:Q",
                title=None,
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color(
                "of:N",
                title=None,
                scale=alt.Scale(domain=[_(each) for each in _SHOWN.values()], range=[ACCENT, GRAY]),
                legend=alt.Legend(orient="top", labelLimit=LEGEND),
            ),
            tooltip=[
                "of",
                alt.Tooltip("labels:Q", title=_("labels"), format=",d"),
                share("value", "share"),
            ],
        )
    )
    chosen = alt.Chart(pd.DataFrame({"labels": [] if labels is None else [labels]}))
    return alt.layer(lines, chosen.mark_rule(strokeDash=[6, 4], color=GRAY).encode(x="labels:Q"))


def curve(found: Certificate) -> Drawn:
    """Precision along the order: what was seen, and a lower line that holds for all of it."""
    rows = pd.DataFrame(
        {"k": each.k, "seen": each.observed, "low": max(each.low, 0.0)} for each in found.curve
    )
    base = alt.Chart(rows, height=HEIGHT).encode(
        x=alt.X("k:Q", title=_("surest guesses"), axis=alt.Axis(format=",d")),
        tooltip=[
            alt.Tooltip("k:Q", title=_("guesses"), format=",d"),
            share("seen", "of the audited right"),
            share("low", "at least right"),
        ],
    )
    y = alt.Y(
        "low:Q",
        title=_("right"),
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[0, 1], clamp=True),
    )
    low = base.mark_line(point=True, color=ACCENT).encode(y=y)
    seen = base.mark_point(color=GRAY).encode(y=alt.Y("seen:Q", title=_("right")))
    released = alt.Chart(pd.DataFrame({"k": [found.released]})).mark_rule(
        strokeDash=[6, 4], color=GRAY
    )
    return alt.layer(low, seen, released.encode(x="k:Q"))
