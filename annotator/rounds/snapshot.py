"""The data of a round as they stood when it began: a resumed round learns from the same labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from annotator.model import ClassName, RowIndex
from annotator.project import Workspace
from annotator.store import Store


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The images up to the newest that counts, and the pool labels up to the watermark."""

    index: RowIndex  # which image each row is
    files: list[Path]
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

    Raises:
        WorkspaceError: an image's path leads out of the workspace.
    """
    images = [image for image in store.images.all() if image.id <= newest]
    index = RowIndex(image.id for image in images)
    known = {each.id: each for each in store.classes.all()}
    number = {class_id: place for place, class_id in enumerate(class_ids)}
    y = torch.full((len(images),), -1, dtype=torch.int64)
    given = [
        each for each in store.labels.fixed(watermark, class_ids, merged) if each.image_id <= newest
    ]
    labels = [each for each in given if each.image_id not in without]
    rows = torch.from_numpy(index.rows(each.image_id for each in labels))
    y[rows] = torch.tensor([number[each.class_id] for each in labels], dtype=torch.int64)
    measures = torch.tensor([image.split != "pool" for image in images], dtype=torch.bool)
    tied = store.near_duplicates.together()
    groups = torch.tensor([tied.get(image.id, image.id) for image in images], dtype=torch.int64)
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
        files=[workspace.image_path(image.stored) for image in images],
        classes=[known[class_id] for class_id in class_ids],
        y=y.masked_fill(leaking, -1),
        pool=~measures & ~leaking & ~unclear,
        measures=measures,
        open=~measures & (y < 0) & ~unclear & ~apart,
        spare=torch.from_numpy(index.mask([*store.near_duplicates.spare(), *store.audits.asked()]))
        | put_off,
        hashes=[image.sha256 for image in images],
        groups=groups,
        left_out=len(given) - len(labels),
        validated=torch.from_numpy(index.rows(each.image_id for each in validating)),
        truths=torch.tensor([number[each.class_id] for each in validating], dtype=torch.int64),
    )
