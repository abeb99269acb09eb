"""What a driver is told to have made: by which networks, of which rows, into which files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from annotator.project.files import replacing

FILE, DONE, WRONG = "order.json", "done", "wrong"  # what a driver reads, and what it writes
NOT_STARTED = 75  # how a driver ends whose own cluster did not start in time: another may be tried


@dataclass(frozen=True, slots=True)
class Shard:
    """Rows that a node makes at once: one file."""

    name: str  # of the file
    kind: str  # a view, or which of several networks
    pieces: tuple[tuple[int, int], ...]  # first row and the one after the last; a batch each


@dataclass(frozen=True, slots=True)
class Order:
    """A whole job of a driver's. All paths are of the machine on which the driver runs."""

    executor: str
    backbone: str
    channels: int
    size: int  # pixels a side
    preset: str
    pixels: str  # file of (rows, channels, size, size) uint8
    rows: int
    shards: tuple[Shard, ...]
    classes: int = 0  # of trained networks
    weights: tuple[tuple[str, str], ...] = ()  # kind and file of each; none: pretrained, embeds

    def write(self, folder: Path) -> None:
        """Leave it where a driver finds it."""
        with replacing(folder / FILE) as file:
            file.write(json.dumps(asdict(self)).encode())

    @classmethod
    def read(cls, folder: Path) -> Order:
        """The order that was left in a folder."""
        said: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        shards = tuple(
            Shard(
                each["name"], each["kind"], tuple((start, stop) for start, stop in each["pieces"])
            )
            for each in said["shards"]
        )
        weights = tuple((kind, file) for kind, file in said["weights"])
        return cls(**said | {"shards": shards, "weights": weights})
