"""A batch through a network piece by piece: less memory, and the gradient of the whole batch.

What a piece needed on its way is dropped and computed again on the way back (Chen et al., 2016,
"Training Deep Nets with Sublinear Memory Cost"), so there is only one piece's at a time. Losses are
computed of the whole batch: a method that mixes rows or counts them sees what it always sees, which
a loss of each piece, added up, would not give it. It costs a further pass. One thing differs: in
training, batch normalization takes its statistics from each piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils.checkpoint import checkpoint
from typing_extensions import override

from ssl_core.types import Classifier

LEAST = 2  # rows of a piece: one alone has no spread
MODES = ("training", "track_running_stats", "momentum", "num_batches_tracked")


class InPieces(Classifier):
    """`model` and its weights, whose encoder sees a batch in `number` pieces."""

    def __init__(self, model: Classifier, number: int) -> None:
        super().__init__(
            model.encoder,
            model.head,
            num_features=model.num_features,
            num_classes=model.num_classes,
        )
        self.model, self.number = model, number

    @override
    def encode(self, x: Tensor) -> Tensor:
        # Every so-manyth row: labeled, weak and strong rows stand one after the other in a batch,
        # and the statistics of a piece should be those of all of them
        number = min(self.number, max(1, len(x) // LEAST))
        return woven([self._piece(x[first::number]) for first in range(number)])

    def _piece(self, x: Tensor) -> Tensor:
        if not torch.is_grad_enabled():
            return self.model.encode(x)
        found: Tensor = checkpoint(
            self.model.encode, x, use_reentrant=False, context_fn=self._twice
        )
        return found

    def _twice(self) -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
        """What surrounds the first pass, and the second: that must see what the first one saw."""
        return nullcontext(), _as_it_was(self.model)


def woven(pieces: list[Tensor]) -> Tensor:
    """Put pieces (m or m + 1, D), which took turns in a batch, back into its order: (n, D)."""
    if len(pieces) == 1:
        return pieces[0]
    each = len(pieces[-1])
    whole = torch.stack([piece[:each] for piece in pieces], 1).flatten(0, 1)
    return torch.cat([whole, *(piece[each:] for piece in pieces)])


def _as_it_was(model: nn.Module) -> AbstractContextManager[None]:
    """Within it the parts of `model` are in the modes they are in now, and take no statistics."""
    return _within(model, [_mode(each) for each in model.modules()])


def _mode(module: nn.Module) -> dict[str, Any]:
    return {name: getattr(module, name) for name in MODES if hasattr(module, name)}


@contextmanager
def _within(model: nn.Module, modes: list[dict[str, Any]]) -> Iterator[None]:
    before = [_mode(each) for each in model.modules()]
    # A norm must run as it ran, for what it holds to be the same; but it has counted these rows
    uncounted = {"momentum": 0.0, "num_batches_tracked": None}
    try:
        for module, mode in zip(model.modules(), modes, strict=True):
            _set(module, mode | uncounted if isinstance(module, _BatchNorm) else mode)
        yield
    finally:
        for module, mode in zip(model.modules(), before, strict=True):
            _set(module, mode)


def _set(module: nn.Module, mode: dict[str, Any]) -> None:
    for name, value in mode.items():
        setattr(module, name, value)


def normalizes(model: nn.Module) -> bool:
    """Whether a network has batch normalization, which sees each piece by itself."""
    return any(isinstance(module, _BatchNorm) for module in model.modules())
