"""Settle: what people disagree about, one image at a time, answers side by side without names."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from annotator.model import ClassName, Found, Sought
from annotator.service import Service
from annotator.ui.found.answering import answer, last_answer
from annotator.ui.parts.text import barred, errors_in_words, plain
from annotator.ui.web.opened import opened
from annotator.ui.words.language import _
from annotator.wording import many

_PASSED = "settle_passed"  # session state: images that were passed over
_SMALL = 256  # pixels of a side, below which they are shown as squares and not smoothed
_KEYS = "1234567890qwetyiopasdgjklzxvbm"  # as on the Label page


def page() -> None:
    """Draw the next image that waits to be settled."""
    if barred(opened(), "answer_anew"):
        return
    st.fragment(_settling)()


def _settling() -> None:
    with errors_in_words():
        service = opened()
        st.subheader(_("What people disagree about"))
        left = service.disagreements()
        last_answer(shortcut="u")
        found = _next(service)
        if found is None:
            st.info(
                _(
                    "Nothing waits to be settled: wherever two people have answered the same "
                    "image, they said the same, or a reviewer has settled it."
                )
            )
            return
        st.caption(
            _(
                f"{many(left, 'image')} to settle. Who said what is not shown. Your answer counts "
                "from then on, whoever presses what; `U` takes it back."
            )
        )
        picture, answers = st.columns([3, 2], gap="large")
        with picture:
            style = "width:100%;height:calc(100vh - 15rem);min-height:16rem;object-fit:contain"
            if max(found.image.width, found.image.height) < _SMALL:
                style += ";image-rendering:pixelated"  # as on the Label page
            url = service.image_url(found.image.id)
            st.html(f'<img src="{url}" alt="{_("Image to settle")}" style="{style}">')
        with answers:
            _answers(service.classes(), found)


def _next(service: Service) -> Found | None:
    """The first image that was not passed over; when all were, they come again."""
    passed: set[int] = st.session_state.setdefault(_PASSED, set())
    waiting = service.find(Sought(state="disagreement"), limit=len(passed) + 1)
    found = next((each for each in waiting if each.image.id not in passed), None)
    if found is None and waiting:
        passed.clear()
        return waiting[0]
    return found


def _answers(classes: list[ClassName], found: Found) -> None:
    """What was said, as buttons side by side; the other classes below."""
    keys = dict(zip((each.id for each in classes), keys_of(classes), strict=True))
    counts = Counter(each.class_id for each in found.opinions if each.source != "imported")
    said = [each for each in classes if each.id in counts]
    for column, each in zip(st.columns(max(len(said), 1)), said, strict=False):
        with column:
            people = many(counts[each.id], "person says", "people say")
            st.markdown(_(f"{people}"))
            _button(found.image.id, each, keys[each.id], primary=True)
    if others := [each for each in classes if each.id not in counts]:
        st.caption(_("Or none of these:"))
        with st.container(horizontal=True):
            for each in others:
                _button(found.image.id, each, keys[each.id], primary=False)
    st.button(
        _("Later"),
        key=f"later_{found.image.id}",
        on_click=st.session_state[_PASSED].add,
        args=(found.image.id,),
        shortcut="space",
        help=_("The image comes again when the others have been settled."),
    )


def _button(image_id: int, each: ClassName, key: str, *, primary: bool) -> None:
    # Its own image is in its key: a press that comes twice never settles the next one
    st.button(
        plain(each.name),
        key=f"settle_{image_id}_{each.id}",
        on_click=answer,
        args=((image_id,), each),
        type="primary" if primary else "secondary",
        shortcut=key or None,
        help=plain(each.description) or None,
        width="stretch" if primary else "content",
    )


def keys_of(classes: list[ClassName]) -> list[str]:
    """The key of each class, as on a Label page that is opened now; empty where none is left."""
    digits = [each.name if each.name in tuple("0123456789") else "" for each in classes]
    left = iter(key for key in _KEYS if key not in digits)
    return [digit or next(left, "") for digit in digits]
