"""A sum of methods: each part adds its own term, as in VAT with entropy minimization."""

from __future__ import annotations

from typing import cast

from torch import nn
from typing_extensions import override

from ssl_core.errors import SSLError
from ssl_core.method import Method
from ssl_core.types import Batch, Classifier, Losses, Task


class Sum(Method):
    """Adds the unlabeled terms of several methods, each with its own weight and ramp.

    `Sum(task, VAT(task), EntropyMinimization(task))` is a method like any other. Its supervised
    term is the mean of the parts', so labels count as much as in one of them.

    Raises:
        SSLError: no part is given.
    """

    def __init__(self, task: Task, *parts: Method) -> None:
        super().__init__(task)
        if not parts:
            raise SSLError("A sum needs at least one method: Sum(task, VAT(task), …).")
        self.parts = nn.ModuleList(parts)
        self.views = tuple(dict.fromkeys(view for part in parts for view in part.views))

    @override
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        made = [
            cast("Method", part).losses(batch, student, teacher, progress) for part in self.parts
        ]
        first, *rest = made
        supervised, unsupervised, used = (
            first.supervised,
            first.weight * first.unsupervised,
            first.used,
        )
        for each in rest:
            supervised = supervised + each.supervised
            unsupervised = unsupervised + each.weight * each.unsupervised
            used = used + each.used
        return Losses(supervised / len(made), unsupervised, used=used / len(made))
