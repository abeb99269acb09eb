"""One round looked at, a part at a time: only what is shown is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from annotator.model import Round
from annotator.model.judging.rows import ClassRow
from annotator.service import Service
from annotator.ui.parts import charts, shades
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.quality.chart import reliability
from annotator.ui.words.language import _
from annotator.ui.words.numbers import localized
from annotator.wording import percent

_PART = "quality_part"  # session state: what is shown
_SHOWN = 10  # changes from one class to another


@st.fragment
def looked_at(service: Service, chosen: Round, done: list[Round]) -> None:
    """Draw the choice of parts, and the chosen one; a click redraws nothing else of the page."""
    part = st.segmented_control(
        _(f"More of round {chosen.number}"),
        list(PARTS),
        default="Class by class",
        format_func=_,
        key=_PART,
        label_visibility="collapsed",
    )
    with errors_in_words():
        if part:
            PARTS[part](service, chosen, done)


def _classes(service: Service, chosen: Round, _done: list[Round]) -> None:
    rows = service.class_table(chosen.number)
    st.dataframe(pd.DataFrame(_row(each) for each in rows), hide_index=True, height=_height(rows))
    st.caption(
        _(
            "Labels to learn from; unlabeled images that the round puts into the class; those of "
            f"them that are pseudo-labels (from {percent(chosen.threshold)} on). Right: of the "
            "labeled test images that it puts there as surely, with the exact 95 % interval of "
            "each class alone."
        )
    )


def _height(rows: list[ClassRow]) -> int:
    return min(36 * len(rows) + 38, 360)  # px; a long list scrolls in itself


def _row(each: ClassRow) -> dict[str, str]:
    told = (
        f"{percent(each.right / each.tested)} ({100 * each.low:.1f}–{100 * each.high:.1f}, "
        f"n = {each.tested:,})"
        if each.tested
        else "nobody can tell: n = 0"
    )
    return {
        _("class"): each.name,
        _("labels"): _(f"{each.labels:,}"),
        _("guessed"): _(f"{each.predicted:,}"),
        _("pseudo-labels"): _(f"{each.pseudo:,}"),
        _("right"): _(told),
    }


def _sure(service: Service, chosen: Round, _done: list[Round]) -> None:
    found = service.reliability(chosen.number)
    if not found.bins:
        st.info(plain(_(found.told)))
        return
    left, right = st.columns([3, 2], gap="medium")
    left.altair_chart(localized(reliability(found.bins)))
    with right:
        st.markdown(plain(_(found.told)))
        measures = pd.DataFrame([{_(name): _(f"{value:.3f}") for name, value in found.measures}])
        st.dataframe(measures, hide_index=True)
        st.caption(
            _(
                "A point is a bin of test images, with its exact 95 % interval; on the dashed line "
                "the model is as often right as it is sure. One bin of twenty may lie off by "
                "chance."
            )
        )


def _pseudo(service: Service, chosen: Round, done: list[Round]) -> None:
    found = service.flips(chosen.number)
    st.markdown(plain(_(found.told)))
    if found.classes:
        most = ", ".join(f"{was} → {now} ({n:,})" for was, now, n in found.classes[:_SHOWN])
        rest = len(found.classes) - _SHOWN
        told = f"{most}, and {rest} further ones." if rest > 0 else f"{most}."
        st.caption(plain(_(told)))
    left, right = st.columns(2, gap="medium")
    left.caption(_("Pseudo-labels, of all unlabeled images"))
    left.altair_chart(localized(charts.ratio_by_round(done)))
    ratios = service.ratios()
    if ratios:
        right.caption(_("Of the unlabeled images that the model puts into each class"))
        right.altair_chart(localized(shades.ratio_by_class(ratios, st.context.theme.type)))


def _baseline(service: Service, chosen: Round, _done: list[Round]) -> None:
    for sentence in service.beside_baseline(chosen.number):
        st.markdown(plain(_(sentence)))
    st.markdown(_("**The pool since it was labeled**"))
    st.markdown(plain(_(service.drift(chosen.number))))


PARTS: Mapping[str, Callable[[Service, Round, list[Round]], None]] = {
    "Class by class": _classes,
    "Is it as right as sure?": _sure,
    "Pseudo-labels over rounds": _pseudo,
    "Baseline and pool": _baseline,
}
