"""JSON Lines in UTF-8: an object a row beside the images, null where there is no value."""

from __future__ import annotations

from typing_extensions import override

from annotator.export.formats.format import Format
from annotator.export.line import Line, as_json, cells
from annotator.model import ExportRow


class Jsonl(Format):
    """All columns in each object, in their order."""

    says = "one JSON object a line, labels.jsonl, with the images beside it"
    reader = "any JSON reader"

    @override
    def begin(self) -> None:
        self._file = self.text("labels.jsonl")

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        self._file.write(as_json(cells(line)) + "\n")
