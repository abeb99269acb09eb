"""Embeddings that a cluster computes, in the caches in which the worker would keep its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from annotator.project.rows import Array, Rows
from annotator.rounds.elsewhere.fill import fill
from annotator.rounds.elsewhere.order import Order

READ = 0.1  # share of the bar at which images are decoded, which is done here


class Cached(Protocol):
    """Where the embeddings of each view are kept."""

    def rows(self, view: str) -> Rows: ...

    def read(self, view: str) -> Array: ...


@dataclass(frozen=True)
class Clustered:
    """As embeddings of this machine, but for who fills them.

    Args:
        here: whose caches they are.
        order: what the cluster is told, but for the rows.
        pixels: fills the cache of pixels, which are what is sent.
        folder: for what comes and goes meanwhile.
    """

    here: Cached
    order: Order
    pixels: Callable[[], Iterator[float]]
    folder: Path

    @property
    def told(self) -> str:
        """What was not done as asked: nothing is, a node that cannot says so and ends the job."""
        return ""

    @property
    def reading(self) -> float:
        """Share of `fill` at which the images are read."""
        return READ

    def rows(self, view: str) -> Rows:
        return self.here.rows(view)

    def read(self, view: str) -> Array:
        """(N, D) fp16, memory-mapped."""
        return self.here.read(view)

    def fill(self, views: Sequence[str]) -> Iterator[float]:
        """Decode what is missing and have it embedded; yield the share that is done.

        Raises:
            RoundError: the cluster cannot; the message says why, and the way out.
            WorkspaceError: an image is gone or damaged.
        """
        for share in self.pixels():
            yield READ * share
        caches = {view: self.rows(view) for view in views}
        for share in fill(self.order, caches, self.folder):
            yield READ + (1 - READ) * share
