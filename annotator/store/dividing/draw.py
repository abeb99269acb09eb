"""Each image has a fixed place in a uniform random order, and so has what belongs together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.model import Split

Row = dict[str, Any]  # of a new image: sha256, in_group, draw, and the split that is found for it


def draw(name: str, seed: int) -> float:
    """A number in [0, 1), uniform over SHA-256 sums or groups and the same at every import."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


@dataclass(frozen=True, slots=True)
class Draw:
    """How new images are divided."""

    share: float  # of draws that measure, 0 to 1
    seed: int
    kept: Mapping[str, Split]  # SHA-256 -> split of an image that is not drawn
    groups: Mapping[str, Split]  # group -> split of its images that are here already


def divide(rows: Sequence[Row], how: Draw, *, spare: bool) -> None:
    """Give each new image its `split`: the kept one, its group's, or that of its draw.

    With `spare`, where all that were drawn would measure, the last of them learns with its group.
    """
    groups: dict[str, Split] = dict(how.groups)
    for row in rows:
        split = how.kept.get(row["sha256"])
        group = row["in_group"]
        if split and group and group not in how.groups:  # a test image pulls its group along
            groups[group] = "test" if "test" in (split, groups.get(group)) else split
    for row in rows:
        name = row["in_group"] or row["sha256"]
        drawn: Split = "test" if draw(name, how.seed) < how.share else "pool"
        row["split"] = how.kept.get(row["sha256"]) or groups.get(row["in_group"]) or drawn
    if spare and rows and all(row["split"] == "test" for row in rows):
        _spare_one(rows, how, groups)


def _spare_one(rows: Sequence[Row], how: Draw, fixed: Mapping[str, Split]) -> None:
    """Move the new image with the highest draw to the pool, and with it what it belongs to."""
    free = [row for row in rows if row["sha256"] not in how.kept and row["in_group"] not in fixed]
    if not free:
        return
    last = max(free, key=lambda row: draw(row["in_group"] or row["sha256"], how.seed))
    for row in free:
        if row is last or (row["in_group"] and row["in_group"] == last["in_group"]):
            row["split"] = "pool"
