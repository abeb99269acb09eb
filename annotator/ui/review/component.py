"""A page of guesses on cards, decided by keys: numbered decisions, one round trip a batch.

What a card shows is fixed when its page is opened. What is decided since, here or elsewhere, takes
no card from under the finger: the next page is read anew, and a page that is entered again too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import streamlit as st

from annotator.errors import AnnotatorError
from annotator.model import Acknowledged, Guess
from annotator.service import Service
from annotator.ui.labeler.message import Sent, read
from annotator.ui.web.modules import module_address
from annotator.wording import percent

KINDS = ("label", "reject", "undo")
_HERE = Path(__file__).parent
_KEY = "review"
_TAKEN = "review_taken"  # what became of the last message
_IMPORT = f"""
const address = new URL("{module_address("review.js")}", document.baseURI);
export default (await import(address)).default;
"""

_component = st.components.v2.component(
    "certilabel_review",
    html=(_HERE / "review.html").read_text(encoding="utf-8"),
    css=(_HERE / "review.css").read_text(encoding="utf-8"),
    js=_IMPORT,
)


def review(service: Service, guesses: Sequence[Guess], *, workspace: str, page: str) -> bool:
    """Draw the cards; call it inside a fragment. Return whether the next page is asked for.

    Args:
        service: takes the decisions.
        guesses: what the cards of this page show.
        workspace: its name in the browser's storage.
        page: the name of this page of cards; another name is another page.
    """

    def take() -> None:  # as a callback, so that leaving the page in the same breath loses nothing
        _take(service)

    take()
    taken: _Taken = st.session_state.get(_TAKEN, _Taken())
    names = {each.id: each.name for each in service.classes(removed=True)}
    found = _component(
        key=_KEY,
        data={
            "cards": [_card(service, each, names) for each in guesses],
            "classes": [{"id": each.id, "name": each.name} for each in service.classes()],
            "page": page,
            "workspace": workspace,
            "client": _sent().client,
            "least": service.settings().least_look,
            "beat": taken.beat,
            "ack": taken.acknowledged.ack,
            "refused": [*map(list, taken.acknowledged.refused), *taken.refused],
            "notice": taken.acknowledged.notice,
            "error": taken.error,
        },
        on_message_change=take,
        on_turned_change=lambda: None,
    )
    return bool(found.turned == page)  # one that is turned already is not turned twice


class _Taken(NamedTuple):
    """What became of the page's last message."""

    beat: float = 0
    acknowledged: Acknowledged = Acknowledged({})
    refused: Sequence[Sequence[Any]] = ()
    error: str = ""


def _take(service: Service) -> None:
    """Store the decisions of the page's last message, once."""
    sent = _sent()
    if sent.beat == st.session_state.get(_TAKEN, _Taken()).beat:
        return
    try:
        taken = _Taken(sent.beat, service.decide(sent.events), sent.refused)
    except AnnotatorError as problem:  # the page keeps its decisions and sends them again
        taken = _Taken(sent.beat, error=f"The decisions cannot be stored now. {problem}")
    except Exception as problem:
        logging.getLogger(__name__).exception("decisions cannot be stored")
        told = f"The decisions cannot be stored now ({type(problem).__name__})"
        taken = _Taken(sent.beat, error=f"{told}; the server's log says why.")
    st.session_state[_TAKEN] = taken


def _sent() -> Sent:
    state = st.session_state.get(_KEY) or {}
    return read(state.get("message"), KINDS)


def _card(service: Service, each: Guess, names: Mapping[int, str]) -> dict[str, Any]:
    image = each.image
    beside = [
        f"{who}: {names.get(said, '?')}"
        for who, said in (("baseline", each.baseline), ("before", each.before))
        if said is not None and said != each.class_id
    ]
    return {
        "id": image.id,
        "sha256": image.sha256,
        "class_id": each.class_id,
        "url": service.image_url(image.id, thumbnail=True),
        "full": service.image_url(image.id),
        "tiny": max(image.width, image.height),
        "name": names.get(each.class_id, "?"),
        "sure": percent(each.confidence),
        "detail": " · ".join([*beside, PurePosixPath(image.name).name]),
    }
