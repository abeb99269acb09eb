"""Ramps: how the weight of the unlabeled images rises in the course of training."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, ClassVar, Literal, TypeAlias

from ssl_core.hyper import Between

Weight: TypeAlias = Annotated[float, Between(0, 1e6)]
"""Weight of the unlabeled images once the ramp is over."""

RampLength: TypeAlias = Annotated[float, Between(0, 1)]
"""Share of training over which that weight rises."""

Rise: TypeAlias = Literal["linear", "sigmoid", "cosine"]


def linear_ramp(progress: float, length: float) -> float:
    """Rise from 0 to 1 over the first `length` of training; `length` 0 means 1 throughout."""
    return 1.0 if progress >= length else progress / length


def sigmoid_ramp(progress: float, length: float) -> float:
    """Rise as exp(-5 (1 - t)²) over the first `length` of training (Laine & Aila, 2017)."""
    return math.exp(-5 * (1 - linear_ramp(progress, length)) ** 2)


def cosine_ramp(progress: float, length: float) -> float:
    """Rise as (1 - cos πt) / 2 over the first `length` of training (Berthelot et al., 2022)."""
    return (1 - math.cos(math.pi * linear_ramp(progress, length))) / 2


RISES: dict[Rise, Callable[[float, float], float]] = {
    "linear": linear_ramp,
    "sigmoid": sigmoid_ramp,
    "cosine": cosine_ramp,
}


class Ramp:
    """For a method that declares `weight` and `ramp`: its weight at any time."""

    weight: float
    ramp: float
    rise: ClassVar[Rise] = "linear"

    def risen(self, progress: float) -> float:
        """Return the weight at `progress` of training, 0 to 1."""
        return self.weight * RISES[self.rise](progress, self.ramp)
