"""A page of guesses on cards, decided by keys: numbered decisions, one round trip a batch.

What a card shows is fixed when its page is opened. What is decided since, here or elsewhere, takes
no card from under the finger: the next page is read anew, and a page that is entered again too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.model import Guess
from annotator.service import Service
from annotator.ui.labeler.taking import reply, take
from annotator.ui.words.component import component
from annotator.ui.words.language import _
from annotator.wording import percent

KINDS = ("label", "reject", "undo")
_HERE = Path(__file__).parent
_SHARED = _HERE.with_name("labeler")
_KEY = "review"

_component = component(
    "certilabel_review",
    html=_HERE / "review.html",
    css=(_SHARED / "keys.css", _SHARED / "told.css", _HERE / "review.css"),
    script="review.js",
)


def review(service: Service, guesses: Sequence[Guess], *, workspace: str, page: str) -> bool:
    """Draw the cards; call it inside a fragment. Return whether the next page is asked for.

    Args:
        service: takes the decisions.
        guesses: what the cards of this page show.
        workspace: its name in the browser's storage.
        page: the name of this page of cards; another name is another page.
    """

    def taking() -> None:  # a callback, so that leaving the page in the same breath loses nothing
        take(_KEY, service.decide, "The decisions", KINDS)

    taking()
    names = {each.id: each.name for each in service.classes(removed=True)}
    found = _component(
        key=_KEY,
        data={
            "cards": [_card(service, each, names) for each in guesses],
            "labels": any(each.label is not None for each in guesses),
            "classes": [{"id": each.id, "name": each.name} for each in service.classes()],
            "page": page,
            "workspace": workspace,
            "least": service.settings().least_look,
            **reply(_KEY),
        },
        on_message_change=taking,
        on_turned_change=lambda: None,
    )
    return bool(found.turned == page)  # one that is turned already is not turned twice


def _card(service: Service, each: Guess, names: Mapping[int, str]) -> dict[str, Any]:
    image, said, sure = each.image, names.get(each.class_id, "?"), _(percent(each.confidence))
    name, line = said, f"{said}, {sure}"
    if each.label is None:
        beside = [
            f"{names.get(other, '?')} ({_(who)})"  # the class first: a narrow card cuts the rest
            for who, other in (("baseline", each.baseline), ("before", each.before))
            if other is not None and other != each.class_id
        ]
    else:
        name, beside = names.get(each.label, "?"), [f"{_('model')}: {said}, {sure}"]
        line, sure = f"{_('label')}: {name} · {beside[0]}", ""
    return {
        "id": image.id,
        "sha256": image.sha256,
        "class_id": each.class_id,
        "doubted": each.label is not None,
        "url": service.image_url(image.id, thumbnail=True),
        "full": service.image_url(image.id),
        "tiny": max(image.width, image.height),
        "name": name,
        "sure": sure,
        "line": line,
        "detail": " · ".join([*beside, PurePosixPath(image.name).name]),
    }
