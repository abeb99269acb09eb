"""One image: large, with all that was said of it, a way to answer it anew, and its address."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from annotator.model import Answer, Image
from annotator.service import Service
from annotator.ui.found.answering import answer, last_answer
from annotator.ui.parts.alike import LIKE
from annotator.ui.parts.text import errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _

_OPENED = "opened_image"  # session state: its number, as the page's address has it
_BESIDE = "beside_opened"  # session state: the images that were found with it
_GUESS = "opened_with_guess"  # session state: whether its card said what the model says
_MEASURES = {"test": "measures the model", "val": "calibrates the model"}
_WORDS = {"unclear": "can’t tell", "skip": "skipped"}  # what the log calls otherwise
_AGAIN = {"": "", "second": "second opinion", "own": "asked again"}  # what takes no label's place
_ADDRESS = "image"  # parameter of the page's address that opens an image


def open_(image_id: int, beside: Sequence[int], guess_shown: bool = False) -> None:
    """Open an image; the address of the page names it, and `beside` are those to turn to.

    `guess_shown` says that the model's guess was in sight on their cards.
    """
    st.session_state[_OPENED] = st.query_params[_ADDRESS] = str(image_id)
    st.session_state[_BESIDE], st.session_state[_GUESS] = list(beside), guess_shown


def one() -> None:
    """Draw the image that is open or that the page's address names, as `data?image=12` does."""
    named = st.query_params.get(_ADDRESS, "")
    if named and named != st.session_state.get(_OPENED):
        st.session_state[_OPENED], st.session_state[_BESIDE] = named, []
        st.session_state[_GUESS] = False
    if _OPENED in st.session_state:
        st.dialog(_("Image"), width="large", on_dismiss=_close)(_dialog)()


def _close() -> None:
    st.session_state.pop(_OPENED, None)
    st.query_params.pop(_ADDRESS, None)


def _dialog() -> None:
    with errors_in_words():
        service = opened()
        image = service.explore.find(st.session_state[_OPENED])
        _turn(image)  # above what grows with an answer: a button that moves is missed by a click
        picture, about = st.columns([2, 3], gap="medium")
        with picture:
            _picture(service, image)
        with about:
            _about(service, image)


def _picture(service: Service, image: Image) -> None:
    """The image; of a document one page, and a way to turn to the others."""
    page = 0
    if image.pages > 1:
        page = st.slider(
            _(f"Page, 1 to {image.pages:,}"),
            1,
            image.pages,
            image.face,
            key=f"page_of_{image.id}",
            help=_(f"All pages have one label. Models see page {image.face}."),
        )
    style = "width:100%;max-height:24rem;object-fit:contain"
    st.html(f'<img src="{service.image_url(image.id, page=page)}" alt="" style="{style}">')


def _about(service: Service, image: Image) -> None:
    st.markdown(f"**{plain(image.name)}**")
    does = _MEASURES.get(image.split, "")
    test = f" · {_(does)}" if does else ""
    note = f" · {plain(image.note)}" if image.note else ""
    pages = f" · {_(f'{image.pages:,} pages')}" if image.pages > 1 else ""
    size = _(f"{image.width} × {image.height} pixels")
    st.caption(f"{_(f'Image {image.id}')}{pages} · {size}{test}{note}")
    said = service.answers_to(image.id)
    _anew(service, image, said)
    last_answer(image.id)
    if said:
        names = {each.id: each.name for each in service.classes(removed=True)}
        st.dataframe(pd.DataFrame(_row(each, names) for each in said), hide_index=True)
    else:
        st.caption(_("Nobody has answered it yet."))


def _anew(service: Service, image: Image, said: list[Answer]) -> None:
    """The classes as buttons; a click on another one than the label's is an answer."""
    classes = {each.id: each for each in service.classes()}
    # Another key after each answer: the buttons stand at what the label is then
    key = f"anew_{image.id}_{len(said)}"

    def press() -> None:
        if each := classes.get(st.session_state[key]):
            answer([image.id], each, guess_shown=st.session_state.get(_GUESS, False))

    current = _current(service, said)
    given = [each for each in said if each.kind == "label" and not each.taken_back]
    words = {(each.annotator, each.again == "own") for each in given}
    stands = current in classes and len(words) == 1  # of several, any click is an answer
    st.pills(
        _("Answer anew"),
        list(classes),
        default=current if stands else None,
        required=stands,
        format_func=lambda class_id: classes[class_id].name,
        key=key,
        on_change=press,
    )


def _current(service: Service, said: list[Answer]) -> int | None:
    """The class that the label counts as: a merged one is the one that it was merged into."""
    into = {each.id: each.merged_into for each in service.classes(removed=True)}
    found = next((each.class_id for each in said if each.counts), None)
    while found is not None and into.get(found) is not None:
        found = into[found]
    return found


def _row(each: Answer, names: dict[int, str]) -> dict[str, str]:
    stands = "taken back" if each.taken_back else "counts" if each.counts else _AGAIN[each.again]
    return {
        _("when"): time.strftime("%Y-%m-%d %H:%M", time.localtime(each.at)),
        _("who"): each.annotator,
        _("said"): _said(each, names),
        _("as"): _(each.source) if each.kind == "label" else "",
        "": _(stands),
    }


def _said(each: Answer, names: dict[int, str]) -> str:
    word = names.get(each.class_id or 0) or _(_WORDS.get(each.kind, each.kind))
    return f"{word}: {each.note}" if each.note else word


def _turn(image: Image) -> None:
    """To the images beside it, to more like it, and back to the page."""
    beside: list[int] = st.session_state.get(_BESIDE, [])
    guess_shown = st.session_state.get(_GUESS, False)
    place = beside.index(image.id) if image.id in beside else 0
    columns = st.columns(4)
    for column, word, step in ((columns[0], "Previous", -1), (columns[1], "Next", 1)):
        there = 0 <= place + step < len(beside)
        column.button(
            _(word),
            key=f"turn_{step}",
            disabled=not there,
            on_click=open_,
            args=(beside[place + step] if there else image.id, beside, guess_shown),
            width="stretch",
        )
    if columns[2].button(_("More like this"), key="more_like", width="stretch"):
        st.session_state[LIKE] = image.id
        _close()
        st.rerun()
    if columns[3].button(_("Close"), key="close_image", width="stretch"):
        _close()
        st.rerun()
