"""What the numbers of a deep picture mean and which of them are shown: a note in its own file.

The note is numbers alone, so that nothing of a person can stand in it; a PNG file has it as a text
chunk, a TIFF file as a tag. A file without it is shown between percentiles.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

KEY = "certilabel"  # of the text chunk
TAG = 65111  # of a TIFF file; those from 65000 on are for anybody's use
FACE_TAG = 65112  # of its first page: the number of the page that stands for a document
LONGEST = 2**20  # bytes of a note: a table may have 65,536 levels
LINEAR, EXACT, SIGMOID = 0, 1, 2  # DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3


@dataclass(frozen=True, slots=True)
class Values:
    """A stored number v stands for v · slope + intercept; windows and levels are about these."""

    slope: float = 1.0
    intercept: float = 0.0
    windows: tuple[tuple[float, float], ...] = ()  # (center, width); the first one is shown
    curve: int = LINEAR  # what a window does between its ends
    inverted: int = 0  # 1: the lowest is white
    first: float = 0.0  # the number that the first of `levels` is for
    levels: tuple[int, ...] = ()  # 0 to `top`; they go before windows
    top: int = 255

    def moved(self, by: float) -> Values:
        """The same, of numbers that are stored less `by`."""
        return replace(self, intercept=self.intercept + self.slope * by)

    def meant(self, stored: NDArray[Any]) -> NDArray[np.float64]:
        """What stored numbers stand for."""
        return stored.astype(np.float64) * self.slope + self.intercept

    def gray(self, stored: NDArray[Any]) -> NDArray[np.uint8] | None:
        """8-bit gray as the file wants it; None where it has neither levels nor windows."""
        if not (self.levels or self.windows):
            return None
        if stored.dtype in (np.uint8, np.uint16):
            every = np.arange(np.iinfo(stored.dtype).max + 1, dtype=np.uint16)
            looked: NDArray[np.uint8] = self._gray(every)[stored]
            return looked
        return self._gray(stored)

    def _gray(self, stored: NDArray[Any]) -> NDArray[np.uint8]:
        meant = np.nan_to_num(self.meant(stored), nan=-np.inf)
        share = self._by_levels(meant) if self.levels else self._by_window(meant)
        if self.inverted:
            share = 1 - share
        return np.rint(255 * share).astype(np.uint8)

    def _by_levels(self, meant: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.clip(np.rint(meant - self.first), 0, len(self.levels) - 1).astype(np.intp)
        share: NDArray[np.float64] = np.asarray(self.levels, np.float64)[place] / self.top
        return share.clip(0, 1)

    def _by_window(self, meant: NDArray[np.float64]) -> NDArray[np.float64]:
        center, width = self.windows[0]
        if self.curve == SIGMOID:
            steep: NDArray[np.float64] = (-4 * (meant - center) / width).clip(-700, 700)
            return np.asarray(1 / (1 + np.exp(steep)))
        if self.curve == LINEAR:  # the middle lies between two whole numbers
            center, width = center - 0.5, width - 1
        if width <= 0:
            return (meant > center).astype(np.float64)
        return ((meant - center) / width + 0.5).clip(0, 1)

    def note(self) -> str:
        """The note, by which `read` makes the same again; always in one and the same form."""
        held = {name: value for name, value in asdict(self).items() if value != _PLAIN[name]}
        return json.dumps(held, separators=(",", ":"), sort_keys=True)


_PLAIN: Mapping[str, Any] = asdict(Values())


def of(image: Image.Image) -> Values | None:
    """What an opened image says of its numbers; None if nothing, or nothing of our form."""
    if image.format == "PNG":
        return read(image.info.get(KEY))
    tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
    return read(tags.get(TAG))


def read(note: object) -> Values | None:
    """The values of a note; None unless it is just what `Values.note` writes."""
    if not isinstance(note, str) or len(note) > LONGEST:
        return None
    try:
        held = json.loads(note)
        windows = tuple((_number(c), _number(w)) for c, w in held.get("windows", ()))
        levels = tuple(_whole(level) for level in held.get("levels", ()))
        numbers: dict[str, Any] = {
            name: (_whole if isinstance(plain, int) else _number)(held[name])
            for name, plain in _PLAIN.items()
            if name in held and not isinstance(plain, tuple)
        }
        found = Values(**numbers, windows=windows, levels=levels)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    fit = all(width > 0 for _, width in windows) and found.top > 0
    return found if fit and found.note() == note else None


def _number(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise ValueError
    return float(value)  # type: ignore[arg-type]


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**32:
        raise ValueError
    return value
