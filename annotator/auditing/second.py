"""Second looks: an answer that differs beside the pseudo-label, and no hint which is whose."""

from __future__ import annotations

import hashlib
import secrets
import time

from annotator.errors import AnnotatorError
from annotator.model import LabelEvent
from annotator.model.auditing.audits import Audit, AuditRow
from annotator.model.auditing.results import SecondLook
from annotator.store import Store


def second_looks(store: Store, audit: Audit) -> list[SecondLook]:
    """The answers that differ and have had no second look, in the order of the draw."""
    rows = [each for each in store.audits.rows(audit.number) if each.differs and not each.second]
    images = store.images.many(each.image_id for each in rows)
    return [SecondLook(images[each.image_id], _classes(audit, each)) for each in rows]


def _classes(audit: Audit, row: AuditRow) -> tuple[int, ...]:
    """The pseudo-label and the answers, in an order that the seed gives and nobody can read."""

    def place(class_id: int) -> bytes:
        return hashlib.sha256(f"{audit.seed}:{row.image_id}:{class_id}".encode()).digest()

    return tuple(sorted({row.class_id, *(each.class_id for each in row.blind)}, key=place))


def settle(store: Store, look: SecondLook, class_id: int, person: str) -> None:
    """Write the answer of a second look: it is final.

    Raises:
        AnnotatorError: there is no such class.
        StoreError: the database cannot be written now; nothing was.
    """
    event = LabelEvent(
        f"audit-{secrets.token_hex(16)}",
        1,
        "label",
        look.image.id,
        look.image.sha256,
        class_id,
        at=time.time(),
        source="adjudicated",
    )
    done = store.labels.record([event], person)
    if done.refused:
        raise AnnotatorError(f"Nothing was written: {done.refused[0][2]}.")
