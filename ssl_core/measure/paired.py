"""Two models on the same rows: how far one is ahead, and how much of that is chance."""

from __future__ import annotations

import numpy as np

from ssl_core.errors import SSLError
from ssl_core.measure.metrics import Classes


def lead(truth: Classes, one: Classes, other: Classes) -> tuple[float, float]:
    """Return by how much `one` has the higher balanced accuracy, and the standard error of that.

    All three are classes of the same rows (n,). The error is that of models that are equally good:
    rows that only one of them knows could as well be the other's. With classes of equal size the
    ratio of the two is the statistic of McNemar (1947).

    Raises:
        SSLError: they are not equally long.
    """
    if not len(truth) == len(one) == len(other):
        raise SSLError(
            f"{len(truth)} true classes cannot be compared with {len(one)} and {len(other)}."
        )
    classes, place, size = np.unique(truth, return_inverse=True, return_counts=True)
    weight = 1 / (len(classes) * size[place])
    gain = weight * ((one == truth).astype(np.float64) - (other == truth))
    return float(gain.sum()), float(np.sqrt(np.square(gain).sum()))
