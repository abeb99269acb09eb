"""Committees: several trained models that answer as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.fingerprint import digest
from ssl_core.types import Classifier, Predictor


class Committee:
    """Predicts what `agree` makes of its members' probabilities (m, n, C) -> (n, C).

    The first member that has a network gives the features, and the network to start from.
    """

    def __init__(self, members: Sequence[Predictor], agree: Callable[[Tensor], Tensor]) -> None:
        self.members, self.agree = tuple(members), agree

    @property
    def model(self) -> Classifier | None:
        """The first network among the members."""
        return next((each.model for each in self.members if each.model is not None), None)

    def probabilities(self, rows: Tensor) -> Tensor:
        """Return probabilities (n, C) float32 for rows (n,) int64."""
        return self.agree(torch.stack([member.probabilities(rows) for member in self.members]))

    def embed(self, rows: Tensor) -> Tensor:
        """Return the features (n, D) float32 of the member that has the network, or the first."""
        first = next((each for each in self.members if each.model is not None), self.members[0])
        return first.embed(rows)

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that name everything its members have learned."""
        return digest(_named(self.agree), *(member.fingerprint() for member in self.members))


def _named(agree: Callable[[Tensor], Tensor]) -> object:
    """The name of a way to agree, and what it was given beforehand."""
    if isinstance(agree, partial):
        return agree.func.__name__, agree.args
    return agree.__name__


def mean(probabilities: Tensor) -> Tensor:
    """Average the members' probabilities (m, n, C) -> (n, C)."""
    return probabilities.mean(0)


def product(probabilities: Tensor) -> Tensor:
    """Multiply the members' probabilities and normalize: (m, n, C) -> (n, C)."""
    # Two members that are each certain of another class would leave nothing to normalize
    return probabilities.clamp_min(1e-6).log().sum(0).softmax(1)


def majority(probabilities: Tensor) -> Tensor:
    """Give each class its share of the members' votes, three parts to one of the mean: -> (n, C).

    Where no class has more votes than all others, the mean decides. It never outweighs a vote of
    three members: two that prefer a class keep its mean within a third of any other's.
    """
    votes = F.one_hot(probabilities.argmax(2), probabilities.shape[2]).float().mean(0)
    return 0.75 * votes + 0.25 * probabilities.mean(0)
