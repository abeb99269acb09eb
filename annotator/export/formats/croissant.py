"""Croissant 1.1 (MLCommons): labels.parquet, the images, and croissant.json about both."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from typing_extensions import override

from annotator.export.formats.parquet import Parquet, Table
from annotator.export.line import PLAIN, Kind, Line, plain
from annotator.model import ExportRow

VERSION = "http://mlcommons.org/croissant/1.1"
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    **{
        name: f"cr:{name}"
        for name in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty"),
            *("fileObject", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key"),
            *("md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
            *("replace", "samplingRate", "separator", "source", "subField", "transform"),
        )
    },
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}
DATA_TYPES: dict[Kind, str] = {
    "text": "sc:Text",
    "number": "cr:Float64",
    "count": "sc:Integer",
    "truth": "sc:Boolean",
}
TABLE = "labels.parquet"


class Croissant(Parquet):
    """What it cannot know (license, citation, address) is left for its owner to fill in."""

    says = "labels.parquet and croissant.json, the description that data set searches read"
    reader = "mlcroissant"
    suffixes = frozenset({".jpeg", ".jpg", ".png"})

    @override
    def begin(self) -> None:
        self._table = Table(self.folder / TABLE, PLAIN)
        self.open.callback(self._table.close)

    @override
    def add(self, row: ExportRow, line: Line) -> None:
        self._table.add(plain(line))

    @override
    def finish(self) -> None:
        self._table.close()
        told = json.dumps(self._described(), indent=2, ensure_ascii=False) + "\n"
        (self.folder / "croissant.json").write_text(told, encoding="utf-8")

    @override
    def notes(self) -> list[str]:
        return ["croissant.json has no license, citation or address: fill them in to publish it."]

    def _described(self) -> dict[str, object]:
        provenance = self.about.provenance
        table = {
            "@type": "cr:FileObject",
            "@id": TABLE,
            "name": TABLE,
            "description": "A row an image.",
            "contentUrl": TABLE,
            "encodingFormat": "application/x-parquet",
            "sha256": _sha256(self.folder / TABLE),
        }
        images = {
            "@type": "cr:FileSet",
            "@id": "images",
            "name": "images",
            "description": "The image files.",
            "encodingFormat": ["image/png", "image/jpeg"],
            "includes": "images/*",
        }
        fields = [_column(name, kind) for name, kind in PLAIN.items()]
        shown = self.about.images
        return {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": VERSION,
            "name": str(provenance.get("workspace", "data set")),
            "description": "Images labeled by people, and by a model where `source` is 'pseudo'. "
            "README.md is the data card.",
            "datePublished": str(provenance.get("made_at", "")),
            "version": "1.0.0",
            "distribution": [table, images] if shown else [table],
            "recordSet": [
                {
                    "@type": "cr:RecordSet",
                    "@id": "labels",
                    "name": "labels",
                    "description": "An image, its label, and where the label comes from.",
                    "key": {"@id": "labels/sha256"},
                    "field": [*fields, *_pictures()] if shown else fields,
                }
            ],
        }


def _column(name: str, kind: Kind) -> dict[str, object]:
    return {
        "@type": "cr:Field",
        "@id": f"labels/{name}",
        "name": name,
        "dataType": DATA_TYPES[kind],
        "source": {"fileObject": {"@id": TABLE}, "extract": {"column": name}},
    }


def _pictures() -> list[dict[str, object]]:
    """The picture of each row, which is found by the last part of its path."""
    return [
        {
            "@type": "cr:Field",
            "@id": "labels/file",
            "name": "file",
            "dataType": "sc:Text",
            "source": {
                "fileObject": {"@id": TABLE},
                "extract": {"column": "path"},
                "transform": {"regex": "(?:.*/)?([^/]+)$"},
            },
            "references": {"fileSet": {"@id": "images"}, "extract": {"fileProperty": "filename"}},
        },
        {
            "@type": "cr:Field",
            "@id": "labels/image",
            "name": "image",
            "dataType": "sc:ImageObject",
            "source": {"fileSet": {"@id": "images"}, "extract": {"fileProperty": "content"}},
        },
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
