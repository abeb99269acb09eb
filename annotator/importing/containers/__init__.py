"""What images can come in, each told by its path. To add one: its file, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.importing.containers import json, table
from annotator.importing.containers.arrays import arrays
from annotator.importing.source import Item, Wanted

Reader = Callable[[Path, Wanted], Iterator[Item]]

# By the suffix of the file, in lower case; a folder and a single image are no containers of these
CONTAINERS: dict[str, Reader] = {
    ".csv": table.sources,
    ".json": json.sources,
    ".jsonl": table.sources,
    ".ndjson": table.sources,
    ".npy": arrays.of_npy,
    ".npz": arrays.of_npz,
    ".parquet": table.sources,
    ".tsv": table.sources,
}
