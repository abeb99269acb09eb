"""Guesses: predictions read as labels, aligned if asked, where their class's threshold is met."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import torch
from torch import Tensor, nn

from ssl_core.errors import SSLError
from ssl_core.hyper import Between, PerClass
from ssl_core.parts.alignment import Alignment
from ssl_core.types import Task

Threshold: TypeAlias = Annotated[float | PerClass, Between(0, 1)]
"""Confidence from which a prediction counts as a label."""


class Guesses(nn.Module):
    """Turns logits into probabilities, likeliest classes and a mask of those that may teach.

    Raises:
        SSLError: the thresholds are not one a class.
    """

    threshold: Tensor  # (C,): confidence that a guess of each class needs

    def __init__(self, task: Task, threshold: float | PerClass, align: bool) -> None:
        super().__init__()
        classes = task.num_classes
        values = [threshold] * classes if isinstance(threshold, int | float) else [*threshold]
        if len(values) != classes:
            raise SSLError(
                f"threshold has {len(values)} values, but there are {classes} classes. "
                "Give one for each class, or one number for all."
            )
        needed = torch.tensor(values, dtype=torch.float32)
        self.register_buffer("threshold", needed, persistent=False)  # chosen, not learned
        self.align = Alignment(task.class_prior) if align else nn.Identity()

    @torch.no_grad()
    def forward(self, logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Take logits (M, C); return p (M, C), classes (M,) and a mask (M,) of 0.0 and 1.0."""
        p = self.align(logits.softmax(1))
        confidence, label = p.max(1)
        return p, label, (confidence >= self.threshold[label]).float()
