"""Ramps: how the weight of the unlabeled images rises in the course of training."""

from __future__ import annotations

import math


def linear_ramp(progress: float, length: float) -> float:
    """Rise from 0 to 1 over the first `length` of training; `length` 0 means 1 throughout."""
    return 1.0 if progress >= length else progress / length


def sigmoid_ramp(progress: float, length: float) -> float:
    """Rise as exp(-5 (1 - t)²) over the first `length` of training (Laine & Aila, 2017)."""
    return math.exp(-5 * (1 - linear_ramp(progress, length)) ** 2)


def cosine_ramp(progress: float, length: float) -> float:
    """Rise as (1 - cos πt) / 2 over the first `length` of training (Berthelot et al., 2022)."""
    return (1 - math.cos(math.pi * linear_ramp(progress, length))) / 2
