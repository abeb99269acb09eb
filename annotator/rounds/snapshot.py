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
    y: Tensor  # (N,) int64 class numbers; -1 where unlabelled and for every test image
    pool: Tensor  # (N,) bool: may be trained on
    watermark: int  # newest label event that counts

    @property
    def labels(self) -> int:
        return int((self.y >= 0).sum())

    @property
    def unlabelled(self) -> Tensor:
        """Rows that are neither labelled nor test, (m,) int64."""
        return (self.pool & (self.y < 0)).nonzero().squeeze(1)

    @property
    def test(self) -> Tensor:
        """Rows that measure, (t,) int64."""
        return (~self.pool).nonzero().squeeze(1)


def take(workspace: Workspace, store: Store, watermark: int, class_ids: list[int]) -> Snapshot:
    """Read the workspace as of `watermark`, with the classes of these ids in this order."""
    images = store.images.all()
    known = {each.id: each for each in store.classes.all()}
    number = {class_id: place for place, class_id in enumerate(class_ids)}
    y = torch.full((len(images),), -1, dtype=torch.int64)
    for label in store.labels.current("pool", watermark):
        if label.class_id in number:
            y[label.image_id - 1] = number[label.class_id]
    return Snapshot(
        files=[workspace.image_path(image.stored) for image in images],
        classes=[known[class_id] for class_id in class_ids],
        y=y,
        pool=torch.tensor([image.split == "pool" for image in images], dtype=torch.bool),
        watermark=watermark,
    )
