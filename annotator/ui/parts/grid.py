"""A grid of pictures with a line or two below each, to look at or to pick one from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent

_component = st.components.v2.component(
    "certilabel_grid",
    html='<div class="grid"></div>',
    css=(_HERE / "grid.css").read_text(encoding="utf-8"),
    js=(_HERE / "grid.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One picture: its signed address, its headline and the dimmer line below it."""

    url: str
    headline: str
    detail: str


def grid(cards: Iterable[Card], key: str) -> None:
    """Draw the cards in one element, whatever their number."""
    _component(key=key, data={"cards": [_drawn(card, None) for card in cards]})


def picked(cards: Mapping[int, Card], key: str) -> int | None:
    """Draw the card of each image as a button; return the image that was just clicked."""
    found = _component(
        key=key,
        data={"cards": [_drawn(card, image_id) for image_id, card in cards.items()]},
        on_picked_change=lambda: None,
    )
    clicked = found.picked
    return int(clicked) if isinstance(clicked, (int, float)) and clicked in cards else None


def _drawn(card: Card, image_id: int | None) -> dict[str, Any]:
    return {"id": image_id, **asdict(card)}
