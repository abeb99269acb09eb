"""Contract 1: a method turns one batch into losses."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import nn

from ssl_core.types import Batch, Classifier, Losses, Task, View


class Method(ABC, nn.Module):
    """Turns one batch into losses. State lives in buffers, learnable extras in submodules.

    A method never touches optimizer, schedule, device, precision, logging or storage. Subclasses
    add keyword-only hyper-parameters with literal defaults and document each under `Args:`.
    """

    views: tuple[View, ...] = ()  # what the loader must build of the unlabeled rows

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task

    @abstractmethod
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        """Return this step's losses.

        `teacher` is the moving average of `student`, in evaluation mode and without gradients.
        `progress` runs from 0 to 1 over training, so a ramp needs no step counts.
        """
