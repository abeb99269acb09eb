"""Pools of rows to learn from: images, augmented on the fly, or cached features of their views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import Preset
from ssl_core.data.presets import preset as preset_named
from ssl_core.data.transforms import Views, each
from ssl_core.errors import SSLError, unknown
from ssl_core.types import View

Array: TypeAlias = "NDArray[np.generic]"

CHUNK = 1_024  # rows looked at together: they stay in the processor's own memory
EXPONENT = 0x7C00  # bits of a half float, all of which are set in NaN and infinity alone


class Data(Protocol):
    """Rows numbered from 0. `clean` and `views` take rows (n,) int64 and return floats (n, …)."""

    kind: Literal["images", "features"]
    device: torch.device

    def __len__(self) -> int: ...

    def clean(self, rows: Tensor) -> Tensor:
        """Return the rows as they are, to predict on."""
        ...

    def views(
        self, names: Sequence[View], rows: Tensor, generator: Generator
    ) -> dict[View, Tensor]:
        """Return random views, "weak" or "strong"; "weak2" is a further draw of "weak"."""
        ...


class ImageData:
    """Images (N, C, H, W) uint8, array or memory map, served as floats in [0, 1] on `device`.

    `preset` says how they are augmented: a name in PRESETS, a Preset, or Views of your own.

    Raises:
        SSLError: the pixels are of another shape or kind, or no preset has that name.
    """

    kind: Literal["images", "features"] = "images"

    def __init__(
        self,
        pixels: Array,
        preset: str | Preset | Views = "photo",
        device: torch.device | str = "cpu",
    ) -> None:
        if pixels.ndim != 4 or pixels.dtype != np.uint8:
            raise SSLError(
                f"Images must be uint8 of shape (N, C, H, W), not {pixels.dtype} {pixels.shape}."
            )
        self.pixels, self.device = pixels, torch.device(device)
        self.preset = preset_named(preset) if isinstance(preset, str) else preset
        self.num_channels: int = pixels.shape[1]

    def __len__(self) -> int:
        return len(self.pixels)

    def clean(self, rows: Tensor) -> Tensor:
        images = _gather(self.pixels, rows, self.device).float().div_(255)
        return images.contiguous(memory_format=torch.channels_last)

    def view(self, name: View, rows: Tensor, generator: Generator) -> Tensor:
        kind = _kind(name)
        images = _gather(self.pixels, rows, self.device).float().div_(255)
        if isinstance(self.preset, Views):
            changed = each(getattr(self.preset, kind), images, generator)
        else:
            changed = {"weak": weak, "strong": strong}[kind](images, self.preset, generator)
        return changed.contiguous(memory_format=torch.channels_last)

    def views(
        self, names: Sequence[View], rows: Tensor, generator: Generator
    ) -> dict[View, Tensor]:
        return {name: self.view(name, rows, generator) for name in names}


class FeatureData:
    """Cached features: clean (N, D), W weak and S strong copies like it, float16 or float32.

    Copies may be arrays (W, N, D), or a list of W arrays: memory maps stay on the disk.

    A view picks one of the W (or S) cached copies for each row at random. Where several are asked
    for at once, the first is picked so and "weak2" is the copy after it, so that the two
    differ where there are two.

    Raises:
        SSLError: shapes that do not fit, or a value that is not a finite number.
    """

    kind: Literal["images", "features"] = "features"

    def __init__(
        self,
        clean: Array,
        weak: Array | Sequence[Array],
        strong: Array | Sequence[Array],
        device: torch.device | str = "cpu",
    ) -> None:
        for name, copies in (("weak", weak), ("strong", strong)):
            if clean.ndim != 2 or not len(copies) or any(c.shape != clean.shape for c in copies):
                raise SSLError(
                    f"The {name} features must be (views, {', '.join(map(str, clean.shape))}) "
                    f"like the clean ones, at least one view, not {_shape(copies)}."
                )
        for name, rows in (("clean", clean), *(("weak", v) for v in weak),
                           *(("strong", v) for v in strong)):  # fmt: skip
            _check_finite(name, rows)
        self.features, self.device = clean, torch.device(device)
        self.copies = {"weak": weak, "strong": strong}
        self.num_features: int = clean.shape[1]

    def __len__(self) -> int:
        return len(self.features)

    def clean(self, rows: Tensor) -> Tensor:
        return _gather(self.features, rows, self.device).float()

    def view(self, name: View, rows: Tensor, generator: Generator) -> Tensor:
        return self.views([name], rows, generator)[name]

    def views(
        self, names: Sequence[View], rows: Tensor, generator: Generator
    ) -> dict[View, Tensor]:
        found, next_copy = {}, dict[str, Tensor]()
        for name in names:
            kind = _kind(name)
            copies = self.copies[kind]
            if kind not in next_copy:
                first = torch.randint(
                    len(copies), rows.shape, generator=generator, device=generator.device
                )
                next_copy[kind] = first.cpu()
            found[name] = self._picked(copies, next_copy[kind], rows).float()
            next_copy[kind] = (next_copy[kind] + 1) % len(copies)
        return found

    def _picked(self, copies: Array | Sequence[Array], which: Tensor, rows: Tensor) -> Tensor:
        """Copy one row of each (n,) of the copies `which` (n,)."""
        if len(copies) == 1:
            return _gather(copies[0], rows, self.device)
        found = np.empty((len(rows), self.num_features), copies[0].dtype)
        for place, copy in enumerate(copies):
            mine = (which == place).numpy()
            found[mine] = copy[rows.numpy()[mine]]
        return _on(found, self.device)


def _check_finite(name: str, rows: Array) -> None:
    """Look at rows (N, D) in chunks: a memory map is not read as a whole."""
    for start in range(0, len(rows), CHUNK):
        bad = ~_finite(rows[start : start + CHUNK])
        if bad.any():
            raise SSLError(
                f"The {name} features of row {start + int(bad.argmax())} hold NaN or infinity. "
                "Compute them again, or leave that row out."
            )


def _finite(rows: Array) -> NDArray[np.bool_]:
    """Return which rows (n, D) hold finite numbers alone."""
    if rows.dtype == np.float16:  # by their bits: an eighth of the time
        each = (rows.view(np.uint16) & EXPONENT) != EXPONENT
    else:
        each = np.isfinite(rows)
    found: NDArray[np.bool_] = each.all(1)
    return found


def _kind(name: View) -> str:
    """Map "weak", "weak2", … to "weak", likewise "strong"."""
    kind = name.rstrip("0123456789")
    if kind not in ("weak", "strong"):
        raise unknown("view", name, ["weak", "strong", "weak2", "strong2"])
    return kind


def _shape(copies: Array | Sequence[Array]) -> tuple[int, ...]:
    """What was given in place of (views, N, D)."""
    if isinstance(copies, np.ndarray):
        return copies.shape
    return (len(copies), *(size for copy in copies[:1] for size in copy.shape))


def _gather(array: Array, index: Tensor, device: torch.device) -> Tensor:
    """Copy the indexed rows, also of a memory map, onto `device`."""
    return _on(np.ascontiguousarray(array[index.numpy()]), device)


def _on(array: Array, device: torch.device) -> Tensor:
    rows = torch.from_numpy(array)
    if device.type == "cuda":
        return rows.pin_memory().to(device, non_blocking=True)
    return rows.to(device)
