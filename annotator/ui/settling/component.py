"""What people disagree about, settled by keys: an answer belongs to the image that was seen.

The next images wait in the page, so that a key is never too early for a button nor meant for the
image before. Answers travel numbered; one whose image is settled already is refused, in words.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from annotator.model import Apart, ToSettle
from annotator.service import Service
from annotator.ui.labeler.taking import reply, take
from annotator.ui.words.component import component
from annotator.ui.words.language import _

KINDS = ("label", "undo")
MOST_LATER = 1000  # images put off by one page; of more it has forgotten the first
_HERE = Path(__file__).parent
_SHARED = _HERE.with_name("labeler")
_KEY = "settling"

_component = component(
    "certilabel_settling",
    html=_HERE / "settle.html",
    css=(_SHARED / "keys.css", _SHARED / "told.css", _HERE / "settle.css"),
    script="settle.js",
)


def taking(service: Service) -> None:
    """Store what the page's last message says, once; before what is left is read."""
    take(_KEY, service.settle, "The answers", KINDS)


def later() -> list[int]:
    """The images that the page has put off, in that order."""
    sent = (st.session_state.get(_KEY) or {}).get("later")
    numbers = [each for each in sent if isinstance(each, (int, float))] if sent else []
    return [int(each) for each in numbers[-MOST_LATER:]]


def settling(service: Service, found: ToSettle, *, workspace: str) -> None:
    """Draw the first image of those, and the answers; call it inside a fragment.

    Args:
        service: takes the answers.
        found: what waits.
        workspace: its name in the browser's storage.
    """
    _component(
        key=_KEY,
        data={
            "cards": [_card(service, each) for each in found.next],
            "left": found.left,
            "classes": [
                {"id": each.id, "name": each.name, "description": each.description}
                for each in service.classes()
            ],
            "workspace": workspace,
            "least": service.settings().least_look,
            "empty": _(
                "Nothing waits to be settled: wherever two people have answered the same "
                "image, they said the same, or a reviewer has settled it."
            ),
            **reply(_KEY),
        },
        # a callback, so that leaving the page in the same breath loses nothing
        on_message_change=lambda: taking(service),
        on_later_change=lambda: None,
    )


def _card(service: Service, each: Apart) -> dict[str, Any]:
    return {
        "id": each.image.id,
        "sha256": each.image.sha256,
        **asdict(service.views(each.image)),
        "pages": each.image.pages,
        "face": each.image.face,
        "width": each.image.width,
        "height": each.image.height,
        "said": list(each.said.items()),
    }
