"""What the numbers of a DICOM frame mean, and which of them it wants shown."""

from __future__ import annotations

import math
from typing import Any

from pydicom import Dataset

from annotator.imaging.values import EXACT, LINEAR, SIGMOID, Values

CURVES = {"LINEAR": LINEAR, "LINEAR_EXACT": EXACT, "SIGMOID": SIGMOID}
# Where an enhanced file has what is said of a frame; pydicom itself does not look there
GROUPS = ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence")


def for_frame(data: Dataset, index: int, name: str) -> Dataset:
    """The item that says something of one frame: its own, that of all, else the file itself."""
    for group in GROUPS:
        items = data.get(group) or []
        place = index if group == GROUPS[0] else 0
        if place < len(items) and items[place].get(name):
            found: Dataset = items[place][name].value[0]
            return found
    return data


def values(scale: Dataset, window: Dataset, wanted: str = "") -> Values:
    """What is said of numbers by a rescale in one item, and by windows or a table in another.

    The wanted window, by its name or its number, comes first, and goes before a table.
    """
    slope, intercept = (_number(scale.get(f"Rescale{word}")) for word in ("Slope", "Intercept"))
    curve = CURVES.get(str(window.get("VOILUTFunction") or "LINEAR").upper(), LINEAR)
    least = 1.0 if curve == LINEAR else 0.0
    place = place_of(window, wanted)
    pairs = list(windows_of(window))
    if place is not None:
        pairs.insert(0, pairs.pop(place))
    windows = tuple((center, width) for center, width in pairs if width >= least and width > 0)
    first, levels, top = _table(window)
    if place is not None and windows:
        first, levels, top = _table(Dataset())
    return Values(
        slope=slope or 1.0,
        intercept=intercept or 0.0,
        windows=windows,
        curve=curve if windows else LINEAR,
        first=first,
        levels=levels,
        top=top,
    )


def windows_of(window: Dataset) -> tuple[tuple[float, float], ...]:
    """(center, width) of each window of an item, in its order."""
    centers, widths = (_numbers(window.get(f"Window{word}")) for word in ("Center", "Width"))
    return tuple(zip(centers, widths, strict=False))


def place_of(window: Dataset, wanted: str) -> int | None:
    """Where among the windows of an item the wanted one is, from 0; None if there is no such."""
    if not wanted:
        return None
    count = len(windows_of(window))
    told = window.get("WindowCenterWidthExplanation") or ()
    names = [told] if isinstance(told, str) else list(told)
    named = [same(str(name)) for name in names[:count]]
    if same(wanted) in named:
        return named.index(same(wanted))
    number = int(wanted) if wanted.isdecimal() else 0
    return number - 1 if 0 < number <= count else None


def same(name: str) -> str:
    """The name of a window without case and blanks around it."""
    return name.strip().casefold()


def _table(window: Dataset) -> tuple[float, tuple[int, ...], int]:
    """(first number, levels, highest level) of a table of values of interest."""
    items = window.get("VOILUTSequence")
    if not items or "LUTData" not in items[0] or "LUTDescriptor" not in items[0]:
        return 0.0, (), 255
    entries, first, bits = (int(each) for each in items[0].LUTDescriptor)
    data: Any = items[0].LUTData
    if isinstance(data, bytes):
        size = 1 if len(data) <= (entries or 65536) else 2
        data = [int.from_bytes(data[at : at + size], "little") for at in range(0, len(data), size)]
    levels = tuple(int(each) for each in data)[: entries or 65536]
    top = 2 ** min(max(bits, 1), 16) - 1
    # Some files announce more bits than their levels use, or fewer
    return float(first), levels, max(top, *levels) if levels else top


def _number(value: Any) -> float | None:
    found = _numbers(value)
    return found[0] if found else None


def _numbers(value: Any) -> list[float]:
    """Finite numbers of an element that has one or many."""
    many = value if isinstance(value, (list, tuple)) or hasattr(value, "__iter__") else [value]
    if isinstance(value, str):
        many = [value]
    try:
        found = [float(each) for each in many if each not in (None, "")]
    except (TypeError, ValueError):
        return []
    return [each for each in found if math.isfinite(each)]
