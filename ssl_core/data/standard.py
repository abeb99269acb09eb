"""Standardized features: mean 0 and deviation 1, each, over the rows that may be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

from ssl_core.data.sources import CHUNK, Data
from ssl_core.types import View

TINY = 1e-5  # least deviation: what does not vary is not made to


class Standard:
    """Moves and scales features as they are spread over `rows` (n,) int64 of `embed`.

    They are read in chunks, and what these add up to is summed in double precision: a feature that
    does not vary has a deviation of 0. `middle` and `spread` are (D,) float32.
    """

    def __init__(self, embed: Callable[[Tensor], Tensor], rows: Tensor) -> None:
        shift = embed(rows[:CHUNK]).double().mean(0)  # near the mean, so that little cancels
        total, squares = torch.zeros_like(shift), torch.zeros_like(shift)
        for some in rows.split(CHUNK):
            x = embed(some) - shift.float()
            total += x.sum(0)
            squares += x.square_().sum(0)
        mean = total / len(rows)
        variance = (squares / len(rows) - mean.square()).clamp_min(0)
        self.middle = (mean + shift.float()).float()
        self.spread = variance.sqrt().float().clamp_min(TINY)

    def __call__(self, x: Tensor) -> Tensor:
        """Return features (n, D) standardized."""
        return (x - self.middle) / self.spread


class Standardized:
    """Rows of features, every view of them standardized as the clean ones of `rows` (n,) are."""

    def __init__(self, data: Data, rows: Tensor) -> None:
        self.data, self.kind, self.device = data, data.kind, data.device
        self.standard = Standard(data.clean, rows)

    def __len__(self) -> int:
        return len(self.data)

    def clean(self, rows: Tensor) -> Tensor:
        return self.standard(self.data.clean(rows))

    def views(
        self, names: Sequence[View], rows: Tensor, generator: Generator
    ) -> dict[View, Tensor]:
        found = self.data.views(names, rows, generator)
        return {name: self.standard(view) for name, view in found.items()}
