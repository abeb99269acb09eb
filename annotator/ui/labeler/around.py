"""What stands around a question: what is known of its image, and what that is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotator.model import Image, Question
from annotator.service import Service
from annotator.service.looking.about import NOT_SHOWN
from annotator.ui.labeler.message import Sent
from annotator.ui.words.language import _

OURS = ("size", "pages", NOT_SHOWN)  # facts in our words: what others say is what an image has


def about_of(service: Service, images: Sequence[Image], message: Sent) -> list[dict[str, str]]:
    """What is known of images; what may name a person where the page asks, and its person may."""
    about = service.about(images)
    if not message.reveal or service.refusal("about_people"):
        return about
    people = service.about_people(images)
    return [
        {word: text for word, text in said.items() if word != NOT_SHOWN} | more
        for said, more in zip(about, people, strict=True)
    ]


def compared(
    service: Service, questions: Sequence[Question], wanted: Sequence[int]
) -> list[dict[str, Any]]:
    """What stands beside these of the questions, in small pictures; of the others nothing."""
    asked = [each for each in questions if each.image.id in wanted]
    return [
        {
            "image": each.image_id,
            "reason": _(question.reason),  # an audit may make it another
            "why": _(each.why_none),
            "classes": [
                {"id": class_id, "urls": [service.image_url(one, thumbnail=True) for one in images]}
                for class_id, images in each.nearest.items()
            ],
        }
        for question, each in zip(asked, service.compare(asked), strict=True)
    ]
