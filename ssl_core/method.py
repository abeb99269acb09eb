"""Contract 1: a method turns one batch into losses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import field

from torch import nn

from ssl_core.hyper import Declared
from ssl_core.types import Batch, Classifier, Losses, Task, View


class Method(Declared, ABC, nn.Module):
    """Turns one batch into losses. State lives in buffers, learnable extras in submodules.

    A method never touches optimizer, schedule, device, precision, logging or storage. Subclasses
    declare their hyper-parameters as fields, and make buffers and submodules in `prepare`:
    `self.mean = nn.Buffer(…)`.
    """

    task: Task = field(kw_only=False)

    # Not annotated, so neither is a hyper-parameter
    views = tuple[View, ...]()  # what the loader must build of the unlabeled rows
    joint = False  # whether rows see each other: by mixing, by state, by a mean or a draw for all

    def __post_init__(self) -> None:
        nn.Module.__init__(self)
        super().__post_init__()

    @abstractmethod
    def losses(
        self, batch: Batch, student: Classifier, teacher: Classifier, progress: float
    ) -> Losses:
        """Return this step's losses.

        `teacher` is the moving average of `student`, in evaluation mode and without gradients.
        `progress` runs from 0 to 1 over training, so a ramp needs no step counts.
        """
