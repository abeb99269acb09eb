"""Each image has a fixed place in a uniform random order, and so has what belongs together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.model import VALIDATION, Split

Row = dict[str, Any]  # of a new image: sha256, in_group, draw, and the split that is found for it

# What measures may not be known from what is before it: neither by group nor by near-duplicates
SPLITS: tuple[Split, ...] = ("pool", "val", "test")
FILLED = 0.25  # of what would be learned from, at most so much fills validation up


def foremost(splits: Iterable[Split]) -> Split:
    """Where it goes what several splits lay claim to: not before any of them."""
    return max(splits, key=SPLITS.index)


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
    validates: float = 0.0  # share of draws that validate, 0 to 1
    there: int = 0  # validation images that are here already


def divide(rows: Sequence[Row], how: Draw, *, spare: bool) -> None:
    """Give each new image its `split`: the kept one, its group's, or that of its draw.

    Which are test images does not depend on how many validate. With `spare`, where none would be
    left to learn from, the last of those that were drawn is, with its group.
    """
    groups: dict[str, Split] = dict(how.groups)
    for row in rows:
        split = how.kept.get(row["sha256"])
        group = row["in_group"]
        if split and group and group not in how.groups:  # a test image pulls its group along
            groups[group] = foremost((split, groups.get(group, split)))
    for row in rows:
        name = row["in_group"] or row["sha256"]
        drawn: Split = "test" if draw(name, how.seed) < how.share else "pool"
        row["split"] = how.kept.get(row["sha256"]) or groups.get(row["in_group"]) or drawn
    if how.validates:
        _validate(rows, how, groups)
    if spare and rows and not any(row["split"] == "pool" for row in rows):
        _spare_one(rows, how, groups)


def _free(rows: Sequence[Row], how: Draw, fixed: Mapping[str, Split]) -> list[Row]:
    """The new images that are drawn, and not placed by what was given."""
    return [row for row in rows if row["sha256"] not in how.kept and row["in_group"] not in fixed]


def _validate(rows: Sequence[Row], how: Draw, fixed: Mapping[str, Split]) -> None:
    """Move the images with the lowest draws from the pool to validation, with their groups.

    Those whose draws are within the share, and further ones until there are VALIDATION in all, of
    which at most FILLED of the pool come to be.
    """
    together: dict[str, list[Row]] = {}
    for row in _free(rows, how, fixed):
        if row["split"] == "pool":
            together.setdefault(row["in_group"] or row["sha256"], []).append(row)
    found = how.there + sum(row["split"] == "val" for row in rows)
    room = FILLED * sum(map(len, together.values()))
    for place, name in sorted((draw(name, how.seed), name) for name in together):
        own = together[name]
        room -= len(own)
        if place >= how.share + how.validates and (found >= VALIDATION or room < 0):
            break
        for row in own:
            row["split"] = "val"
        found += len(own)


def _spare_one(rows: Sequence[Row], how: Draw, fixed: Mapping[str, Split]) -> None:
    """Move the new image with the highest draw to the pool, and with it what it belongs to."""
    free = _free(rows, how, fixed)
    if not free:
        return
    last = max(free, key=lambda row: draw(row["in_group"] or row["sha256"], how.seed))
    for row in free:
        if row is last or (row["in_group"] and row["in_group"] == last["in_group"]):
            row["split"] = "pool"
