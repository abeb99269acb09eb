"""The charts: one function each, from rows of the model to an Altair chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from annotator.model import ClassRatio, Confusion, CurvePoint, EpochPoint, Round

ACCENT, _SECOND = "#14a396", "#d97706"  # read well on light and on dark
_NAMES = {"ssl": "semi-supervised", "baseline": "labels only"}
_COLORS = alt.Scale(domain=["semi-supervised", "labels only"], range=[ACCENT, _SECOND])
_MODEL = alt.Color(
    "model:N", title=None, scale=_COLORS, legend=alt.Legend(orient="top", symbolOpacity=1)
)
_DOTS = alt.OverlayMarkDef(size=50, color=ACCENT)
_HEIGHT = 300  # pixels

Drawn = Any  # Altair's own chart types do not survive its chained calls


def _percent(title: str, *, low: float = 0.0) -> alt.Axis | alt.Y:
    return alt.Y(
        "value:Q",
        title=title,
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[low, 1.0], clamp=True),
    )


def learning_curve(points: Sequence[CurvePoint], measure: str) -> Drawn:
    """Test accuracy against labels, both models; plain accuracy carries its exact 95 % band."""
    rows = pd.DataFrame(
        {
            "labels": each.labels,
            "model": _NAMES[each.model],
            "value": each.accuracy if measure == "accuracy" else each.balanced_accuracy,
            "low": each.low,
            "high": each.high,
            "round": each.round,
            "n": each.n,
        }
        for each in points
    )
    base = alt.Chart(rows, height=_HEIGHT).encode(
        x=alt.X(
            "labels:Q",
            title="labels to learn from",
            axis=alt.Axis(format=",d", tickMinStep=1, tickCount=8),
        ),
        color=_MODEL,
    )
    tooltip = ["round", "labels", "model", "n"]
    line = base.mark_line(point=alt.OverlayMarkDef(size=50)).encode(
        y=_percent(f"{measure} (test)"),
        tooltip=[*tooltip, alt.Tooltip("value:Q", title=measure, format=".1%")],
    )
    if measure != "accuracy":
        return alt.layer(line)
    band = base.mark_area(opacity=0.15).encode(y="low:Q", y2="high:Q")
    whisker = base.mark_rule(opacity=0.5).encode(y="low:Q", y2="high:Q")  # one round has no band
    return alt.layer(band, whisker, line)


def losses(points: Sequence[EpochPoint]) -> Drawn:
    """Training loss by step, both models."""
    rows = pd.DataFrame(
        {"step": each.step, "model": _NAMES[each.model], "loss": each.loss} for each in points
    )
    return (
        alt.Chart(rows, height=_HEIGHT)
        .mark_line(point=len(points) < 60)
        .encode(
            x=alt.X("step:Q", title="training step", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("loss:Q", title="loss", scale=alt.Scale(zero=False)),
            color=_MODEL,
            tooltip=["model", "step", alt.Tooltip("loss:Q", format=".3f")],
        )
    )


def used_share(points: Sequence[EpochPoint]) -> Drawn:
    """The share of unlabeled images that taught, by step of the semi-supervised model."""
    rows = pd.DataFrame(
        {"step": each.step, "value": each.used} for each in points if each.model == "ssl"
    )
    return (
        alt.Chart(rows, height=_HEIGHT)
        .mark_line(point=_DOTS, color=ACCENT)
        .encode(
            x=alt.X("step:Q", title="training step", axis=alt.Axis(tickMinStep=1)),
            y=_percent("unlabeled images used"),
            tooltip=["step", alt.Tooltip("value:Q", title="used", format=".1%")],
        )
    )


def ratio_by_round(rounds: Sequence[Round]) -> Drawn:
    """The share of the unlabeled pool that is pseudo-labeled, by round."""
    rows = pd.DataFrame(
        {"round": each.number, "value": each.pseudo_ratio, "images": each.pseudo_labels}
        for each in rounds
    )
    return (
        alt.Chart(rows, height=_HEIGHT)
        .mark_line(point=_DOTS, color=ACCENT)
        .encode(
            x=alt.X("round:O", title="round", axis=alt.Axis(labelAngle=0)),
            y=_percent("pseudo-labeled share"),
            tooltip=["round", "images", alt.Tooltip("value:Q", title="share", format=".1%")],
        )
    )


def ratio_by_class(ratios: Sequence[ClassRatio]) -> Drawn:
    """The pseudo-labeled share of each predicted class, by round."""
    rows = pd.DataFrame(
        {
            "round": each.round,
            "class": each.class_name,
            "value": each.pseudo / each.predicted if each.predicted else 0.0,
            "images": f"{each.pseudo:,} of {each.predicted:,}",
        }
        for each in ratios
    )
    return (
        alt.Chart(rows, height=_HEIGHT)
        .mark_line(point=alt.OverlayMarkDef(size=50))
        .encode(
            x=alt.X("round:O", title="round", axis=alt.Axis(labelAngle=0)),
            y=_percent("pseudo-labeled share"),
            color=alt.Color("class:N", title=None),
            tooltip=["round", "class", "images", alt.Tooltip("value:Q", format=".1%")],
        )
    )


def confidences(bins: Sequence[tuple[float, float, int]], threshold: float) -> Drawn:
    """How sure the model is about the unlabeled pool, and where pseudo-labels begin."""
    rows = pd.DataFrame(bins, columns=["low", "high", "images"])
    bars = (
        alt.Chart(rows, height=_HEIGHT)
        .mark_bar(color=ACCENT, opacity=0.8)
        .encode(
            x=alt.X(
                "low:Q",
                bin=alt.Bin(binned=True, step=0.05),
                title="confidence",
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            x2="high:Q",
            y=alt.Y("images:Q", title="unlabeled images", axis=alt.Axis(tickMinStep=1)),
            tooltip=[
                alt.Tooltip("low:Q", format=".0%"),
                alt.Tooltip("high:Q", format=".0%"),
                "images",
            ],
        )
    )
    line = (
        alt.Chart(pd.DataFrame({"threshold": [threshold]}))
        .mark_rule(color=_SECOND, strokeWidth=2, strokeDash=[6, 4])
        .encode(x="threshold:Q", tooltip=[alt.Tooltip("threshold:Q", format=".1%")])
    )
    return alt.layer(bars, line)


def confusion(matrix: Confusion) -> Drawn:
    """What experts said against what the model says, on test images, as counts."""
    rows = pd.DataFrame(
        {"expert": expert, "model": model, "images": count, "share": count / max(sum(line), 1)}
        for expert, line in zip(matrix.classes, matrix.counts, strict=True)
        for model, count in zip(matrix.classes, line, strict=True)
    )
    order = list(matrix.classes)
    base = alt.Chart(rows, height=max(40 * len(order), 200)).encode(
        x=alt.X("model:N", sort=order, title="model", axis=alt.Axis(labelAngle=-30, orient="top")),
        y=alt.Y("expert:N", sort=order, title="expert"),
        tooltip=["expert", "model", "images", alt.Tooltip("share:Q", format=".0%")],
    )
    cells = base.mark_rect(color=ACCENT).encode(
        opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.04, 1]), legend=None)
    )
    white = alt.condition("datum.share > 0.5", alt.value("white"), alt.value("#8a9694"))
    return alt.layer(cells, base.mark_text(fontSize=14).encode(text="images:Q", color=white))
