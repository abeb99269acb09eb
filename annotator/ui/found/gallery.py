"""The images that are looked for, on cards: open one, or answer several anew at once."""

from __future__ import annotations

import streamlit as st

from annotator.model import Found, Label, Sought
from annotator.service import Service
from annotator.ui.found.answering import answer, last_answer
from annotator.ui.found.beside import beside
from annotator.ui.found.filters import sought
from annotator.ui.found.one import open_
from annotator.ui.parts.grid import Card, chosen, ticked
from annotator.ui.parts.pager import page_offset, pager
from annotator.ui.parts.text import errors_in_words
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import many, percent

_PAGE = 60
_NOTE = 40  # characters of a note on a card
_CLEARED = "gallery_cleared"  # session state: how often the selection was cleared


def gallery() -> None:
    """Draw the search, the image that is open, and what was found."""
    with errors_in_words():
        service = opened()
        st.subheader(_("Images"))
        wanted = sought(service)
        name = f"images_{hash(wanted)}"
        found = service.find(wanted, offset=page_offset(name, _PAGE), limit=_PAGE + 1)
        st.caption(_(_told(service.count_found(wanted), service, wanted)))
        last_answer()
        shown = found[:_PAGE]
        key = f"gallery_{name}_{page_offset(name, 1)}_{st.session_state.get(_CLEARED, 0)}"
        names = {each.id: each.name for each in service.classes(removed=True)}
        cards = {each.image.id: _card(service, each, names) for each in shown}
        picked = ticked(cards, key)
        _bulk(service, picked, guess_shown=wanted.state == "against")
        beside([each for each in shown if each.image.id in picked], _cleared)
        if image_id := chosen(cards, key):
            open_(image_id, list(cards), guess_shown=wanted.state == "against")
            st.rerun()
        pager(name, more=len(found) > _PAGE)


def _told(number: int, service: Service, wanted: Sought) -> str:
    apart = service.disagreements()
    told = f"{many(number, 'image')} found. Click one to see all that was said of it."
    if not number:
        told = "No image is so. Take a filter back, or look for less of the name."
    if wanted.state == "against":
        told += _against(service, wanted)
    if apart:
        told += f" People disagree about {apart:,}: see 'disagreement', or the page Settle."
    return told


def _cleared() -> None:
    st.session_state[_CLEARED] = st.session_state.get(_CLEARED, 0) + 1


def _against(service: Service, wanted: Sought) -> str:
    """What to know of images whose label the model contradicts."""
    if not any(each.state == "done" for each in service.rounds()):
        return " No round has finished yet, so no model says anything."
    if wanted.split == "pool":
        return ""
    return (
        " Some measure the model: corrected only where the model disagrees, they would make it "
        "look better than it is, so an answer to them is refused here. Choose the set to learn "
        "from to leave them out."
    )


def _bulk(service: Service, ids: list[int], *, guess_shown: bool) -> None:
    """What to do with the images that are ticked: a click on a class answers all of them."""
    if not ids:
        return
    classes = {each.id: each for each in service.classes()}
    # Another key after each answer: nothing is chosen then
    key = f"bulk_class_{st.session_state.get(_CLEARED, 0)}"
    picked, clear = st.columns([6, 1], vertical_alignment="bottom")

    def work() -> None:
        if each := classes.get(st.session_state[key]):
            answer(ids, each, guess_shown=guess_shown)
            _cleared()

    picked.pills(
        _(f"Answer {many(len(ids), 'image')} anew as"),
        list(classes),
        format_func=lambda class_id: classes[class_id].name,
        key=key,
        on_change=work,
    )
    clear.button(_("Untick"), on_click=_cleared, key="bulk_clear", width="stretch")


def _card(service: Service, each: Found, names: dict[int, str]) -> Card:
    headline = " · ".join([_headline(each, names) + _guess(each, names), *_beside(each)])
    image = each.image
    pages = f" · {_(f'{image.pages:,} pages')}" if image.pages > 1 else ""
    return Card(service.image_url(image.id, thumbnail=True), headline, image.name + pages)


def _beside(each: Found) -> list[str]:
    """Flags and notes, in a few words."""
    note = " ".join(each.marks.note.split())
    short = f"{note[:_NOTE]}…" if len(note) > _NOTE else note
    flags = ", ".join(each.marks.flags)
    return [*([f"⚑ {flags}"] if flags else []), *([f"“{short}”"] if short else [])]


def _headline(each: Found, names: dict[int, str]) -> str:
    label = each.label
    if each.unclear:
        why = f": {each.unclear.why}" if each.unclear.why else ""
        return _(f"can’t tell · {each.unclear.annotator}{why}")
    if each.disagreed:
        return " / ".join(f"{names[said.class_id]} ({_who(said)})" for said in each.opinions)
    if label:
        return f"{names[label.class_id]} · {_whose(label.source, label.annotator)}"
    return _(f"skipped · {each.skipped_by}" if each.skipped_by else "no label")


def _who(said: Label) -> str:
    return _(f"{said.annotator}, asked again") if said.again == "own" else said.annotator


def _guess(each: Found, names: dict[int, str]) -> str:
    """What the model says, where that was sought."""
    if not each.guess:
        return ""
    class_id, confidence = each.guess
    said = f"model: {names.get(class_id, '?')} {percent(confidence)}"
    return f" | {_(said)}"


def _whose(source: str, annotator: str) -> str:
    if source == "human":
        return annotator
    word = _(source)
    return word if (source, annotator) == ("imported", "import") else f"{word}, {annotator}"
