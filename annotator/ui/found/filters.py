"""What images are looked for: a row of inputs, read as one search."""

from __future__ import annotations

import streamlit as st

from annotator.model import ClassName, FoundState, LabelSource, Sought, Split
from annotator.service import Service

STATES: dict[FoundState, str] = {
    "all": "all",
    "labeled": "labeled",
    "unlabeled": "unlabeled",
    "skipped": "skipped",
    "disagreement": "disagreement",
}
SOURCES: dict[LabelSource, str] = {
    "human": "an expert, blind",
    "verified": "an expert, who checked a guess",
    "imported": "came with an import",
    "adjudicated": "settled a disagreement",
}
SPLITS: dict[Split, str] = {"pool": "to learn from", "test": "to measure with"}


def sought(service: Service) -> Sought:
    """Draw the row; return what it asks for."""
    state = st.segmented_control(
        "Show",
        list(STATES),
        default="all",
        required=True,
        key="found_state",
        format_func=STATES.__getitem__,
        help="Skipped: somebody passed over it, and it has no label. Disagreement: people gave it "
        "different labels, and nobody has settled that.",
    )
    name, class_, person, source, split = st.columns([1.4, 1, 1, 1, 1])
    chosen = class_.selectbox(
        "Class", [None, *service.classes()], format_func=_class, key="found_class"
    )
    return Sought(
        name=name.text_input("Name contains", key="found_name").strip(),
        class_id=chosen.id if chosen else None,
        annotator=person.selectbox(
            "Answered by",
            ["", *service.people()],
            format_func=lambda who: who or "anybody",
            key="found_by",
        ),
        source=source.selectbox(
            "Label from",
            [None, *SOURCES],
            format_func=lambda whose: SOURCES[whose] if whose else "anywhere",
            key="found_source",
        ),
        split=split.selectbox(
            "Set",
            [None, *SPLITS],
            format_func=lambda which: SPLITS[which] if which else "both",
            key="found_split",
        ),
        state=state,
    )


def _class(each: ClassName | None) -> str:
    return each.name if each else "any"
