"""How much goes through a network together: what memory holds, and what a processor holds near."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

# As torch, the driver and the card's libraries word it; they raise plain RuntimeErrors too
SIGNS = ("out of memory", "allocate memory", "not enough memory", "alloc_failed")


# Pixels of the images that go through a network together on a CPU. What its layers make of so few
# fits into pieces of memory that are used again and again; larger ones are asked of the system anew
# for each layer, page by page, which took half of the time and more
PIXELS = 2**18


def few(most: int, row: Sequence[int], device: torch.device) -> int:
    """Return how many rows should go through a network together, `most` at the most.

    Args:
        most: as many as a card has use for.
        row: shape of one: (C, H, W) of an image, (D,) of features.
        device: where the network is.
    """
    return most if device.type != "cpu" else max(1, min(most, PIXELS // math.prod(row[1:])))


def ran_out(error: BaseException) -> bool:
    """Whether an error says that memory ran out, the card's or the machine's."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in SIGNS)


def let_go() -> None:
    """Give back what torch keeps of a card's memory for later; without a card, do nothing."""
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()


class Pieces:
    """Computes rows in pieces of `size`, which are halved whenever memory runs out.

    Args:
        size: rows of a piece, at most; what it was halved to stays.
    """

    def __init__(self, size: int) -> None:
        self.first = self.size = size

    @property
    def told(self) -> str:
        """What was changed, in words; empty if memory sufficed."""
        if self.size == self.first:
            return ""
        return (
            f"Memory ran out with {self.first:,} images at once, so they went through the network "
            f"{self.size:,} at a time."
        )

    def __call__(self, compute: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        """Return what `compute` makes of x (n, …): (n, …); it must take each row by itself.

        Raises:
            RuntimeError: memory runs out on a single row.
        """
        done, found = 0, None
        while found is None or done < len(x):
            part = x[done : done + self.size]
            try:
                made = compute(part)
                if len(part) == len(x):
                    return made
                if found is None:  # one place for all: parts put together at the end take twice
                    found = made.new_empty((len(x), *made.shape[1:]))
                found[done : done + len(part)] = made
                done += len(part)
                continue
            except (RuntimeError, MemoryError) as error:
                if len(part) <= 1 or not ran_out(error):
                    raise
            # Outside the handler: the error holds on to what was half computed
            self.size = -(-len(part) // 2)
            let_go()
        return found
