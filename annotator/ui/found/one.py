"""One image: large, with all that was said of it, a way to answer it anew, and its address."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from annotator.model import Answer, Image
from annotator.service import Service
from annotator.ui.found.answering import answer, last_answer
from annotator.ui.parts.alike import LIKE
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened

_OPENED = "opened_image"  # session state: the number of the image, as the address has it
_LINKED = "opened_by_link"  # and whether a link opened it: then it is at the top of the page
_ADDRESS = "image"  # parameter of the page's address that opens an image


def by_link() -> bool:
    """Open the image that the page's address names, as in `data?image=12`; whether one has."""
    wanted = st.query_params.get(_ADDRESS, "")
    if wanted and wanted != st.session_state.get(_OPENED):
        st.session_state[_OPENED], st.session_state[_LINKED] = wanted, True
    return bool(st.session_state.get(_LINKED)) and _OPENED in st.session_state


def open_(image_id: int) -> None:
    """Open an image; the address of the page names it from now on."""
    st.session_state[_OPENED] = st.query_params[_ADDRESS] = str(image_id)
    st.session_state[_LINKED] = False


def is_open() -> bool:
    """Whether an image is open, here or at the top of the page."""
    return _OPENED in st.session_state


def close() -> None:
    """Close the image that is open, if any."""
    st.session_state.pop(_OPENED, None)
    st.query_params.pop(_ADDRESS, None)


def one() -> None:
    """Draw the image that is open, if any."""
    if _OPENED not in st.session_state:
        return
    last_answer()
    with st.container(border=True), errors_in_words():
        service = opened()
        image = service.explore.find(st.session_state[_OPENED])
        picture, about = st.columns([2, 3], gap="large")
        with picture:
            style = "width:100%;max-height:24rem;object-fit:contain"
            st.html(f'<img src="{service.image_url(image.id)}" alt="" style="{style}">')
        with about:
            _about(service, image)


def _about(service: Service, image: Image) -> None:
    st.markdown(f"**{plain(image.name)}**")
    test = " · measures the model" if image.split == "test" else ""
    note = f" · {plain(image.note)}" if image.note else ""
    st.caption(f"Image {image.id} · {image.width} × {image.height} pixels{test}{note}")
    said = service.answers_to(image.id)
    _anew(service, image, said)
    names = {each.id: each.name for each in service.classes(removed=True)}
    if said:
        st.dataframe(pd.DataFrame(_row(each, names) for each in said), hide_index=True)
    else:
        st.caption("Nobody has answered it yet.")
    like, shut = st.columns(2, width=420)
    if like.button("More like this", key="more_like", width="stretch"):
        st.session_state[LIKE] = image.id
        st.rerun()
    shut.button("Close", key="close_image", on_click=close, width="stretch")


def _anew(service: Service, image: Image, said: list[Answer]) -> None:
    """The classes as buttons; a click on another one than the label's is an answer."""
    counts = next((each for each in said if each.counts), None)
    classes = service.classes()
    # Another key after each answer: the buttons stand at what the label is then
    key = f"anew_{image.id}_{len(said)}"

    def press() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            answer([image.id], next(each for each in classes if each.id == chosen))

    current = _current(service, counts)
    st.pills(
        "Answer anew",
        [each.id for each in classes],
        default=current if any(each.id == current for each in classes) else None,
        format_func={each.id: each.name for each in classes}.__getitem__,
        key=key,
        on_change=press,
    )


def _current(service: Service, counts: Answer | None) -> int | None:
    """The class that a label counts as: a merged one is the one that it was merged into."""
    into = {each.id: each.merged_into for each in service.classes(removed=True)}
    found = counts.class_id if counts else None
    while found is not None and into.get(found) is not None:
        found = into[found]
    return found


def _row(each: Answer, names: dict[int, str]) -> dict[str, str]:
    stands = "taken back" if each.taken_back else "counts" if each.counts else ""
    return {
        "when": time.strftime("%Y-%m-%d %H:%M", time.localtime(each.at)),
        "who": each.annotator,
        "said": names.get(each.class_id or 0, each.kind),
        "as": each.source if each.kind == "label" else "",
        "": stands,
    }
