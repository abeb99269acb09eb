"""Label spreading (Zhou et al., 2004): labels diffuse over the graph of nearest neighbors."""

from __future__ import annotations

from copy import copy

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import laplacian
from torch import Tensor

from ssl_core.errors import no_label
from ssl_core.fingerprint import digest
from ssl_core.parts.losses import sharpen
from ssl_core.parts.neighbors import Neighbors
from ssl_core.recipe import Embed
from ssl_core.types import Classifier

# What diffuses far is mixed, so it is squared: MixMatch's sharpening (Berthelot et al., 2019). Yet
# few labels are too sure of what they reached: some of it goes to all classes alike
TEMPERATURE = 0.5
DOUBT = 0.05
TINY = np.finfo(np.float64).tiny  # has a logarithm
TOLERANCE = 1e-9  # summed change of all rows: few enough steps, and far rows are reached


class Spread:
    """Labels `y` (n,), -1 where unlabeled, spread over the graph of `rows` (n,) int64.

    The graph joins each row to its `k` nearest by direction, itself among them: exactly, or nearly
    so where there are many rows (`neighbors`). A row outside it answers with the mean of its `k`
    nearest rows' probabilities (Delalleau et al., 2005).
    `model` is the network behind `embed`, where there is one.

    Raises:
        SSLError: no row has a label.
    """

    def __init__(
        self,
        embed: Embed,
        rows: Tensor,
        y: Tensor,
        num_classes: int,
        *,
        k: int,
        alpha: float,
        model: Classifier | None = None,
    ) -> None:
        self.seen, self.model = embed, model
        self.num_classes, self.alpha, self.k = num_classes, alpha, k
        directions = self._directions(rows)
        self.neighbors = Neighbors(directions)
        self.graph = _graph(self.neighbors, directions, k)
        self.nodes = digest(directions)
        self.place = {row: place for place, row in enumerate(rows.tolist())}
        self._learn(y)

    def again(self, y: Tensor) -> Spread:
        """Return the same graph over which other labels `y` (n,) are spread.

        Raises:
            SSLError: no row has a label.
        """
        other = copy(self)
        other._learn(y)
        return other

    def _learn(self, y: Tensor) -> None:
        if not (y >= 0).any():
            raise no_label()
        given = F.one_hot(y.clamp_min(0), self.num_classes).numpy() * (y >= 0).numpy()[:, None]
        spread = diffuse(self.graph, given, self.alpha)
        self.shares, self.mass = shares(spread, given), spread.sum(1)
        self.digest = digest(self.nodes, y)

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64, in the graph or new."""
        return torch.from_numpy(self._answer(self.shares, rows)).float()

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 on the CPU that the graph is made of."""
        return self.seen(rows).cpu()

    def reached(self, rows: Tensor) -> Tensor:
        """Return which rows some label has reached, (n,) bool."""
        return torch.from_numpy(self._answer(self.mass, rows) > 0)

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the graph, its labels and what they came to."""
        return digest(self.digest, torch.from_numpy(self.shares))

    def _answer(self, known: NDArray[np.float64], rows: Tensor) -> NDArray[np.float64]:
        """Look up what is `known` (N, ...) of the graph's rows; of new ones, their neighbors'."""
        place = np.array([self.place.get(row, -1) for row in rows.tolist()], dtype=np.int64)
        found = known[place]
        new = place < 0
        if new.any():
            directions = self._directions(rows[torch.from_numpy(new)])
            nearest, _ = self.neighbors.nearest(directions, self.k)
            found[new] = known[nearest.numpy()].mean(1)
        return found

    def _directions(self, rows: Tensor) -> Tensor:
        return F.normalize(self.embed(rows), dim=1)


def _graph(neighbors: Neighbors, directions: Tensor, k: int) -> csr_matrix:
    """Return a sparse (n, n) matrix of ones: each row's `k - 1` nearest others."""
    n = len(directions)
    nearest, _ = neighbors.nearest(directions, k - 1, but=torch.arange(n))
    starts = np.arange(n + 1) * nearest.shape[1]
    return csr_matrix((np.ones(starts[-1]), nearest.flatten().numpy(), starts), shape=(n, n))


def diffuse(graph: csr_matrix, given: NDArray[np.number], alpha: float) -> NDArray[np.float64]:
    """Return the limit of F <- alpha S F + (1 - alpha) Y, (n, C) like `given` Y.

    S is the sparse (n, n) `graph` with every edge in both directions (Iscen et al., 2019) and
    without its diagonal, normalized on both sides.
    """
    step = -laplacian(graph + graph.T, normed=True).tocsr()
    step.setdiag(0)
    before, found = np.zeros(given.shape), given.astype(np.float64)
    while np.abs(found - before).sum() > TOLERANCE:
        before, found = found, alpha * (step @ found) + (1 - alpha) * given
    return found


def shares(spread: NDArray[np.float64], given: NDArray[np.number]) -> NDArray[np.float64]:
    """Return probabilities (n, C) of rows to which so much has `spread` of the `given` (n, C).

    They are as n_c (F_c / n_c)^2: what came of each of a class's n_c labels (Wang et al., 2008),
    sharpened, by the class's share of the labels. Where none came, that share is all there is.
    """
    labels = given.sum(0)
    # What came of a label is never quite nothing, so that where nothing came the shares are left
    fair = (spread / labels.clip(1)).clip(TINY) * labels**TEMPERATURE
    sharp = sharpen(torch.from_numpy(fair), TEMPERATURE)
    found: NDArray[np.float64] = ((1 - DOUBT) * sharp + DOUBT / given.shape[1]).numpy()
    return found
