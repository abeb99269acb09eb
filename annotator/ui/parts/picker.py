"""A gallery in which a picture can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent

_component = st.components.v2.component(
    "certilabel_picker",
    html='<div class="picker"></div>',
    css=(_HERE / "picker.css").read_text(encoding="utf-8"),
    js=(_HERE / "picker.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Pick:
    """One picture: its image, its signed address, its headline and the dimmer line below it."""

    id: int
    url: str
    headline: str
    detail: str


def picker(cards: Sequence[Pick], key: str) -> int | None:
    """Draw the pictures; return the id of the one that was just clicked."""
    found = _component(
        key=key,
        data={"cards": [asdict(card) for card in cards]},
        on_picked_change=lambda: None,
    )
    return None if found.picked is None else int(found.picked)
