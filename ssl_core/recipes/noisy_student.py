"""Noisy Student (Xie et al., 2020): a clean teacher labels, a noised student learns, repeat."""

from __future__ import annotations

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor
from typing_extensions import override

from ssl_core.hyper import Between
from ssl_core.recipe import Fit, Recipe
from ssl_core.types import Round, Run, Stopped


class NoisyStudent(Recipe):
    """Trains students with noise on a teacher's soft labels; each becomes the next teacher."""

    from_scratch = True  # a student that starts as its teacher repeats it

    threshold: Annotated[float, Between(0, 1)] = 0.3
    """Confidence that the teacher must reach for an image to be taught."""
    max_iter: Annotated[int, Between(0, 1000)] = 3
    """Students in all."""

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        known, asked, truth = rows[y >= 0], rows[y < 0], y[y >= 0]
        exact = F.one_hot(truth, fit.num_classes).float()
        said = torch.full((len(asked),), -1)
        teacher = yield from fit.noised()(known, truth)
        for number in range(1, self.max_iter + 1):
            soft = teacher.probabilities(asked)
            confidence, label = soft.max(1)
            kept = confidence >= self.threshold
            if not kept.any():
                yield Stopped(f"the teacher is sure of no image ({self.threshold:g} or more)")
                return teacher
            new = kept & (label != said)
            if new.any():
                yield Round(number, asked[new], label[new], confidence[new])
            said = torch.where(kept, label, said)
            taught = even(torch.where(kept, confidence, 0), label)
            # The paper adds the mean loss of either kind: labeled rows weigh as much as the others
            times = max(1, round(len(taught) / len(known)))
            teacher = yield from fit.noised()(
                torch.cat([known.repeat(times), asked[taught]]),
                torch.cat([exact.repeat(times, 1), soft[taught]]),
            )
        yield Stopped(f"{self.max_iter} students are trained (max_iter)")
        return teacher


def even(confidence: Tensor, label: Tensor) -> Tensor:
    """Choose equally many positions of each class among those of confidence (n,) above 0.

    A class with too many keeps the surest, one with too few is repeated.
    """
    classes = label[confidence > 0].unique()
    size = -(-int((confidence > 0).sum()) // len(classes))
    parts = []
    for each in classes:
        members = ((label == each) & (confidence > 0)).nonzero().squeeze(1)
        best = members[confidence[members].argsort(descending=True, stable=True)]
        parts.append(best.repeat(-(-size // len(best)))[:size])
    return torch.cat(parts)
