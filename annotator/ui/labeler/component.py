"""The keyboard-first labeler: a queue in the page, numbered answers, one round trip a batch.

The page's half is plain JavaScript modules. Streamlit would serve one file, at an address from
which a relative import leads nowhere: so its file is two lines that import ours from our server.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from annotator.errors import AnnotatorError
from annotator.model import Acknowledged, LabelEvent, Progress
from annotator.service import Service
from annotator.ui.web.modules import module_address

_HERE = Path(__file__).parent
_KEY = "labeler"
_TAKEN = "labeler_taken"  # (beat, Acknowledged, error) of the last message
_IMPORT = f"""
const address = new URL("{module_address("labeler.js")}", document.baseURI);
export default (await import(address)).default;
"""


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "certilabel_labeler",
    html=_read("labeler.html"),
    css=_read("labeler.css"),
    js=_IMPORT,
)


def labeler(service: Service, *, workspace: str, annotator: str) -> None:
    """Draw the labeler; call it inside a fragment, so that an answer redraws nothing else."""

    def take() -> None:  # as a callback, so that leaving the page in the same breath loses nothing
        _take(service, annotator)

    take()
    message = _message()
    client = str(message.get("client") or "")
    beat, acknowledged, error = st.session_state.get(_TAKEN, (0, Acknowledged({}), ""))
    questions = service.lease(client, annotator) if client else []
    progress = service.progress()
    _component(
        key=_KEY,
        data={
            "workspace": workspace,
            "client": client,
            "beat": beat,
            "ack": acknowledged.ack,
            "refused": [list(each) for each in acknowledged.refused],
            "error": error,
            "classes": [{"id": each.id, "name": each.name} for each in service.classes()],
            "queue": [
                {
                    "id": question.image.id,
                    "sha256": question.image.sha256,
                    "name": PurePosixPath(question.image.name).name,  # a folder may tell the class
                    "reason": question.reason,
                    "url": service.image_url(question.image.id),
                }
                for question in questions
            ],
            "progress": {
                "labeled": progress.labeled,
                "images": progress.images,
                "next": _until_round(progress),
            },
            "empty": _nothing_left(progress),
        },
        on_message_change=take,
    )


def _take(service: Service, annotator: str) -> None:
    """Store the answers of the page's last message, once."""
    message = _message()
    beat = message.get("beat", 0)
    if beat == st.session_state.get(_TAKEN, (0,))[0]:
        return
    events = [event for raw in message.get("events", []) if (event := parse(raw))]
    try:
        acknowledged, error = service.record(events, annotator), ""
    except AnnotatorError as failure:  # the page keeps its answers and sends them again
        acknowledged, error = Acknowledged({}), str(failure)
    st.session_state[_TAKEN] = (beat, acknowledged, error)


def _message() -> Mapping[str, Any]:
    state = st.session_state.get(_KEY) or {}
    return state.get("message") or {}


def parse(raw: Any) -> LabelEvent | None:
    """Read one answer as the page sent it; None if it is none."""
    try:
        kind = {"label": "label", "skip": "skip", "undo": "undo"}[raw["kind"]]
        return LabelEvent(
            client=str(raw["client"]),
            seq=int(raw["seq"]),
            kind=kind,  # type: ignore[arg-type]  # the table's values are the kinds
            image_id=int(raw["image_id"]),
            sha256=str(raw["sha256"]),
            class_id=None if raw["class_id"] is None else int(raw["class_id"]),
            at=float(raw["at"]),
            seconds=float(raw["seconds"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _until_round(progress: Progress) -> int | None:
    return max(progress.round_every - progress.since_round, 0) if progress.round_every else None


def _nothing_left(progress: Progress) -> str:
    left = progress.images - progress.labeled
    if left <= 0:
        return "Every image is labeled. Export the data set, or import more on the Data page."
    return (
        f"Nothing to ask right now. {left:,} images have no label: they were skipped, or another "
        "open tab holds them. They come back within minutes."
    )
