"""What images are looked for: a row of inputs, read as one search."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from annotator.model import FoundState, LabelSource, Sought, Split
from annotator.service import Service
from annotator.ui.words.language import _

STATES: dict[FoundState, str] = {
    "all": "all",
    "labeled": "labeled",
    "unlabeled": "unlabeled",
    "skipped": "skipped",
    "unclear": "can’t tell",
    "flagged": "flagged",
    "noted": "noted",
    "disagreement": "disagreement",
    "against": "model disagrees",
}
SOURCES: dict[LabelSource, str] = {
    "human": "an expert, blind",
    "verified": "an expert, who checked a guess",
    "imported": "came with an import",
    "adjudicated": "settled a disagreement",
}
SPLITS: dict[Split, str] = {
    "pool": "to learn from",
    "val": "to calibrate with",
    "test": "to measure with",
}


def sought(service: Service) -> Sought:
    """Draw the row; return what it asks for."""
    state = st.segmented_control(
        _("Show"),
        list(STATES),
        default="all",
        required=True,
        key="found_state",
        format_func=lambda each: _(STATES[each]),
        help=_(
            "Skipped: somebody put it off, and it has no label. Can’t tell: an expert said that "
            "nobody can, and nobody is asked it. Flagged, noted: somebody put a flag or a note on "
            "it. Disagreement: people gave it different labels, and nobody has settled that. Model "
            "disagrees: the newest round's model says another class than the label."
        ),
    )
    sources: list[LabelSource | Literal[""]] = ["", *SOURCES]
    splits: list[Split | Literal[""]] = ["", *SPLITS]
    name, class_, person, source, split = st.columns([1.4, 1, 1, 1, 1])
    classes = {each.id: each.name for each in service.classes()}
    part = name.text_input(_("Name or text contains"), key="found_name").strip()
    class_id = class_.selectbox(
        _("Class"),
        [0, *classes],
        format_func=lambda class_id: classes.get(class_id, _("any")),
        key="found_class",
    )
    annotator = person.selectbox(
        _("Answered by"),
        ["", *service.people()],
        format_func=lambda who: who or _("anybody"),
        key="found_by",
    )
    whose = source.selectbox(
        _("Label from"),
        sources,
        format_func=lambda whose: _(SOURCES[whose] if whose else "anywhere"),
        key="found_source",
    )
    which = split.selectbox(
        _("Set"),
        splits,
        format_func=lambda which: _(SPLITS[which] if which else "any"),
        key="found_split",
    )
    return Sought(part, class_id or None, annotator, whose or None, which or None, state)
