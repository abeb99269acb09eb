"""Where images stay that a source has divided: its sets are kept where that was agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from annotator.importing.found import Telling
from annotator.model import Refused, Split, Told
from annotator.store.dividing.draw import foremost

PARTS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}


def part_of(name: str) -> str:
    """The part of a divided source that a name stands for: train, val, test, or nothing."""
    return PARTS.get(name.strip().casefold(), "")


def kept(
    told: Mapping[str, Sequence[Telling]], keep: bool, *, validates: bool = False
) -> dict[str, Split]:
    """SHA-256 -> the split in which an image stays; that of the others is drawn.

    An image of several parts measures, so that nothing is learned from what measures.

    Args:
        told: what the source tells of each image.
        keep: whether its division is kept.
        validates: whether its "val" validates here; else that is learned from.
    """
    found: dict[str, Split] = {}
    for sha256, tellings in told.items():
        splits = {split for _, each in tellings if (split := _split(each, keep, validates))}
        if splits:
            found[sha256] = foremost(splits)
    return found


def _split(told: Told, keep: bool, validates: bool) -> Split | None:
    if told.split or not (keep and told.part):
        return told.split
    if told.part == "val" and validates:
        return "val"
    return "test" if told.part == "test" else "pool"


def parts(told: Mapping[str, Sequence[Telling]]) -> tuple[dict[str, int], list[Refused]]:
    """How many images each part has, and those that are in several."""
    count: Counter[str] = Counter()
    several = []
    for tellings in told.values():
        names = sorted({each.part for _, each in tellings if each.part})
        count.update(names)
        if len(names) > 1:
            files = " and ".join(dict.fromkeys(name for name, each in tellings if each.part))
            goes = (
                "test set is kept it is a test"
                if "test" in names
                else "validation set is kept it is a validation"
            )
            several.append(
                Refused(
                    files,
                    f"the same image is in {' and '.join(names)}: where the {goes} image, and not "
                    "learned from",
                )
            )
    return {name: count[name] for name in ("train", "val", "test") if count[name]}, several
