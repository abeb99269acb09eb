"""A folder a class in a folder a split, as torchvision's ImageFolder reads it, and labels.csv."""

from __future__ import annotations

from typing_extensions import override

from annotator.export.formats.csv import Csv
from annotator.export.formats.format import SPLITS
from annotator.export.names import IMAGE_SUFFIXES, class_folders, file_name
from annotator.export.tally import only_elsewhere
from annotator.model import ExportRow

UNCLEAR = "unclear"  # where images without a label lie: readers of splits do not look there
PSEUDO = "pseudo-"  # how the file of a pseudo-labeled image begins: nothing else is beside it


class Folder(Csv):
    """`train/CLASS/NAME` and `test/CLASS/NAME`; `val` too where images validate."""

    says = "train/CLASS and test/CLASS folders, as torchvision's ImageFolder reads them"
    reader = "torchvision's ImageFolder"
    suffixes = frozenset(
        {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"}
    )

    @override
    def begin(self) -> None:
        super().begin()
        self.folders = class_folders(self.about.classes)

    @override
    def place(self, row: ExportRow) -> str:
        folder = f"{self.split(row)}/{self.folders[row.label]}" if row.label else UNCLEAR
        mark = PSEUDO if row.source == "pseudo" else ""
        known = self.suffixes or IMAGE_SUFFIXES
        return f"{folder}/{file_name(row.image, folder, self.about.rows.claim, known, mark)}"

    def split(self, row: ExportRow) -> str:
        """The folder of the row's split."""
        return SPLITS[row.split]

    @override
    def notes(self) -> list[str]:
        if not self.about.images:
            return ["No image was written: labels.csv alone says the class of each."]
        return only_elsewhere(self.about)
