"""Find more like this: the nearest images to one, and asking them next."""

from __future__ import annotations

from pathlib import PurePosixPath

import streamlit as st

from annotator.model import Image
from annotator.service import Service
from annotator.ui.parts.grid import Card, picked
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _

LIKE = "like_image"  # session state: id of the image
_FIELD = "like_field"


def alike() -> None:
    """Draw the field and, once an image is chosen, what is most like it."""
    st.subheader(_("More like this"))
    with errors_in_words():
        service = opened()
        left, right = st.columns([2, 1], vertical_alignment="bottom", width=620)
        left.text_input(
            _("Image"),
            key=_FIELD,
            placeholder=_("the end of its name, or its number"),
            on_change=_entered,
            help=_("Or click an image on the map, or More like this on one that is open."),
        )
        if LIKE not in st.session_state:
            if text := st.session_state.get(_FIELD, ""):
                service.explore.find(text)  # says that there is none
            return
        right.button(_("Clear"), on_click=_clear)
        image = service.image(st.session_state[LIKE])
        _nearest(service, image)


def _entered() -> None:
    """Look for the image of the field; the page says so where there is none."""
    st.session_state.pop(LIKE, None)
    with errors_in_words():
        st.session_state[LIKE] = opened().explore.find(st.session_state[_FIELD]).id


def _clear() -> None:
    st.session_state.pop(LIKE, None)
    st.session_state[_FIELD] = ""


def _nearest(service: Service, image: Image) -> None:
    found = service.explore.like(image.id)
    name = PurePosixPath(image.name).name  # a folder may tell the class
    left, right = st.columns([1, 5], gap="medium")
    with left:
        address = service.image_url(image.id)
        style = "width:100%;max-height:12rem;object-fit:contain"
        st.html(f'<img src="{address}" alt="" style="{style}">')
        st.caption(plain(name))
        if st.button(_("Ask these next"), type="primary", disabled=not found, key="ask_alike"):
            n = service.explore.ask_next((each.id for each, _ in found), f"like {name}")
            rest = len(found) - n
            left_out = f" The other {rest:,} have a label." if rest else ""
            st.toast(_(f"{n:,} images are asked next on the Label page.{left_out}"))
    with right:
        if not found:
            st.caption(_("There is no other image that may be picked. Test images are left out."))
        cards = {
            each.id: Card(
                service.image_url(each.id, thumbnail=True), _(f"likeness {cosine:.3f}"), each.name
            )
            for each, cosine in found
        }
        if image_id := picked(cards, "picked_alike"):
            st.session_state[LIKE] = image_id
            st.rerun()
