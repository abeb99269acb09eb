"""Folders for a YOLO classifier: train, val and test, each with a folder of every class."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from typing_extensions import override

from annotator.export.formats.folder import Folder
from annotator.export.formats.format import SPLITS
from annotator.model import ExportRow

VAL = SPLITS["val"]
APART = "apart"  # images that show what images in `val` show: YOLO does not look there
SHARE = 0.1  # of the pool's human labels, that YOLO chooses its best weights by


class Yolo(Folder):
    """Test rows are in `test` alone; `val` is a tenth of the pool's labels, if no images validate.

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
        self._validated = {
            _key(row) for row in self.about.rows if row.split == "val" and row.source != "unclear"
        }
        self._cut = _cut(_draw(row) for row in self.about.rows if self._may_choose(row))
        if self.about.images:  # YOLO numbers classes by folders, so that each must be everywhere
            for split in SPLITS.values():
                for folder in self.folders.values():
                    (self.folder / split / folder).mkdir(parents=True, exist_ok=True)

    @override
    def split(self, row: ExportRow) -> str:
        shown = row.split == "pool" and _key(row) in self._validated
        if row.split != "pool" or not (shown or _draw(row) <= self._cut):
            return super().split(row)
        if self._may_choose(row):
            self._val += 1
            return VAL
        if not (shown or row.group or row.kin):
            return super().split(row)
        self._apart += 1
        return APART

    def _may_choose(self, row: ExportRow) -> bool:
        """Whether weights may be chosen by a row of the pool: a person's, if none validates."""
        human = row.source not in ("pseudo", "unclear")
        return row.split == "pool" and human and not self._validated

    @override
    def notes(self) -> list[str]:
        if not self.about.images:
            return super().notes()
        held, kind = "about a tenth of the human labels that are not for testing", "pseudo-labeled "
        if self._validated:
            held, kind = "the validation images", ""
        said = [
            f"The folder `val` holds {held}, for YOLO to choose its weights by; `test` holds the "
            "test images alone, and `train` the rest."
        ]
        if not (self._val or self._validated):
            said.append(
                "`val` is empty, as all human labels are of one image or one group: YOLO would "
                "choose its weights by the test images. Label more first."
            )
        if self._apart:
            said.append(
                f"{self._apart:,} {kind}images lie in `{APART}`, which YOLO passes over: "
                "they may show what images in `val` show, by their group or as near-duplicates."
            )
        return said


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
    return int.from_bytes(blake2b(f"val:{_key(row)}".encode(), digest_size=8).digest()) / 2**64


def _key(row: ExportRow) -> str:
    """What belongs together has one."""
    return row.group or str(row.kin or row.image.sha256)
