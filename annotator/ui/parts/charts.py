"""The charts: one function each, from rows of the model to an Altair chart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from annotator.model import CurvePoint, EpochPoint, Model, Round
from annotator.ui.web.vega import alt
from annotator.ui.words.language import _
from annotator.wording import baseline

ACCENT, _SECOND = "#14a396", "#d97706"  # read well on light and on dark
GRAY = "#8a9694"
_COLORS: dict[Model, str] = {"ssl": ACCENT, "baseline": _SECOND}
_NAMES: dict[Model, str] = {"ssl": "semi-supervised", "baseline": "labels only"}
_DOTS = alt.OverlayMarkDef(size=50, color=ACCENT)
HEIGHT = 320  # pixels
ROOM = {"right": 8}  # pixels: the last percent sign of an axis is drawn wider than measured
LEGEND = 320  # pixels that a name in a legend may have

Drawn = Any  # Altair's own chart types do not survive its chained calls


def named(limit: int, angle: int = 0) -> alt.Axis:
    """An axis that names every class, however many there are.

    A name that is longer than `limit` pixels is cut; where the pointer is, it stands in full.
    """
    return alt.Axis(labelLimit=limit, labelAngle=angle, labelOverlap=False)


def _named() -> dict[Model, str]:
    """What the models are called, in the language of whoever looks."""
    return {model: _(name) for model, name in _NAMES.items()}


def _count(field: str) -> alt.Tooltip:
    """A line of a tooltip that shows a whole number."""
    return alt.Tooltip(f"{field}:Q", title=_(field), format=",d")


def _model(names: Mapping[Model, str]) -> alt.Color:
    """The two models, with the legend above, where no line is."""
    return alt.Color(
        "model:N",
        title=None,
        scale=alt.Scale(domain=list(names.values()), range=[_COLORS[model] for model in names]),
        legend=alt.Legend(orient="top", symbolOpacity=1, offset=12, labelLimit=LEGEND),
    )


def _percent(title: str, *, low: float = 0.0, field: str = "value") -> alt.Y:
    return alt.Y(
        f"{field}:Q",
        title=_(title),
        axis=alt.Axis(format=".0%", tickCount=6),
        scale=alt.Scale(domain=[low, 1.0], clamp=True, nice=False),
    )


def share(name: str, title: str) -> alt.Tooltip:
    """A line of a tooltip that shows the field `name` in percent."""
    return alt.Tooltip(f"{name}:Q", title=_(title), format=".1%")


def told(*fields: str) -> list[alt.Tooltip]:
    """Lines of a tooltip, each named as its field is."""
    return [alt.Tooltip(field, title=_(field)) for field in fields]


def learning_curve(stretches: Sequence[Sequence[CurvePoint]], measure: str) -> Drawn:
    """Test accuracy against labels, both models, each with its 95 % band.

    Where other test images measure than before, the lines break, at a dashed one.

    Args:
        stretches: the points, parted where others measure.
        measure: "accuracy", or "balanced accuracy".
    """
    plain = measure == "accuracy"
    points = [each for stretch in stretches for each in stretch]
    # A round may have another baseline than the one before: the line is of all, a point says which
    learners = dict.fromkeys(each.learner for each in points if each.model == "baseline")
    names = {**_named(), "baseline": _(baseline(", ".join(learners)))}
    rows = pd.DataFrame(
        {
            "labels": each.labels,
            "model": names[each.model],
            "learner": each.learner,
            "value": each.accuracy if plain else each.balanced_accuracy,
            "low": each.low if plain else each.balanced_low,
            "high": each.high if plain else each.balanced_high,
            "round": each.round,
            "n": each.n,
            "stretch": number,
        }
        for number, stretch in enumerate(stretches)
        for each in stretch
    )
    base = alt.Chart(rows, height=HEIGHT).encode(
        x=alt.X(
            "labels:Q",
            title=_("labels to learn from"),
            axis=alt.Axis(format=",d", tickMinStep=1, tickCount=8),
        ),
        color=_model(names),
        detail="stretch:N",
    )
    bottom = math.floor(10 * min(min(each.low, each.balanced_low) for each in points)) / 10
    y = _percent(f"{measure} (test)", low=bottom)
    line = base.mark_line(point=alt.OverlayMarkDef(size=50)).encode(y=y)
    shown = told("model", "learner", "round")
    shown += [_count("labels"), share("value", measure)]
    shown += [share("low", "95 % from"), share("high", "to")]
    shown.append(alt.Tooltip("n:Q", title=_("test images"), format=",d"))
    nearest = alt.selection_point(nearest=True, on="pointerover", fields=["labels", "model"])
    hover = base.mark_point(opacity=0).encode(y=y, tooltip=shown).add_params(nearest)
    lowest = _percent(f"{measure} (test)", low=bottom, field="low")
    band = base.mark_area(opacity=0.15).encode(y=lowest, y2="high:Q")
    whisker = base.mark_rule(opacity=0.5).encode(y=lowest, y2="high:Q")  # one round has no band
    return alt.layer(band, whisker, *_breaks(stretches), line, hover)


def _breaks(stretches: Sequence[Sequence[CurvePoint]]) -> list[Drawn]:
    """A dashed line before each round that other test images measure; none where none do."""
    rows = [
        {"labels": (before[-1].labels + after[0].labels) / 2, "n": after[0].n}
        for before, after in pairwise(stretches)
    ]
    rule = alt.Chart(pd.DataFrame(rows)).mark_rule(strokeDash=[4, 4], color=GRAY)
    told = alt.Tooltip("n:Q", title=_("test images from here on"), format=",d")
    return [rule.encode(x="labels:Q", tooltip=told)] if rows else []


def learners(points: Sequence[EpochPoint]) -> Iterator[tuple[EpochPoint, int]]:
    """Each point with the number of its learner, from 1: steps that begin anew are the next one's.

    Args:
        points: in the order in which they were recorded, one model after the other.
    """
    before: EpochPoint | None = None
    number = 1
    for each in points:
        if before is None or each.model != before.model:
            number = 1
        elif each.step <= before.step:
            number += 1
        before = each
        yield each, number


def losses(points: Sequence[EpochPoint]) -> Drawn:
    """Training loss by step of each model that has any; one made of several has a line for each."""
    there = {each.model for each in points}
    rows = pd.DataFrame(
        {"step": each.step, "model": _named()[each.model], "loss": each.loss, "learner": learner}
        for each, learner in learners(points)
    )
    return (
        alt.Chart(rows, height=HEIGHT)
        .mark_line(point=len(points) < 60)
        .encode(
            x=_steps(),
            y=alt.Y("loss:Q", title=_("loss"), scale=alt.Scale(zero=False)),
            color=_model({key: name for key, name in _named().items() if key in there}),
            detail="learner:N",
            tooltip=[
                *told("model", "learner", "step"),
                alt.Tooltip("loss:Q", title=_("loss"), format=".3f"),
            ],
        )
    )


def used_share(points: Sequence[EpochPoint]) -> Drawn:
    """The share of unlabeled images that taught, by step of the semi-supervised model."""
    rows = pd.DataFrame(
        {"step": each.step, "value": each.used, "learner": learner}
        for each, learner in learners(points)
        if each.model == "ssl"
    )
    return (
        alt.Chart(rows, height=HEIGHT)
        .mark_line(point=_DOTS, color=ACCENT)
        .encode(
            x=_steps(),
            y=_percent("unlabeled images that taught"),
            detail="learner:N",
            tooltip=[*told("learner", "step"), share("value", "taught")],
        )
    )


def _steps() -> alt.X:
    return alt.X(
        "step:Q",
        title=_("training step"),
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
    shown = [*told("round"), alt.Tooltip("images:Q", title=_("pseudo-labels"), format=",d")]
    return (
        alt.Chart(rows, height=HEIGHT)
        .mark_line(point=_DOTS, color=ACCENT)
        .encode(
            x=alt.X("round:O", title=_("round"), axis=alt.Axis(labelAngle=0)),
            y=_percent("pseudo-labeled share"),
            tooltip=[*shown, share("value", "share"), share("threshold", "threshold")],
        )
    )


def confidences(bins: Sequence[tuple[float, float, int]], threshold: float) -> Drawn:
    """How sure the model is about the unlabeled pool, and where pseudo-labels begin."""
    rows = pd.DataFrame(bins, columns=["low", "high", "images"])
    bars = (
        alt.Chart(rows, height=HEIGHT)
        .mark_bar(color=ACCENT, opacity=0.8)
        .encode(
            x=alt.X(
                "low:Q",
                bin=alt.Bin(binned=True, step=0.05),
                title=_("confidence"),
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            x2="high:Q",
            y=alt.Y("images:Q", title=_("unlabeled images"), axis=alt.Axis(tickMinStep=1)),
            tooltip=[
                alt.Tooltip("low:Q", title=_("from"), format=".0%"),
                alt.Tooltip("high:Q", title=_("to"), format=".0%"),
                _count("images"),
            ],
        )
    )
    line = alt.Chart(pd.DataFrame({"threshold": [threshold]})).encode(x="threshold:Q")
    rule = line.mark_rule(color=_SECOND, strokeWidth=2, strokeDash=[6, 4]).encode(
        tooltip=[share("threshold", "threshold")]
    )
    name = line.mark_text(color=_SECOND, align="right", y=-8).encode(  # above all bars
        text=alt.value(_(f"threshold {100 * threshold:.0f}\N{NO-BREAK SPACE}%"))
    )
    return alt.layer(bars, rule, name).properties(padding=ROOM)


def labels_by_class(counts: Mapping[str, int]) -> Drawn:
    """How many labels each class has, with the number at the end of its bar."""
    rows = pd.DataFrame({"class": list(counts), "labels": list(counts.values())})
    base = alt.Chart(rows, height=alt.Step(30)).encode(
        x=alt.X(
            "labels:Q",
            title=_("labels"),
            axis=alt.Axis(tickMinStep=1, format=",d"),
            scale=alt.Scale(domain=[0, 1.08 * max(*counts.values(), 1)], nice=False),
        ),
        y=alt.Y("class:N", sort=list(counts), title=None, axis=named(140)),
        tooltip=told("class", "labels"),
    )
    numbers = base.mark_text(align="left", dx=5, color=GRAY).encode(text=alt.Text("labels:Q"))
    return alt.layer(base.mark_bar(color=ACCENT), numbers)
