"""Which positions a step draws: all rows equally often, or all classes equally often."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from ssl_core.errors import SSLError

SAMPLINGS = ("uniform", "balanced")


class Shuffled:
    """Positions 0 to n - 1 in random order without replacement, reshuffled when used up.

    A batch larger than what is left, or than n, runs on into the next shuffle.
    """

    def __init__(self, n: int, batch_size: int, generator: Generator) -> None:
        self.n, self.batch_size, self.generator = n, batch_size, generator
        self.left = torch.empty(0, dtype=torch.int64)

    def __next__(self) -> Tensor:
        """Return the next positions, (batch_size,) int64."""
        return self.take(self.batch_size)

    def take(self, number: int) -> Tensor:
        """Return the next `number` positions, (number,) int64."""
        while len(self.left) < number:
            more = torch.randperm(self.n, generator=self.generator)
            self.left = torch.cat([self.left, more])
        batch, self.left = self.left[:number], self.left[number:]
        return batch

    def state_dict(self) -> list[Tensor]:
        """Return what is left of the shuffle; the generator is its owner's to save."""
        return [self.left.clone()]

    def load_state_dict(self, state: list[Tensor]) -> None:
        """Go on where the shuffle that made `state` stood."""
        [self.left] = state


class Balanced:
    """Positions in `labels` (n,) int64, so drawn that every class among them comes equally often.

    The classes take turns in shuffled order, and the rows of each class in an order of their own:
    over time no row of a class is seen more than once oftener than another. A class without labels
    has no turn.
    """

    def __init__(self, labels: Tensor, batch_size: int, generator: Generator) -> None:
        self.members = [(labels == each).nonzero().squeeze(1) for each in labels.unique()]
        self.turns = Shuffled(len(self.members), batch_size, generator)
        self.streams = [Shuffled(len(rows), 1, generator) for rows in self.members]

    def __next__(self) -> Tensor:
        """Return the next positions, (batch_size,) int64, class by class."""
        shares = torch.bincount(next(self.turns), minlength=len(self.members)).tolist()
        drawn = zip(self.members, self.streams, shares, strict=True)
        return torch.cat([rows[stream.take(share)] for rows, stream, share in drawn])

    def state_dict(self) -> list[Tensor]:
        """Return what is left of each shuffle; the generator is its owner's to save."""
        return [stream.left.clone() for stream in (self.turns, *self.streams)]

    def load_state_dict(self, state: list[Tensor]) -> None:
        """Go on where the sampler that made `state` stood."""
        for stream, left in zip((self.turns, *self.streams), state, strict=True):
            stream.left = left


def sampler(
    sampling: str, labels: Tensor, batch_size: int, generator: Generator
) -> Shuffled | Balanced:
    """Make the sampler of this name over labeled rows.

    Raises:
        SSLError: classes are to be balanced, but the labels are probabilities.
    """
    if sampling == "uniform":
        return Shuffled(len(labels), batch_size, generator)
    if labels.is_floating_point():
        raise SSLError(
            "Balanced sampling needs classes, but these labels are probabilities. "
            "Choose sampling='uniform', or give the likeliest classes: labels.argmax(1)."
        )
    return Balanced(labels, batch_size, generator)
