"""Folders for a YOLO classifier: train, val and test, each with a folder of every class."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from typing_extensions import override

from annotator.export.formats.folder import Folder
from annotator.export.formats.format import SPLITS
from annotator.model import ExportRow

VAL = "val"
APART = (
    "apart"  # pseudo-labeled images that show what images in `val` show: YOLO does not look there
)
SHARE = 0.1  # of the pool's human labels, that YOLO chooses its best weights by


class Yolo(Folder):
    """Test rows are in `test` alone; `val` is a tenth of the pool's human labels.

    YOLO looks at `val` after each epoch and keeps the weights that do best there, so what measures
    in the end must not be in it. What belongs together (a group, near-duplicates) is never in both
    `train` and `val`.
    """

    says = "train, val and test folders, as YOLO's classifiers read them"
    reader = "a YOLO classifier"
    suffixes = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})

    @override
    def begin(self) -> None:
        super().begin()
        self._apart = self._val = 0
        self._cut = _cut(_draw(row) for row in self.about.rows if _may_choose(row))
        if self.about.images:  # YOLO numbers classes by folders, so that each must be everywhere
            for split in (*SPLITS.values(), VAL):
                for folder in self.folders.values():
                    (self.folder / split / folder).mkdir(parents=True, exist_ok=True)

    @override
    def split(self, row: ExportRow) -> str:
        if row.split != "pool" or _draw(row) > self._cut:
            return super().split(row)
        if _may_choose(row):
            self._val += 1
            return VAL
        if not (row.group or row.kin):
            return super().split(row)
        self._apart += 1
        return APART

    @override
    def notes(self) -> list[str]:
        if not self.about.images:
            return super().notes()
        said = [
            "The folder `val` holds about a tenth of the human labels that are not for testing, "
            "for YOLO to choose its weights by; `test` holds the test images alone, and `train` "
            "the rest."
        ]
        if not self._val:
            said.append(
                "`val` is empty, as all human labels are of one image or one group: YOLO would "
                "choose its weights by the test images. Label more first."
            )
        if self._apart:
            said.append(
                f"{self._apart:,} pseudo-labeled images lie in `{APART}`, which YOLO passes over: "
                "they may show what images in `val` show, by their group or as near-duplicates."
            )
        return said


def _may_choose(row: ExportRow) -> bool:
    """Whether weights may be chosen by the row: a person's word, and not for the last measure."""
    return row.split == "pool" and row.source not in ("pseudo", "unclear")


def _cut(draws: Iterable[float]) -> float:
    """The draw up to which rows are in `val`: SHARE, but so that `val` and `train` get some."""
    low, high = 1.0, 0.0
    for draw in draws:
        low, high = min(low, draw), max(high, draw)
    if low >= high:
        return -1.0
    return low if high <= SHARE else max(SHARE, low)


def _draw(row: ExportRow) -> float:
    """A number in [0, 1) that what belongs together shares."""
    key = row.group or str(row.kin or row.image.sha256)
    return int.from_bytes(blake2b(f"val:{key}".encode(), digest_size=8).digest()) / 2**64
