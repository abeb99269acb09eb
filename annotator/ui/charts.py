"""The charts: one function each, from rows of the model to an Altair chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from annotator.model import ClassRatio, Confusion, CurvePoint, EpochPoint, Round

ACCENT, _SECOND = "#14a396", "#d97706"  # read well on light and on dark
_GRAY = "#8a9694"
_NAMES = {"ssl": "semi-supervised", "baseline": "labels only"}
_COLORS = alt.Scale(domain=list(_NAMES.values()), range=[ACCENT, _SECOND])
_DOTS = alt.OverlayMarkDef(size=50, color=ACCENT)
_HEIGHT = 320  # pixels
_FEW = 12  # so many rounds leave room for a number in each cell

Drawn = Any  # Altair's own chart types do not survive its chained calls


def _model(corner: str) -> alt.Color:
    """The two models, with the legend in a corner of the plot that its lines leave free."""
    return alt.Color(
        "model:N",
        title=None,
        scale=_COLORS,
        legend=alt.Legend(orient=corner, symbolOpacity=1, offset=12),  # type: ignore[arg-type]
    )


def _percent(title: str, *, low: float = 0.0, field: str = "value") -> alt.Y:
    return alt.Y(
        f"{field}:Q",
        title=title,
        axis=alt.Axis(format=".0%", tickCount=6),
        scale=alt.Scale(domain=[low, 1.0], clamp=True, nice=False),
    )


def _share(name: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:Q", title=title, format=".1%")


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
        color=_model("bottom-right"),
    )
    bottom = math.floor(10 * min(min(each.low, each.balanced_accuracy) for each in points)) / 10
    y = _percent(f"{measure} (test)", low=bottom)
    line = base.mark_line(point=alt.OverlayMarkDef(size=50)).encode(y=y)
    shown = ["model", "round", alt.Tooltip("labels:Q", format=",d"), _share("value", measure)]
    if measure == "accuracy":
        shown += [_share("low", "95 % from"), _share("high", "to")]
    shown.append(alt.Tooltip("n:Q", title="test images", format=",d"))
    nearest = alt.selection_point(nearest=True, on="pointerover", fields=["labels", "model"])
    hover = base.mark_point(opacity=0).encode(y=y, tooltip=shown).add_params(nearest)
    if measure != "accuracy":
        return alt.layer(line, hover)
    lowest = _percent(f"{measure} (test)", low=bottom, field="low")
    band = base.mark_area(opacity=0.15).encode(y=lowest, y2="high:Q")
    whisker = base.mark_rule(opacity=0.5).encode(y=lowest, y2="high:Q")  # one round has no band
    return alt.layer(band, whisker, line, hover)


def losses(points: Sequence[EpochPoint]) -> Drawn:
    """Training loss by step, both models."""
    rows = pd.DataFrame(
        {"step": each.step, "model": _NAMES[each.model], "loss": each.loss} for each in points
    )
    return (
        alt.Chart(rows, height=_HEIGHT)
        .mark_line(point=len(points) < 60)
        .encode(
            x=_steps(),
            y=alt.Y("loss:Q", title="loss", scale=alt.Scale(zero=False)),
            color=_model("top-right"),
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
            x=_steps(),
            y=_percent("unlabeled images that taught"),
            tooltip=["step", _share("value", "taught")],
        )
    )


def _steps() -> alt.X:
    return alt.X(
        "step:Q",
        title="training step",
        axis=alt.Axis(tickMinStep=1, tickCount=8, format=",d"),
        scale=alt.Scale(domainMin=0),
    )


def ratio_by_round(rounds: Sequence[Round]) -> Drawn:
    """The share of the unlabeled pool that is pseudo-labeled, by round."""
    rows = pd.DataFrame(
        {
            "round": each.number,
            "value": each.pseudo_ratio,
            "images": each.pseudo_labels,
            "threshold": each.threshold,
        }
        for each in rounds
    )
    shown = ["round", alt.Tooltip("images:Q", title="pseudo-labels", format=",d")]
    return (
        alt.Chart(rows, height=_HEIGHT)
        .mark_line(point=_DOTS, color=ACCENT)
        .encode(
            x=alt.X("round:O", title="round", axis=alt.Axis(labelAngle=0)),
            y=_percent("pseudo-labeled share"),
            tooltip=[*shown, _share("value", "share"), _share("threshold", "threshold")],
        )
    )


def ratio_by_class(ratios: Sequence[ClassRatio]) -> Drawn:
    """The pseudo-labeled share of each predicted class, by round, as a table of shades."""
    rows = pd.DataFrame(
        {
            "round": each.round,
            "class": each.class_name,
            "share": each.pseudo / each.predicted if each.predicted else 0.0,
            "images": f"{each.pseudo:,} of {each.predicted:,}",
        }
        for each in ratios
    )
    order = list(dict.fromkeys(rows["class"]))
    base = alt.Chart(rows, height=max(_HEIGHT, 24 * len(order))).encode(
        x=alt.X("round:O", title="round", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("class:N", sort=order, title="predicted class"),
        tooltip=["round", "class", _share("share", "pseudo-labeled"), "images"],
    )
    return _shades(base, "share:Q", ".0%", numbers=rows["round"].nunique() <= _FEW)


def _shades(base: Drawn, text: str, format_: str, *, numbers: bool) -> Drawn:
    """Cells shaded by `share`, each with its number where there is room."""
    opacity = alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None)
    cells = base.mark_rect(color=ACCENT).encode(opacity=opacity)
    if not numbers:
        return cells
    white = alt.condition("datum.share > 0.5", alt.value("white"), alt.value(_GRAY))
    label = alt.Text(text, format=format_)
    return alt.layer(cells, base.mark_text(fontSize=13).encode(text=label, color=white))


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
                alt.Tooltip("low:Q", title="from", format=".0%"),
                alt.Tooltip("high:Q", title="to", format=".0%"),
                alt.Tooltip("images:Q", format=",d"),
            ],
        )
    )
    line = alt.Chart(pd.DataFrame({"threshold": [threshold]})).encode(x="threshold:Q")
    rule = line.mark_rule(color=_SECOND, strokeWidth=2, strokeDash=[6, 4]).encode(
        tooltip=[_share("threshold", "threshold")]
    )
    name = line.mark_text(color=_SECOND, align="right", dx=-6, y=10).encode(
        text=alt.value(f"threshold {threshold:.0%}")
    )
    return alt.layer(bars, rule, name)


def confusion(matrix: Confusion) -> Drawn:
    """What experts said against what the model says, on test images, as counts."""
    rows = pd.DataFrame(
        {"expert": expert, "model": model, "images": count, "share": count / max(sum(line), 1)}
        for expert, line in zip(matrix.classes, matrix.counts, strict=True)
        for model, count in zip(matrix.classes, line, strict=True)
    )
    order = list(matrix.classes)
    angle = (
        -30 if max(map(len, order)) * len(order) > 60 else 0
    )  # long names do not fit side by side
    base = alt.Chart(rows, height=max(32 * len(order) + 60, 240)).encode(
        x=alt.X("model:N", sort=order, title="model", axis=alt.Axis(labelAngle=angle)),
        y=alt.Y("expert:N", sort=order, title="expert"),
        tooltip=["expert", "model", "images", alt.Tooltip("share:Q", format=".0%")],
    )
    return _shades(base, "images:Q", ",d", numbers=True)


def labels_by_class(counts: Mapping[str, int]) -> Drawn:
    """How many labels each class has, with the number at the end of its bar."""
    rows = pd.DataFrame({"class": list(counts), "labels": list(counts.values())})
    base = alt.Chart(rows, height=alt.Step(30)).encode(
        x=alt.X(
            "labels:Q",
            title="labels",
            axis=alt.Axis(tickMinStep=1, format=",d"),
            scale=alt.Scale(domain=[0, 1.08 * max(*counts.values(), 1)], nice=False),
        ),
        y=alt.Y("class:N", sort=list(counts), title=None),
        tooltip=["class", "labels"],
    )
    numbers = base.mark_text(align="left", dx=5, color=_GRAY).encode(text=alt.Text("labels:Q"))
    return alt.layer(base.mark_bar(color=ACCENT), numbers)
