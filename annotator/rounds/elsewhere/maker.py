"""A node's worker: it holds the networks, and makes one shard after the other."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from annotator.project.rows import Array
from annotator.rounds.elsewhere.order import Shard
from annotator.rounds.elsewhere.work import Work, version


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker says of itself before it is given anything to do."""

    host: str
    version: str  # of the code
    device: str


class Maker:
    """Makes shards by `work`, on one GPU of the node or one core of it.

    A GPU computes in full precision too: what two nodes make differs by rounding alone, and so may
    stand in one cache, also beside what a CPU made.
    """

    def __init__(self, work: Work, device: str) -> None:
        self.device = torch.device(device)
        torch.backends.cudnn.allow_tf32 = False
        if self.device.type == "cpu":
            torch.set_num_threads(1)  # the cluster has a worker for every core
        self.work = work
        self.work.on(self.device)

    def ready(self) -> Told:
        """Say who is there."""
        return Told(platform.node(), version(), self.device.type)

    def make(self, shard: Shard, images: Sequence[Array]) -> Array:
        """Make the rows (n, D) of a shard from its pieces' pixels, each (m, C, S, S) uint8."""
        starts = [start for start, _ in shard.pieces]
        pairs = zip(starts, images, strict=True)
        return np.concatenate([self.work(shard.kind, start, each) for start, each in pairs])
