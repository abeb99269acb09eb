"""The tables of shaded cells: pseudo-labels by class and round, and the confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from annotator.model import ClassRatio, Confusion
from annotator.ui.parts.charts import ACCENT, HEIGHT, Drawn, named, share, told
from annotator.ui.web.vega import alt
from annotator.ui.words.language import _

Theme = Literal["light", "dark"] | None  # None: the browser has not said yet
# Numbers are read on pale cells, which let the page through, and on deep ones: 3.5 to 1 at least
_INK, _LIGHT = "#0f1f1d", "#e4ecec"
_DEEP = 0.77  # share from which dark letters are read better even on a dark page
_NAME = 180  # pixels of a class's name
_FEW = 12  # so many rounds leave room for a number in each cell


def ratio_by_class(ratios: Sequence[ClassRatio], theme: Theme) -> Drawn:
    """The pseudo-labeled share of each predicted class, by round, as a table of shades."""
    rows = pd.DataFrame(
        {
            "round": each.round,
            "class": each.class_name,
            "share": each.pseudo / each.predicted if each.predicted else 0.0,
            "images": _(f"{each.pseudo:,} of {each.predicted:,}"),
        }
        for each in ratios
    )
    order = list(dict.fromkeys(rows["class"]))
    base = alt.Chart(rows, height=max(HEIGHT, 24 * len(order))).encode(
        x=alt.X("round:O", title=_("round"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("class:N", sort=order, title=_("predicted class"), axis=named(_NAME)),
        tooltip=[*told("round", "class"), share("share", "pseudo-labeled"), *told("images")],
    )
    return _shades(base, "share:Q", ".0%", theme, numbers=rows["round"].nunique() <= _FEW)


def _shades(base: Drawn, text: str, format_: str, theme: Theme, *, numbers: bool) -> Drawn:
    """Cells shaded by `share`, each with its number where there is room."""
    opacity = alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None)
    cells = base.mark_rect(color=ACCENT).encode(opacity=opacity)
    if not numbers:
        return cells
    pale = _LIGHT if theme == "dark" else _INK
    color = alt.condition(f"datum.share > {_DEEP}", alt.value(_INK), alt.value(pale))
    label = alt.Text(text, format=format_)
    return alt.layer(cells, base.mark_text(fontSize=13).encode(text=label, color=color))


def confusion(matrix: Confusion, theme: Theme) -> Drawn:
    """What experts said against what the model says, on test images, as counts."""
    rows = pd.DataFrame(
        {"expert": expert, "model": model, "images": count, "share": count / max(sum(line), 1)}
        for expert, line in zip(matrix.classes, matrix.counts, strict=True)
        for model, count in zip(matrix.classes, line, strict=True)
    )
    order = list(matrix.classes)
    long = max(map(len, order)) * len(order) > 60  # names that do not fit side by side
    base = alt.Chart(rows, height=max(32 * len(order) + 60, 240)).encode(
        x=alt.X("model:N", sort=order, title=_("model"), axis=named(_NAME, -45 if long else 0)),
        y=alt.Y("expert:N", sort=order, title=_("expert"), axis=named(_NAME)),
        tooltip=[
            *told("expert", "model", "images"),
            alt.Tooltip("share:Q", title=_("share"), format=".0%"),
        ],
    )
    return _shades(base, "images:Q", ",d", theme, numbers=True)
