"""How large a calibration error chance alone makes: what few rows can tell of a model's confidence.

Whoever is right exactly as often as sure has an error on any finite number of rows. So rows are
drawn that are (consistency resampling; Broecker & Smith, 2007, "Increasing the Reliability of
Reliability Diagrams"), and an error says something once it is larger than nearly all of theirs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.measure.calibration import BINS, calibration_error

DRAWS = 200
LEVEL = 0.05


def by_chance(
    said: NDArray[np.floating[Any]],
    bins: int = BINS,
    draws: int = DRAWS,
    level: float = LEVEL,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the calibration error of who is as often right as sure: on the mean, and at most.

    Args:
        said: probabilities (n, C), with a row at least.
        bins: of equal mass.
        draws: how often the truth is drawn from them.
        level: the share of draws whose error is above the second number.
        seed: of the draws.
    """
    confidence = said.max(1).astype(np.float64)
    two = np.stack([confidence, 1 - confidence], 1)  # right or wrong is all that the error asks
    two[:, 1] = np.minimum(two[:, 1], confidence)  # also where the likeliest is below a half
    rng = np.random.default_rng(seed)
    errors = [
        calibration_error((rng.random(len(confidence)) >= confidence).astype(int), two, bins)
        for _ in range(draws)
    ]
    return float(np.mean(errors)), float(np.quantile(errors, 1 - level))
