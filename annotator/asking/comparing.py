"""Beside a question: the labeled images of each class that are most like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotator.asking.explore import UNSEEN, embedded
from annotator.model import Comparison, Question
from annotator.project import Workspace
from annotator.store import Store
from annotator.store.queue import OF_ANY

NEWEST = 5_000  # labels that are looked through
BLIND = (
    "Nothing is put beside this image. Its question says what questions say that measure models, "
    "and those are answered by the image alone."
)
NO_LABELS = "There is no labeled image to compare with yet."


class Atlas:
    """The newest labels that may be shown, with the embeddings of their images."""

    def __init__(self, store: Store, workspace: Workspace) -> None:
        self.measures = set(store.audits.asked())
        self.classes = [each.id for each in store.classes.all()]
        self.vectors, self.index = embedded(store, workspace)
        kept = [each for each in store.labels.current("pool") if each.image_id not in self.measures]
        seen = self.index.has(each.image_id for each in kept)
        labels = [each for each, there in zip(kept, seen, strict=True) if there]
        self.labels = sorted(labels, key=lambda each: each.at)[-NEWEST:]
        rows = self.index.rows(each.image_id for each in self.labels)
        self.known = np.asarray(self.vectors[rows], np.float32)  # (labels, D)

    def beside(self, question: Question, n: int) -> Comparison:
        """What may stand beside a question, n images of each class."""
        image = question.image
        measures = image.split != "pool" or image.id in self.measures
        if measures or question.reason.startswith(OF_ANY):
            return Comparison(image.id, {}, BLIND)
        if not self.index.has([image.id]).all():
            return Comparison(image.id, {}, UNSEEN)
        if not self.labels:
            return Comparison(image.id, {}, NO_LABELS)
        cosine = self.known @ np.asarray(self.vectors[self.index.row(image.id)], np.float32)
        nearest: dict[int, list[int]] = {each: [] for each in self.classes}
        for place in np.argsort(-cosine, kind="stable").tolist():
            label = self.labels[place]
            of_class = nearest.get(label.class_id)  # none of a class that came just now
            if of_class is not None and len(of_class) < n and label.image_id != image.id:
                of_class.append(label.image_id)
        return Comparison(image.id, nearest)


def compared(
    store: Store, workspace: Workspace, questions: Sequence[Question], n: int
) -> list[Comparison]:
    """The n labeled images of each class that are most like each of these, as embeddings have it.

    Classes come in the order of their keys and no likeness is told: neither says what a model
    takes the image for. Images that measure are neither compared with nor shown; so that nobody
    can tell which those are, no question is compared that says what theirs say.
    """
    if not questions:
        return []
    atlas = Atlas(store, workspace)
    return [atlas.beside(each, n) for each in questions]
