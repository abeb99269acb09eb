"""The numbers behind a deep picture, packed for a page that windows them itself."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from annotator.imaging import values
from annotator.imaging.upright import TURNS, ends, orientation
from annotator.imaging.values import EXACT, Values

TOP = 65_535  # of 16 bits
MOST = 24_000_000  # pixels; of larger ones a page gets every second, third, … of a row and column


class _Fitted(NamedTuple):
    """Numbers in 16 bits: v here was base + v · size."""

    pixels: NDArray[np.uint16]
    base: float = 0.0
    size: float = 1.0
    note: str = ""  # what is lost


def packed(image: Image.Image) -> bytes:
    """Gzipped: one line of JSON that says what the numbers mean, and behind it the numbers.

    These are (height, width) uint16, upright, the lower byte first; they begin at an even place.
    In the line, a number v stands for v · slope + intercept, as in `Values`. `low` and `high` are
    the numbers that are black and white where the file has no window, `least` and `most` those
    that occur; `note` says in words what is lost.
    """
    told = values.of(image) or Values()
    turn = TURNS.get(orientation(image))
    stored = np.asarray(image if turn is None else image.transpose(turn))
    black, white = (0.0, 255.0) if stored.dtype == np.uint8 else ends(stored)
    step = max(1, int(np.ceil(np.sqrt(stored.size / MOST))))
    fitted = _fitted(stored[::step, ::step])
    told = replace(
        told,
        slope=told.slope * fitted.size,
        intercept=told.intercept + told.slope * fitted.base,
        curve=told.curve if told.windows else EXACT,
    )
    thinned = f"1 pixel of {step * step} is shown" if step > 1 else ""
    line = {
        **asdict(told),
        "width": fitted.pixels.shape[1],
        "height": fitted.pixels.shape[0],
        "low": (black - fitted.base) / fitted.size,
        "high": (white - fitted.base) / fitted.size,
        "least": int(fitted.pixels.min()),
        "most": int(fitted.pixels.max()),
        "note": "; ".join(filter(None, (fitted.note, thinned))),
    }
    head = json.dumps(line, separators=(",", ":")).encode()
    body = fitted.pixels.astype("<u2").tobytes()
    return gzip.compress(head + b" " * (1 - len(head) % 2) + b"\n" + body, 1, mtime=0)


def _fitted(stored: NDArray[Any]) -> _Fitted:
    """The numbers as they are where 16 bits hold them, else in as many steps; no number is 0."""
    finite = stored[np.isfinite(stored)] if stored.dtype.kind == "f" else stored
    low, high = (finite.min(), finite.max()) if finite.size else (0, 0)
    if stored.dtype.kind != "f" and int(high) - min(int(low), 0) <= TOP and low >= 0:
        return _Fitted(stored.astype(np.uint16))
    if stored.dtype.kind != "f" and int(high) - int(low) <= TOP:
        return _Fitted((stored.astype(np.int64) - int(low)).astype(np.uint16), float(low))
    base, size = float(low), (float(high) - float(low)) / TOP or 1.0
    scaled = np.nan_to_num(stored.astype(np.float64), nan=base, posinf=float(high), neginf=base)
    steps = np.rint((scaled - base) / size).clip(0, TOP).astype(np.uint16)
    return _Fitted(steps, base, size, f"values are shown in {TOP + 1:,} steps")
