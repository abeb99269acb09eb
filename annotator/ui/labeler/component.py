"""The keyboard-first labeler: a queue in the page, numbered answers, one round trip a batch.

The page's half is plain JavaScript modules. Streamlit would serve one file, at an address from
which a relative import leads nowhere: so its file is two lines that import ours from our server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from annotator.model import Image, Marks, Progress
from annotator.service import Service
from annotator.ui.labeler.around import OURS, about_of, compared
from annotator.ui.labeler.message import Sent
from annotator.ui.labeler.taking import in_words, reply, sent, take, taken
from annotator.ui.words.component import component
from annotator.ui.words.language import _
from annotator.wording import many

_HERE = Path(__file__).parent
_KEY = "labeler"
_SHEETS = ("keys.css", "labeler.css", "choices.css", "around.css")
_DRAWN = "labeler_drawn"  # what was drawn last
_NOTHING: dict[str, Any] = {
    "classes": [],
    "queue": [],
    "progress": {"labeled": 0, "images": 0, "next": None, "running": False},
    "least": 0,
    "empty": "",
}


_component = component(
    "certilabel_labeler",
    html=_HERE / "labeler.html",
    css=[_HERE / name for name in _SHEETS],
    script="labeler.js",
)


def labeler(service: Service, *, workspace: str, annotator: str) -> None:
    """Draw the labeler; call it inside a fragment, so that an answer redraws nothing else.

    It is drawn whatever is wrong: a fault is a notice on it, and the page that keeps the answers
    stays to send them again.
    """

    def taking() -> None:  # a callback, so that leaving the page in the same breath loses nothing
        _take(service, annotator)

    taking()
    content, fault = st.session_state.get(_DRAWN, _NOTHING), taken(_KEY).error
    if not fault:  # else the next reads would wait for the same lock
        content, fault = _content(service, sent(_KEY), annotator, content)
    _component(
        key=_KEY,
        data={**content, "workspace": workspace, **reply(_KEY), "error": fault},
        on_message_change=taking,
    )


def _take(service: Service, annotator: str) -> None:
    """Store the answers of the page's last message, once."""
    take(_KEY, lambda events: service.record(events, annotator), "The answers")


def _content(
    service: Service, message: Sent, annotator: str, before: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """What there is to draw; where that cannot be read, what was drawn `before`, and the fault."""
    try:
        progress = service.progress()
        client = message.client
        questions = service.lease(client, annotator, turn=message.beat) if client else []
        about = about_of(service, [question.image for question in questions], message)
        content = {
            "held": _held(service, client, annotator) if client else None,
            "classes": [
                {
                    "id": each.id,
                    "name": each.name,
                    "color": each.color,
                    "description": each.description,
                }
                for each in service.classes()
            ],
            "queue": [
                _shown(service, question.image, question.marks, said)
                | {
                    "reason": _(question.reason),
                    "guess": _(question.guess),
                    "detail": _(question.detail),
                    "place": question.place,
                    "again": question.again,
                }
                for question, said in zip(questions, about, strict=True)
            ],
            "recalled": _recalled(service, message),
            "compared": compared(service, questions, message.compare),
            "progress": {
                "labeled": progress.labeled,
                "images": progress.images,
                "next": _until_round(progress),
                "running": _trains(service),
            },
            "reveals": not service.refusal("about_people"),
            "least": service.settings().least_look,
            "empty": _(_nothing_left(progress)),
        }
    except Exception as problem:
        return before, in_words("What to ask next cannot be read now", problem)
    st.session_state[_DRAWN] = content
    return content, ""


def _held(service: Service, client: str, annotator: str) -> dict[str, Any]:
    """By what the page keeps what it holds: its ticket, and how often it says that it lives."""
    return {
        "ticket": asdict(service.ticket(client, annotator)),
        "every": round(service.BEAT_SECONDS * 1000),  # milliseconds
        "silence": round(service.BEAT_SECONDS * 4 * 1000),
    }


def _shown(
    service: Service, image: Image, marks: Marks, about: Mapping[str, str]
) -> dict[str, Any]:
    """An image as the page draws it, with the marks of whoever looks, and what is known of it."""
    return {
        "id": image.id,
        "sha256": image.sha256,
        "name": PurePosixPath(image.name).name,  # a folder may tell the class
        "width": image.width,
        "height": image.height,
        **asdict(service.views(image)),
        "pages": image.pages,
        "face": image.face,
        "flag": bool(marks.flags),
        "note": marks.note,
        "about": [(_(word), _(told) if word in OURS else told) for word, told in about.items()],
    }


def _recalled(service: Service, message: Sent) -> dict[str, Any] | None:
    """One's own answers from that to an image on, as the page asked for them, if it did."""
    if (image_id := message.recall) is None:
        return None
    earlier = service.history(image_id)
    about = about_of(service, [each.image for each in earlier], message)
    answers = [
        {
            "question": _shown(service, each.image, each.marks, said)
            | {"last": each.last, "again": each.again},
            "kind": each.kind,
            "classId": each.class_id,
            "why": each.why,
        }
        for each, said in zip(earlier, about, strict=True)
    ]
    return {"from": image_id, "answers": answers}


def _until_round(progress: Progress) -> int | None:
    return max(progress.round_every - progress.since_round, 0) if progress.round_every else None


def _trains(service: Service) -> bool:
    """Whether a round waits or runs: the next one starts when it ends, once it is due."""
    job = service.active_job()
    return job is not None and job.kind == "round"


def _nothing_left(progress: Progress) -> str:
    left = progress.images - progress.labeled - progress.unclear
    unclear = many(progress.unclear, "image")
    told = f" Nobody could tell {unclear}: Data lists them." if progress.unclear else ""
    if left <= 0:
        every = "other image" if progress.unclear else "image"
        return f"Every {every} is labeled.{told} Export the data set, or import more on Data."
    return (
        f"Nothing to ask right now. {many(left, 'image has', 'images have')} no answer, as other "
        "open pages have them. What they give back comes here by itself, within half a minute."
        f"{told}"
    )
