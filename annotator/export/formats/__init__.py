"""The formats of an export. To add one: its file, and a line in FORMATS."""

from annotator.export.formats.coco import Coco
from annotator.export.formats.croissant import Croissant
from annotator.export.formats.csv import Csv
from annotator.export.formats.folder import Folder
from annotator.export.formats.format import Format
from annotator.export.formats.huggingface import HuggingFace
from annotator.export.formats.jsonl import Jsonl
from annotator.export.formats.label_studio import LabelStudio
from annotator.export.formats.parquet import Parquet
from annotator.export.formats.yolo import Yolo

FORMATS: dict[str, type[Format]] = {
    "csv": Csv,
    "parquet": Parquet,
    "jsonl": Jsonl,
    "folder": Folder,
    "huggingface": HuggingFace,
    "label-studio": LabelStudio,
    "coco": Coco,
    "yolo": Yolo,
    "croissant": Croissant,
}
