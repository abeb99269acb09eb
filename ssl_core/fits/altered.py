"""Rows seen otherwise: half of every row, or always with noise."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from typing_extensions import override

from ssl_core.data.sources import Data
from ssl_core.types import Classifier, View

DROPOUT = 0.5  # Noisy Student's (Xie et al., 2020)


class Half:
    """Rows of which only every second column is seen, each twice, so that networks still fit.

    A column is a feature, or a column of pixels. `first` is 0 for one half and 1 for the other.
    """

    def __init__(self, data: Data, first: int) -> None:
        self.data, self.first = data, first
        self.kind, self.device = data.kind, data.device

    def __len__(self) -> int:
        return len(self.data)

    def clean(self, rows: Tensor) -> Tensor:
        return self._half(self.data.clean(rows))

    def views(
        self, names: Sequence[View], rows: Tensor, generator: Generator
    ) -> dict[View, Tensor]:
        found = self.data.views(names, rows, generator)
        return {name: self._half(view) for name, view in found.items()}

    def _half(self, x: Tensor) -> Tensor:
        width = x.shape[-1]
        column = torch.arange(width, device=x.device) // 2 * 2 + self.first
        column = torch.where(column < width, column, (column - 2).clamp_min(0))  # odd widths
        return x[..., column]


class Noisy:
    """Rows whose every view is the strong one; to predict, they are as they are."""

    def __init__(self, data: Data) -> None:
        self.data, self.kind, self.device = data, data.kind, data.device

    def __len__(self) -> int:
        return len(self.data)

    def clean(self, rows: Tensor) -> Tensor:
        return self.data.clean(rows)

    def views(
        self, names: Sequence[View], rows: Tensor, generator: Generator
    ) -> dict[View, Tensor]:
        found = {}
        for name in names:
            strong = name.replace("weak", "strong")
            found[name] = self.data.views((strong,), rows, generator)[strong]
        return found


class Dropped(Classifier):
    """A classifier that drops features while it trains; its weights have the same names."""

    def __init__(self, model: Classifier) -> None:
        super().__init__(
            model.encoder,
            model.head,
            num_features=model.num_features,
            num_classes=model.num_classes,
        )

    @override
    def encode(self, x: Tensor) -> Tensor:
        return F.dropout(super().encode(x), DROPOUT, self.training)
