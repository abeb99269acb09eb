"""A grid of pictures with a line or two below each, to pick one from, or to tick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from annotator.ui.words.language import _

_HERE = Path(__file__).parent

_component = st.components.v2.component(
    "certilabel_grid",
    html='<div class="bar" hidden></div><div class="grid"></div>',
    css=(_HERE / "grid.css").read_text(encoding="utf-8"),
    js=(_HERE / "grid.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One picture: its signed address, its headline and the dimmer line below it."""

    url: str
    headline: str
    detail: str


def picked(cards: Mapping[int, Card], key: str) -> int | None:
    """Draw the card of each image as a button; return the image that was just clicked."""
    found = _component(
        key=key,
        data={
            "cards": [_drawn(card, image_id) for image_id, card in cards.items()],
            "does": _("find more like this"),
        },
        on_picked_change=lambda: None,
    )
    return _known(found.picked, cards)


def chosen(cards: Mapping[int, Card], key: str) -> int | None:
    """Likewise, with a box to tick on each card; `ticked` tells which are."""
    found = _component(
        key=key,
        data={
            "cards": [_drawn(card, image_id) for image_id, card in cards.items()],
            "does": _("open it"),
            "ticks": True,
            "ticked": _("{n} ticked"),
            "tick": _("Tick {name}"),
            "all": _("Tick all on this page"),
            "none": _("Untick"),
        },
        on_picked_change=lambda: None,
        on_ticked_change=lambda: None,
    )
    return _known(found.picked, cards)


def ticked(cards: Mapping[int, Card], key: str) -> list[int]:
    """Which of these images are ticked in the grid of that key, also before it is drawn."""
    state = st.session_state.get(key) or {}
    sent = state.get("ticked")
    numbers = [_known(each, cards) for each in sent] if isinstance(sent, list) else []
    return [each for each in numbers if each is not None]


def _known(sent: Any, cards: Mapping[int, Card]) -> int | None:
    """The image that a page names, if it is one of its cards."""
    return int(sent) if isinstance(sent, (int, float)) and sent in cards else None


def _drawn(card: Card, image_id: int) -> dict[str, Any]:
    return {"id": image_id, **asdict(card)}
