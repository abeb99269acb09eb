"""The data of a round as they stood when it began: a resumed round learns from the same labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from annotator.model import ClassName
from annotator.store import Store
from annotator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All images, row i being image i + 1, and the pool labels up to the watermark."""

    files: list[Path]
    classes: list[ClassName]  # class number c of the networks is classes[c]
    y: Tensor  # (N,) int64 class numbers; -1 where unlabelled or not trained on
    pool: Tensor  # (N,) bool: may be trained on; no test image, and no near-duplicate of one
    measures: Tensor  # (N,) bool: test images
    open: Tensor  # (N,) bool: neither labelled nor test
    spare: Tensor  # (N,) bool: near-duplicates that are asked after all others
    watermark: int  # newest label event that counts

    @property
    def labels(self) -> int:
        return int((self.y >= 0).sum())

    @property
    def unlabelled(self) -> Tensor:
        """Rows that are neither labelled nor test, (m,) int64."""
        return self.open.nonzero().squeeze(1)

    @property
    def askable(self) -> Tensor:
        """The unlabelled rows that an expert's answer would tell something new about, (k,) int64.

        Left out are near-duplicates of labelled images, of test images and of each other but one.
        """
        return (self.open & ~self.spare).nonzero().squeeze(1)

    @property
    def test(self) -> Tensor:
        """Rows that measure, (t,) int64."""
        return self.measures.nonzero().squeeze(1)


def take(workspace: Workspace, store: Store, watermark: int, class_ids: list[int]) -> Snapshot:
    """Read the workspace as of `watermark`, with the classes of these ids in this order."""
    images = store.images.all()
    known = {each.id: each for each in store.classes.all()}
    number = {class_id: place for place, class_id in enumerate(class_ids)}
    y = torch.full((len(images),), -1, dtype=torch.int64)
    for label in store.labels.current("pool", watermark):
        if label.class_id in number:
            y[label.image_id - 1] = number[label.class_id]
    measures = torch.tensor([image.split == "test" for image in images], dtype=torch.bool)
    leaking = rows(store.twins.of_test(), len(images))
    return Snapshot(
        files=[workspace.image_path(image.stored) for image in images],
        classes=[known[class_id] for class_id in class_ids],
        y=y.masked_fill(leaking, -1),
        pool=~measures & ~leaking,
        measures=measures,
        open=~measures & (y < 0),
        spare=rows(store.twins.spare(), len(images)),
        watermark=watermark,
    )


def rows(ids: list[int], n: int) -> Tensor:
    """A mask (n,) of the images with these ids."""
    mask = torch.zeros(n, dtype=torch.bool)
    mask[torch.tensor(ids, dtype=torch.int64) - 1] = True
    return mask
