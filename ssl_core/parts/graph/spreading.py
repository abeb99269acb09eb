"""Label spreading (Zhou et al., 2004): labels diffuse over the graph of nearest neighbors."""

from __future__ import annotations

from collections.abc import Generator
from copy import copy
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ssl_core.errors import no_label
from ssl_core.fingerprint import digest
from ssl_core.parts.graph.diffusion import diffusing
from ssl_core.parts.graph.joining import Joined
from ssl_core.parts.graph.neighbors import linked
from ssl_core.parts.losses import sharpen
from ssl_core.recipe import Embed, Kept
from ssl_core.types import Classifier, Working, finish

# What diffuses far is mixed, so it is squared: MixMatch's sharpening (Berthelot et al., 2019). Yet
# few labels are too sure of what they reached: some of it goes to all classes alike
TEMPERATURE = 0.5
DOUBT = 0.05
TINY = np.finfo(np.float64).tiny  # has a logarithm


class Spread:
    """Labels `y` (n,), -1 where unlabeled, spread over the graph of `rows` (n,) int64.

    The graph joins each row to its `k` nearest by direction, itself among them (`joining`). A row
    outside it answers with the mean of its `k` nearest rows' probabilities (Delalleau et al.,
    2005). `model` is the network behind `embed`, where there is one.

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
        kept: Kept | None = None,
    ) -> None:
        self.seen, self.model, self.num_classes, self.alpha = embed, model, num_classes, alpha
        finish(self._join(rows, k, kept))
        finish(self._learn(y))

    @classmethod
    def steps(
        cls,
        embed: Embed,
        rows: Tensor,
        y: Tensor,
        num_classes: int,
        *,
        k: int,
        alpha: float,
        kept: Kept | None = None,
    ) -> Generator[Working, None, Spread]:
        """Make one, and say how far it is: with a million rows it takes minutes."""
        made = cls.__new__(cls)
        made.seen, made.model, made.num_classes, made.alpha = embed, None, num_classes, alpha
        yield from made._join(rows, k, kept)
        yield from made._learn(y)
        return made

    def again(self, y: Tensor) -> Spread:
        """Return the same graph over which other labels `y` (n,) are spread.

        Raises:
            SSLError: no row has a label.
        """
        return finish(self.anew(y))

    def anew(self, y: Tensor) -> Generator[Working, None, Spread]:
        """Do as `again`, and say how far it is.

        Raises:
            SSLError: no row has a label.
        """
        other = copy(self)
        yield from other._learn(y)
        return other

    def _join(self, rows: Tensor, k: int, kept: Kept | None) -> Generator[Working, None, None]:
        """Find the neighbors of each row, and bring nodes of the graph that are joined together."""
        self.rows, self.order = (each.numpy() for each in rows.sort(stable=True))
        self.beyond: tuple[str, Tensor] | None = None
        self.joined = Joined(self.seen, rows, k, kept)
        self.nodes, self.graph = linked((yield from self.joined.find()))
        self.rank = self.nodes.argsort()  # the node of each row

    def _learn(self, y: Tensor) -> Generator[Working, None, None]:
        if not (y >= 0).any():
            raise no_label()
        mine = y[self.nodes]
        given = (
            F.one_hot(mine.clamp_min(0), self.num_classes).numpy() * (mine >= 0).numpy()[:, None]
        )
        spread = yield from diffusing(self.graph, given, self.alpha)
        self.shares, self.mass = shares(spread, given), spread.sum(1)
        self.digest = digest(self.joined.alike, y)

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64, in the graph or new."""
        return torch.from_numpy(self.recalled(self.shares, rows)).float()

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 on the CPU that the graph is made of."""
        return self.seen(rows).cpu()

    def reached(self, rows: Tensor) -> Tensor:
        """Return which rows some label has reached, (n,) bool."""
        return torch.from_numpy(self.recalled(self.mass, rows) > 0)

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name the graph, its labels and what they came to."""
        return digest(self.digest, torch.from_numpy(self.shares))

    def recalled(self, known: NDArray[Any], rows: Tensor) -> NDArray[Any]:
        """Look up what is `known` (N, ...) of the graph's nodes; of new rows, their neighbors'."""
        node, new = self.placed(rows)
        found = known[node]
        if new.any():
            found[new] = self._around_new(known, rows[torch.from_numpy(new)])
        return found

    def around(self, known: NDArray[Any], rows: Tensor) -> NDArray[Any]:
        """Return the mean (n, ...) of what is `known` of each row's neighbors, itself left out.

        In the graph, of those on either side of an edge, who count the less the more edges they
        have; a row with none has its own. Of new rows, of the `k` nearest.
        """
        node, new = self.placed(rows)
        edges = self.graph[node]
        total = edges.sum(1).A1[:, None]
        found = np.where(total > 0, edges @ known / np.maximum(total, TINY), known[node])
        if new.any():
            found[new] = self._around_new(known, rows[torch.from_numpy(new)])
        return found

    def placed(self, rows: Tensor) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the node (n,) of each row, and which rows (n,) have none: theirs is any."""
        place = np.searchsorted(self.rows, rows.numpy()).clip(0, len(self.rows) - 1)
        return self.rank.numpy()[self.order[place]], self.rows[place] != rows.numpy()

    def _around_new(self, known: NDArray[Any], rows: Tensor) -> NDArray[Any]:
        found: NDArray[Any] = known[self.rank.numpy()[self._beside(rows).numpy()]].mean(1)
        return found

    def _beside(self, rows: Tensor) -> Tensor:
        """Return the `k` nearest in the graph of rows (n,) that are new to it, (n, k)."""
        name = digest(rows)
        if self.beyond is None or self.beyond[0] != name:
            self.beyond = name, self.joined.nearest(rows)
        return self.beyond[1]


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
