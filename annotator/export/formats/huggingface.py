"""Hugging Face's imagefolder: images and metadata.parquet in each split, classes in the card.

The metadata is Parquet, for `datasets` guesses the types of CSV and JSON: class 01 would be 1, and
a class that reads like a day would be one. The card names the classes: labels are `ClassLabel`s.
"""

from __future__ import annotations

from typing_extensions import override

from annotator.export.formats.format import SPLITS, Format
from annotator.export.formats.parquet import Table
from annotator.export.line import PLAIN, Kind, Line, plain
from annotator.model import ExportRow

FILE = "file_name"  # the column by which imagefolder finds the image
NAMES = {"val": "validation"}  # of splits, where the Hub has others than folders
HUB_TYPES: dict[Kind, str] = {
    "text": "string",
    "number": "float64",
    "count": "int64",
    "truth": "bool",
}


class HuggingFace(Format):
    """`train`, `val` and `test`, those that have rows; the columns are ours but for `file_name`."""

    says = "train and test with metadata, as Hugging Face's datasets loads them"
    reader = "Hugging Face's datasets"
    suffixes = frozenset(
        {".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
    )

    @override
    def begin(self) -> None:
        self._columns = dict(PLAIN)
        if self.about.images:
            del self._columns["path"]  # it is `file_name`, below the split
            self._columns = {FILE: "text", **self._columns}
        name = "metadata.parquet" if self.about.images else "labels.parquet"
        self._tables: dict[str, Table] = {}
        for split in dict.fromkeys(where for _, where, _ in self.about.counts):
            folder = self.folder / SPLITS[split]
            folder.mkdir(parents=True, exist_ok=True)
            self._tables[split] = Table(folder / name, self._columns)
            self.open.callback(self._tables[split].close)

    @override
    def place(self, row: ExportRow) -> str:
        return f"{SPLITS[row.split]}/images/{self.stored(row)}"

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        values = plain(line)
        if self.about.images:
            values[FILE] = line.path.partition("/")[2]
            del values["path"]
        self._tables[line.split].add(values)

    @override
    def header(self) -> str:
        """YAML: where each split is, and what its columns hold."""
        lines = ["---", "configs:", "- config_name: default", "  data_files:"]
        for split in self._tables:
            lines += [
                f"  - split: {NAMES.get(split, SPLITS[split])}",
                f"    path: {SPLITS[split]}/**",
            ]
        lines.append("  features:")
        for column, kind in self._columns.items():
            if column == FILE:
                lines += ["  - name: image", "    dtype: image"]
            elif column == "label":
                lines += ["  - name: label", "    dtype:", "      class_label:", "        names:"]
                lines += [
                    f"          '{number}': {quoted(name)}"
                    for number, name in enumerate(self.about.classes)
                ]
            else:
                lines += [f"  - name: {column}", f"    dtype: {HUB_TYPES[kind]}"]
        return "\n".join([*lines, "---", "", ""])


def quoted(name: str) -> str:
    """Text in YAML's double quotes, in ASCII."""
    signs = (
        each if " " <= each <= "~" and each not in '"\\' else f"\\U{ord(each):08x}" for each in name
    )
    return f'"{"".join(signs)}"'
