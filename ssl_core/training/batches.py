"""Paired batches: an endless stream of labeled and unlabeled rows whose state can be saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Generator, Tensor

from ssl_core.chance import carry
from ssl_core.data.sources import Data
from ssl_core.training.sampling import Shuffled, sampler
from ssl_core.types import Batch, View

STRIDE = 1_000_003  # between the seeds of two processes, far from those a caller counts through


class Batches(Iterator[Batch]):
    """Labeled rows `labeled` (n,) with `labels`, paired with unlabeled rows of `unlabeled`.

    Drawn by two generators of its own, so the global one is untouched; `state_dict` holds all of
    the stream's state, and a stream that loads it goes on with the very same batches.

    With a `share` of (r, n), this is the stream of process r of n: all draw the same n times larger
    batches, and each keeps every n-th row, so that no two train on the same ones.

    Attributes:
        batch_size: Labeled rows of a batch.
        drawn: The labeled and the unlabeled rows of the latest batch.

    Raises:
        SSLError: `sampling` is to balance classes, but the labels are probabilities.
    """

    def __init__(
        self,
        data: Data,
        labeled: Tensor,
        labels: Tensor,
        unlabeled: Tensor,
        views: Sequence[View],
        *,
        batch_size: int,
        unlabeled_batch_size: int,
        seed: int = 0,
        sampling: str = "uniform",
        share: tuple[int, int] = (0, 1),
    ) -> None:
        self.data, self.views, self.share = data, tuple(views), share
        self.batch_size = batch_size
        self.labeled, self.labels, self.unlabeled = labeled, labels, unlabeled
        number, of = share
        self.sampling = Generator().manual_seed(seed)
        self.augmenting = Generator(data.device).manual_seed(seed + 1 + number * STRIDE)
        self.known = sampler(sampling, labels, of * batch_size, self.sampling)
        self.unknown = Shuffled(len(unlabeled), of * unlabeled_batch_size, self.sampling)
        self.drawn = (labeled[:0], unlabeled[:0])

    def __next__(self) -> Batch:
        number, of = self.share
        known = next(self.known)[number::of]
        self.drawn = (self.labeled[known], self.unlabeled[:0])
        x = self.data.views(("weak",), self.labeled[known], self.augmenting)["weak"]
        y = self.labels[known].to(self.data.device)
        if not self.views:
            return Batch(x, y, {}, torch.empty(0, dtype=torch.int64, device=self.data.device))
        index = next(self.unknown)[number::of]
        rows = self.unlabeled[index]
        self.drawn = (self.labeled[known], rows)
        u = self.data.views(self.views, rows, self.augmenting)
        return Batch(x, y, u, index.to(self.data.device))

    def broken(self, rows: Tensor) -> Tensor:
        """Return those of `rows` (n,) of which a view is not finite, each once."""
        names = list(dict.fromkeys(("weak", *self.views)))
        views = self.data.views(names, rows, self.augmenting)
        finite = [view.flatten(1).isfinite().all(1).cpu() for view in views.values()]
        whole = torch.stack(finite).all(0)
        broken: Tensor = rows[~whole].unique()
        return broken

    def state_dict(self) -> dict[str, Any]:
        """Return the stream's whole state as tensors."""
        return {
            "sampling": self.sampling.get_state(),
            "augmenting": self.augmenting.get_state(),
            "known": self.known.state_dict(),
            "unknown": self.unknown.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where the stream that made `state` stood; elsewhere than there, by other draws."""
        self.sampling.set_state(state["sampling"])
        carry(self.augmenting, state["augmenting"])
        self.known.load_state_dict(state["known"])
        self.unknown.load_state_dict(state["unknown"])


def split_rows(y: Tensor, pool: Tensor | None) -> tuple[Tensor, Tensor]:
    """Return the labeled and the unlabeled rows of `pool` (N,) bool, ascending int64."""
    allowed = torch.ones(len(y), dtype=torch.bool) if pool is None else pool
    labeled = (allowed & (y >= 0)).nonzero().squeeze(1)
    unlabeled = (allowed & (y < 0)).nonzero().squeeze(1)
    return labeled, unlabeled
