"""Batch statistics of the weights that a network ends with, where it could not gather them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.modules.batchnorm import _BatchNorm

from ssl_core.data.sources import Data
from ssl_core.memory import Pieces
from ssl_core.types import Classifier

FORGOTTEN = 3.0  # time constants after which running statistics hold nothing of where they began
PARTS = 8  # passes at the most, over
ROWS = 128  # rows each


@torch.no_grad()
def settle(model: Classifier, data: Data, rows: Tensor, steps: int) -> None:
    """Measure the statistics of batch normalization anew on rows (n,), if `steps` were too few.

    A pretrained network moves its running statistics by a hundredth a step, so after 60 steps they
    are still those of photographs, and it predicts at chance with weights that are good. Up to
    PARTS * ROWS of the rows, evenly spread, are passed as they are, fewer at once where memory runs
    out; nothing else is changed.
    """
    norms = [each for each in model.modules() if isinstance(each, _BatchNorm)]
    slow = any((norm.momentum or 1.0) * steps < FORGOTTEN for norm in norms)
    if not slow or len(rows) < 2:  # one row has no spread
        return
    modes = {module: module.training for module in model.modules()}
    momenta = [norm.momentum for norm in norms]
    model.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean over the passes
        norm.train()
    number = min(len(rows), PARTS * ROWS)
    chosen = rows[torch.linspace(0, len(rows) - 1, number).long()]
    passes = -(-number // ROWS)
    Pieces(-(-number // passes))(lambda part: model(data.clean(part)), chosen)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    for module, training in modes.items():
        module.training = training
