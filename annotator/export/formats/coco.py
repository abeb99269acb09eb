"""Classification in the manner of COCO: images, categories, and an annotation an image, no box.

COCO itself has no classification. Tools that read its JSON take an annotation without a box or a
segment for one of the whole image.
"""

from __future__ import annotations

import json
from tempfile import TemporaryFile
from typing import TextIO

from typing_extensions import override

from annotator.export.formats.format import SPLITS, Format, JsonList, pieces
from annotator.export.line import Line, cells
from annotator.model import ExportRow

IN_IMAGE = ("name", "sha256", "file_sha256", "split", "group", "pages", "flag", "note")
ELSEWHERE = ("path", "label", "confidence")


class Coco(Format):
    """`train.json`, `val.json` and `test.json`, those that have rows; a pseudo-label has a `score`.

    An image that nobody can tell has no annotation, and says so itself.
    """

    says = "train.json and test.json in the manner of COCO, an annotation for each whole image"
    reader = "what reads COCO"
    suffixes = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})

    @override
    def begin(self) -> None:
        self._numbers = {name: number for number, name in enumerate(self.about.classes, 1)}
        self._halves: dict[str, _Half] = {}
        for split in dict.fromkeys(where for _, where, _ in self.about.counts):
            rest = TemporaryFile("w+", encoding="utf-8", dir=self.folder)  # noqa: SIM115 - closed
            self.open.enter_context(rest)  # with the others
            self._halves[split] = _Half(self.text(f"{SPLITS[split]}.json"), rest, self._numbers)

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        half, values, number = self._halves[line.split], cells(line), row.image.id
        told = {name: each for name, each in values.items() if name not in (*IN_IMAGE, *ELSEWHERE)}
        half.images.add(
            {
                "id": number,
                "file_name": line.path,
                "width": row.image.width,
                "height": row.image.height,
                **{name: values[name] for name in IN_IMAGE},
                **(told if line.label is None else {}),  # it has no annotation
            }
        )
        if line.label is None:
            return
        given = {
            "id": number,  # an annotation an image
            "image_id": number,
            "category_id": self._numbers[line.label],
            **told,
        }
        if line.source == "pseudo":
            given["score"] = line.confidence
        half.annotations.add(given)

    @override
    def finish(self) -> None:
        for half in self._halves.values():
            half.end()


class _Half:
    """The file of one split: its annotations wait in another until all images are written."""

    def __init__(self, file: TextIO, rest: TextIO, numbers: dict[str, int]) -> None:
        self._file, self._rest = file, rest
        known = [{"id": number, "name": name} for name, number in numbers.items()]
        told = json.dumps(known, ensure_ascii=False)
        self.images = JsonList(file, f'{{"categories": {told},\n"images": ')
        self.annotations = JsonList(rest, ',\n"annotations": ', "}\n")

    def end(self) -> None:
        """Put them together."""
        self.images.end()
        self.annotations.end()
        self._rest.seek(0)
        for piece in pieces(self._rest):
            self._file.write(piece)
