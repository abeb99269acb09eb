"""What labels say of answers not learned from them: who counts how much, how sure to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from torch import Tensor
from typing_extensions import override

from ssl_core.evidence.altered import Altered
from ssl_core.measure import calibration

CAUTION = 600.0  # precision of the prior of an exponent, with one label: the fewer, the firmer
FLOOR = 1e-3  # least probability of a class in a pool


def importance(y: Tensor, shares: Tensor) -> Tensor:
    """Return weights (n,), of mean 1, that make labels `y` (n,) as frequent as `shares` (C,) say.

    Labels are rarely drawn as the pool is mixed; weighted so, a mean over them is one over the
    pool (Shimodaira, 2000, for a shift of classes).
    """
    counts = torch.bincount(y, minlength=len(shares))
    found = (shares / counts.clamp_min(1))[y]
    return found / found.mean()


def weigh(
    said: Sequence[Tensor], y: Tensor, weights: Tensor, before: Sequence[float] | None = None
) -> list[float]:
    """Return the exponent of each learner in the pool of their answers that explains `y` best.

    The pool is `pooled`; its log loss is convex in the exponents (Heskes, 1998), none of which is
    below 0. A prior keeps them near what they were `before` while labels are few: with 20 they
    hardly move, with 120 they hardly feel it.

    Args:
        said: of each learner, probabilities (n, C) for rows that it had not learned from.
        y: their classes (n,) int64.
        weights: of the rows (n,), of mean 1.
        before: exponents before any label has spoken; by default alike, and together 1.
    """
    firm = CAUTION / len(y)
    heard = np.stack([logs(each).numpy() for each in said])
    given, each = np.arange(len(y)), y.numpy()
    start = np.full(len(said), 1 / len(said)) if before is None else np.array(before)
    row_weights = weights.double().numpy()

    def loss(exponents: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        answer = np.tensordot(exponents, heard, 1)
        total = logsumexp(answer, axis=1)
        p = np.exp(answer - total[:, None])
        missed = row_weights @ (total - answer[given, each])
        slope = (row_weights * ((p * heard).sum(2) - heard[:, given, each])).sum(1)
        away = exponents - start
        return missed + 0.5 * firm * away @ away, slope + firm * away

    found = minimize(loss, start, jac=True, bounds=[(0, None)] * len(said), method="L-BFGS-B")
    return [float(exponent) for exponent in found.x]


def pooled(exponents: Sequence[float]) -> Callable[[Tensor], Tensor]:
    """Agree on the product of members' probabilities (m, n, C) -> (n, C), each to its exponent.

    A logarithmic opinion pool (Genest & Zidek, 1986). Who is sure outweighs who is not, yet nobody
    can rule a class out: a probability counts as FLOOR at least.
    """
    return partial(_pool, tuple(exponents))


def _pool(exponents: tuple[float, ...], probabilities: Tensor) -> Tensor:
    answer = torch.tensordot(torch.tensor(exponents).double(), logs(probabilities), 1)
    found: Tensor = answer.softmax(1).float()
    return found


def logs(probabilities: Tensor) -> Tensor:
    """Return logarithms (..., C) float64 of probabilities, none below FLOOR's."""
    return probabilities.double().clamp_min(FLOOR).log()


def tempered(probabilities: Tensor, temperature: float) -> Tensor:
    """Return probabilities (n, C) raised to 1 / temperature, rows adding up to 1.

    Guo et al. (2017), "On Calibration of Modern Neural Networks".
    """
    return torch.from_numpy(calibration.tempered(probabilities.numpy(), temperature)).float()


def temperature(said: Tensor, y: Tensor, weights: Tensor) -> float:
    """Return the temperature at which answers (n, C) for rows not learned from explain `y` best.

    By weighted log loss, beside a prior about 1, as `ssl_core.measure.calibration` has it.
    """
    return calibration.temperature(said.numpy(), y.numpy(), weights.double().numpy())


class Tempered(Altered):
    """A predictor whose answers have a temperature; the likeliest class stays the likeliest."""

    given: float

    @override
    def altered(self, probabilities: Tensor) -> Tensor:
        return tempered(probabilities, self.given)
