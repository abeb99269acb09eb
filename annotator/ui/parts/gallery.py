"""A grid of thumbnails with a line or two below each; every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

_STYLE = """<style>
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.75rem}
.gallery figure{margin:0;border:1px solid rgba(128,140,140,.3);border-radius:.5rem;overflow:hidden}
.gallery img{display:block;width:100%;height:8rem;object-fit:contain;
background:rgba(128,140,140,.12)}
.gallery figcaption{padding:.35rem .5rem;font-size:.8rem;line-height:1.35;overflow-wrap:anywhere}
.gallery .dim{opacity:.7;display:block;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;
direction:rtl;text-align:left}
</style>"""


@dataclass(frozen=True, slots=True)
class Card:
    """One thumbnail: its signed address, its headline and the dimmer line below it."""

    url: str
    headline: str
    detail: str


def gallery(cards: Sequence[Card]) -> None:
    """Draw the cards in one element, whatever their number."""
    figures = "".join(
        f'<figure><img loading="lazy" src="{escape(card.url)}" alt="">'
        f"<figcaption><strong>{escape(card.headline)}</strong>"
        f'<span class="dim" title="{escape(card.detail)}"><bdi>{escape(card.detail)}</bdi></span>'
        "</figcaption></figure>"
        for card in cards
    )
    st.html(f'{_STYLE}<div class="gallery">{figures}</div>')


def page_offset(name: str, page_size: int) -> int:
    """How many cards to pass over for the page that `name`'s pager stands at."""
    return int(st.session_state.get(f"{name}_page", 0)) * page_size


def pager(name: str, *, more: bool) -> None:
    """Buttons that turn pages; nothing at all where one page shows everything."""
    page = page_offset(name, 1)
    if not (page or more):
        return

    def turn(step: int) -> None:
        st.session_state[f"{name}_page"] = max(page + step, 0)

    back, where, forth = st.columns(3, vertical_alignment="center", width=420)
    back.button("Previous", key=f"{name}_back", disabled=not page, on_click=turn, args=(-1,))
    where.markdown(f"Page {page + 1}")
    forth.button("Next", key=f"{name}_forth", disabled=not more, on_click=turn, args=(1,))
