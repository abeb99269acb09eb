"""Label spreading (Zhou et al., 2004): labels diffuse over the graph of nearest neighbors."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import laplacian
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from ssl_core.checkpoint import digest
from ssl_core.errors import SSLError
from ssl_core.recipe import Embed
from ssl_core.types import Classifier

# A graph that few labels reached is too sure of itself: with 20 labels of blood cells, giving this
# much to the prior lowered the log loss by a quarter
DOUBT = 0.05
TOLERANCE = 1e-9  # summed change of all rows: few enough steps, and far rows are reached


class Spread:
    """Labels `y` (n,), -1 where unlabelled, spread over the graph of `rows` (n,) int64.

    The graph is that of scikit-learn's LabelSpreading(kernel="knn"), over directions: sparse, `k`
    neighbors, itself among them. Its class does not serve: it drops the mass that is needed here.
    `model` is the network behind `embed`, where there is one.
    A row outside the graph answers with the mean of its `k` nearest rows in it. Probabilities are
    normalized by class mass (Zhu et al., 2003, section 4), so that a class with few labels is not
    flooded by the others; what no label reaches has the prior.
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
        if not (y >= 0).any():
            raise SSLError("Nothing to learn from: no row that may be trained on has a label.")
        self.seen, self.model = embed, model
        directions = self._directions(rows)
        self.neighbors = NearestNeighbors(n_neighbors=min(k, len(rows))).fit(directions)
        given = F.one_hot(y.clamp_min(0), num_classes).numpy() * (y >= 0).numpy()[:, None]
        self.distributions = diffuse(self.neighbors.kneighbors_graph(directions), given, alpha)
        self.digest = digest(torch.from_numpy(directions), y)
        count = torch.bincount(y[y >= 0], minlength=num_classes).numpy() + 1
        self.prior: NDArray[np.float64] = count / count.sum()
        self.scale = class_mass(self.distributions, self.prior)
        self.place = {int(row): place for place, row in enumerate(rows)}

    def __call__(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64, in the graph or new."""
        return torch.from_numpy(shares(self._spread(rows) * self.scale, self.prior)).float()

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 on the CPU that the graph is made of."""
        return self.seen(rows).cpu()

    def reached(self, rows: Tensor) -> Tensor:
        """Return which rows some label has reached, (n,) bool."""
        return torch.from_numpy(self._spread(rows).sum(1) > 0)

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the graph, its labels and what they came to."""
        return digest(self.digest, torch.from_numpy(self.distributions))

    def _spread(self, rows: Tensor) -> NDArray[np.float64]:
        place = np.array([self.place.get(row, -1) for row in rows.tolist()], dtype=np.int64)
        spread = self.distributions[place]
        new = place < 0
        if new.any():
            directions = self._directions(rows[torch.from_numpy(new)])
            nearest = self.neighbors.kneighbors(directions, return_distance=False)
            spread[new] = self.distributions[nearest].mean(1)
        return spread

    def _directions(self, rows: Tensor) -> NDArray[np.float32]:
        directions: NDArray[np.float32] = F.normalize(self.embed(rows), dim=1).numpy()
        return directions


def diffuse(graph: csr_matrix, given: NDArray[np.integer], alpha: float) -> NDArray[np.float64]:
    """Return the limit of F <- alpha S F + (1 - alpha) Y, (n, C) like `given` Y.

    S is the sparse (n, n) `graph` without its diagonal, normalized on both sides.
    """
    step = -laplacian(graph, normed=True).tocsr()
    step.setdiag(0)
    before, found = np.zeros(given.shape), given.astype(np.float64)
    while np.abs(found - before).sum() > TOLERANCE:
        before, found = found, alpha * (step @ found) + (1 - alpha) * given
    return found


def class_mass(
    distributions: NDArray[np.float64], prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the factor (C,) of each class with which all rows (n, C) have the prior's shares."""
    mass = distributions.sum(0)
    factors: NDArray[np.float64] = np.divide(prior, mass, out=np.zeros(len(mass)), where=mass > 0)
    return factors


def shares(scaled: NDArray[np.float64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities (n, C): rows in proportion, the prior where nothing came, some doubt."""
    total = scaled.sum(1, keepdims=True)
    share = np.where(total > 0, scaled / np.where(total > 0, total, 1), prior)
    found: NDArray[np.float64] = (1 - DOUBT) * share + DOUBT * prior
    return found
