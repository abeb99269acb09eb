"""Smoothing: like rows are of one class more often than each of them is told."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ssl_core.evidence.altered import Over
from ssl_core.evidence.weighing import logs
from ssl_core.fingerprint import digest
from ssl_core.parts.graph.spreading import Spread
from ssl_core.types import Predictor, Working

AROUND = 0.25  # of an answer, what its neighbors say
AT_ONCE = 2**16  # rows looked at together
ASKING = "asking neighbors"


class Smoothed(Over):
    """Answers mostly as `inner` does of a row itself, and in part as it does of its neighbors.

    Smoothing a classifier's predictions along the graph of its rows (Huang et al., 2021,
    "Combining Label Propagation and Simple Models Out-performs Graph Neural Networks"), by one
    step. Each answer is a product of powers, as in a logarithmic pool (Genest & Zidek, 1986): what
    `inner` says to the power of 1 - AROUND, and the geometric mean of what it says of the neighbors
    to that of AROUND.
    """

    def __init__(self, inner: Predictor, graph: Spread, known: NDArray[np.float32]) -> None:
        super().__init__(inner)
        self.graph, self.known = graph, known

    @classmethod
    def steps(cls, inner: Predictor, graph: Spread) -> Generator[Working, None, Smoothed]:
        """Ask `inner` about all rows of the graph, and say how far it is."""
        rows = torch.from_numpy(graph.rows)
        known = np.empty((len(rows), graph.num_classes), np.float32)
        yield Working(ASKING, 0.0)
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            known[graph.placed(part)[0]] = logs(inner.probabilities(part))
            yield Working(ASKING, min(1.0, (start + AT_ONCE) / len(rows)))
        return cls(inner, graph, known)

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64, in the graph or new."""
        return torch.cat([self._smoothed(part) for part in rows.split(AT_ONCE)])

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the predictor, the graph and its part."""
        return digest(self.inner.fingerprint(), self.graph.fingerprint(), AROUND)

    def _smoothed(self, rows: Tensor) -> Tensor:
        node, new = self.graph.placed(rows)
        own = self.known[node]
        if new.any():
            own[new] = logs(self.inner.probabilities(rows[torch.from_numpy(new)]))
        around = self.graph.around(self.known, rows)
        return torch.from_numpy((1 - AROUND) * own + AROUND * around).softmax(1).float()
