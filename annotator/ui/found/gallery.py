"""The images that are looked for, on cards: open one, or answer several anew at once."""

from __future__ import annotations

import streamlit as st

from annotator.model import Found
from annotator.service import Service
from annotator.ui.found.answering import answer, last_answer
from annotator.ui.found.filters import sought
from annotator.ui.found.one import open_
from annotator.ui.parts.grid import Card, chosen, ticked
from annotator.ui.parts.pager import page_offset, pager
from annotator.ui.parts.text import errors_in_words
from annotator.ui.web.opened import opened
from annotator.wording import many

_PAGE = 60
_CLEARED = "gallery_cleared"  # session state: how often the selection was cleared


def gallery() -> None:
    """Draw the search, the image that is open, and what was found."""
    with errors_in_words():
        service = opened()
        st.subheader("Images")
        wanted = sought(service)
        name = f"images_{hash(wanted)}"
        found = service.find(wanted, offset=page_offset(name, _PAGE), limit=_PAGE + 1)
        st.caption(_told(service.count_found(wanted), service))
        last_answer()
        shown = found[:_PAGE]
        key = f"gallery_{name}_{page_offset(name, 1)}_{st.session_state.get(_CLEARED, 0)}"
        names = {each.id: each.name for each in service.classes(removed=True)}
        cards = {each.image.id: _card(service, each, names) for each in shown}
        _bulk(service, ticked(cards, key))
        if image_id := chosen(cards, key):
            open_(image_id, list(cards))
            st.rerun()
        pager(name, more=len(found) > _PAGE)


def _told(number: int, service: Service) -> str:
    apart = service.disagreements()
    told = f"{many(number, 'image')} found. Click one to see all that was said of it."
    if not number:
        told = "No image is so. Take a filter back, or look for less of the name."
    if apart:
        told += f" People disagree about {apart:,}: see 'disagreement'."
    return told


def _bulk(service: Service, ids: list[int]) -> None:
    """What to do with the images that are ticked."""
    if not ids:
        return
    classes = service.classes()
    picked, go, clear = st.columns([2, 1, 1], vertical_alignment="bottom", width=620)
    to = picked.selectbox(
        f"Answer {many(len(ids), 'image')} anew as",
        classes,
        format_func=lambda each: each.name,
        key="bulk_class",
    )

    def cleared() -> None:
        st.session_state[_CLEARED] = st.session_state.get(_CLEARED, 0) + 1

    def work() -> None:
        if to:
            answer(ids, to)
            cleared()

    go.button("Answer anew", type="primary", on_click=work, key="bulk_answer", width="stretch")
    clear.button("Clear", on_click=cleared, key="bulk_clear", width="stretch")


def _card(service: Service, each: Found, names: dict[int, str]) -> Card:
    image, label = each.image, each.label
    if each.disagreed:
        headline = " / ".join(
            f"{names[said.class_id]} ({said.annotator})" for said in each.opinions
        )
    elif label:
        headline = f"{names[label.class_id]} · {_whose(label.source, label.annotator)}"
    else:
        headline = "no label"
    pages = f" · {image.pages:,} pages" if image.pages > 1 else ""
    return Card(service.image_url(image.id, thumbnail=True), headline, image.name + pages)


def _whose(source: str, annotator: str) -> str:
    if source == "human":
        return annotator
    return source if (source, annotator) == ("imported", "import") else f"{source}, {annotator}"
