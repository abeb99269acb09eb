"""The data of a round as they stood when it began: a resumed round learns from the same labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from annotator.model import ClassName, RowIndex
from annotator.project import Workspace
from annotator.project.stored import Stored
from annotator.store import Store


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The images up to the newest that counts, and the pool labels up to the watermark."""

    index: RowIndex  # which image each row is
    files: Sequence[Path]
    classes: list[ClassName]  # class number c of the networks is classes[c]
    y: Tensor  # (N,) int64 class numbers; -1 where unlabeled or not trained on
    pool: Tensor  # (N,) bool: may be trained on; none that measures, no near-duplicate of one, none
    # that nobody can tell
    measures: Tensor  # (N,) bool: test images, and those that validate
    open: Tensor  # (N,) bool: neither labeled nor measuring, and not one that nobody can tell
    spare: Tensor  # (N,) bool: asked after all others: near-duplicates, and what was put off; what
    # an audit asks about
    hashes: Sequence[str] = ()  # SHA-256 of each; of a document not that of the file, its face
    groups: Tensor | None = None  # (N,) int64: what belongs together has one number; None: nothing
    left_out: int = 0  # pool images with a label that is not learned from: people disagree
    validated: Tensor | None = None  # (v,) int64: rows of labeled validation images
    truths: Tensor | None = None  # (v,) int64: their class numbers

    @property
    def unlabeled(self) -> Tensor:
        """Rows that are neither labeled nor measure, (m,) int64."""
        return self.open.nonzero().squeeze(1)

    @property
    def askable(self) -> Tensor:
        """The unlabeled rows that an expert's answer would tell something new about, (k,) int64.

        Left out are near-duplicates of labeled images, of what measures and of each other but one,
        and images that were put off.
        """
        return (self.open & ~self.spare).nonzero().squeeze(1)

    @property
    def test(self) -> Tensor:
        """Rows that measure, or validate, (t,) int64."""
        return self.measures.nonzero().squeeze(1)


def take(
    workspace: Workspace,
    store: Store,
    watermark: int,
    class_ids: Sequence[int],
    newest: int,
    merged: Iterable[tuple[int, int]] = (),
    without: Collection[int] = (),
) -> Snapshot:
    """Read the workspace as of `watermark`, with the classes of these ids in this order.

    Images with an id above `newest` came later and are left out. `merged` says which classes
    counted as others then; what was merged or split since changes nothing. The labels of the images
    `without` are left out: they are neither learned from nor asked, get no pseudo-label, and do not
    validate.
    """
    images = store.images.pool(newest)
    index = RowIndex(images.ids)
    known = {each.id: each for each in store.classes.all()}
    number = {class_id: place for place, class_id in enumerate(class_ids)}
    y = torch.full((len(index),), -1, dtype=torch.int64)
    given = [
        each for each in store.labels.fixed(watermark, class_ids, merged) if each.image_id <= newest
    ]
    labels = [each for each in given if each.image_id not in without]
    rows = torch.from_numpy(index.rows(each.image_id for each in labels))
    y[rows] = torch.tensor([number[each.class_id] for each in labels], dtype=torch.int64)
    measures = torch.from_numpy(images.measures)
    groups = torch.from_numpy(_grouped(index, store.near_duplicates.together()))
    shown = store.near_duplicates.of_test()
    leaking = torch.from_numpy(index.mask(shown))
    silent = {*shown, *without}
    validating = [
        each
        for each in store.labels.fixed(watermark, class_ids, merged, "val")
        if each.image_id <= newest and each.image_id not in silent
    ]
    apart = torch.from_numpy(index.mask(without))
    unclear = torch.from_numpy(index.mask(store.beside.unclear_ids(watermark)))
    put_off = torch.from_numpy(index.mask(store.beside.skipped_ids(watermark)))
    return Snapshot(
        index=index,
        files=Stored(workspace, images.stored),
        classes=[known[class_id] for class_id in class_ids],
        y=y.masked_fill(leaking, -1),
        pool=~measures & ~leaking & ~unclear,
        measures=measures,
        open=~measures & (y < 0) & ~unclear & ~apart,
        spare=torch.from_numpy(index.mask([*store.near_duplicates.spare(), *store.audits.asked()]))
        | put_off,
        hashes=images.hashes,
        groups=groups,
        left_out=len(given) - len(labels),
        validated=torch.from_numpy(index.rows(each.image_id for each in validating)),
        truths=torch.tensor([number[each.class_id] for each in validating], dtype=torch.int64),
    )


def _grouped(index: RowIndex, tied: Mapping[int, int]) -> NDArray[np.int64]:
    """A number for each row (N,), the same for what is `tied`: else its own image's."""
    found = index.ids.copy()
    ids = np.fromiter(tied, np.int64)
    there = index.has(ids)
    found[index.rows(ids[there])] = np.fromiter(tied.values(), np.int64)[there]
    return found
