"""Validation: rows kept apart judge the teacher at each report, and the best one is kept."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.data.sources import Data
from ssl_core.errors import SSLError
from ssl_core.measure.metrics import balanced_accuracy
from ssl_core.training.checks import Rows, check_validation
from ssl_core.training.distributed import from_first
from ssl_core.training.predict import predict
from ssl_core.types import Classifier


class Validation:
    """Judges by balanced accuracy, and among equals by the mean negative log-likelihood.

    Balanced, since a teacher that gives up a rare class must not win. A few dozen rows tie often,
    and then the likelihood tells two teachers apart; it does not judge alone, since it punishes
    the confidence that pseudo-labels bring long before the classes get worse. Without rows there
    is no judgment, and the last teacher is the one.

    Raises:
        SSLError: rows that cannot judge, or a patience without rows.
    """

    def __init__(
        self, data: Data, held: Rows | None, known: Tensor, num_classes: int, patience: int
    ) -> None:
        if held is not None:
            check_validation(*held, known, len(data), num_classes)
        elif patience:
            raise SSLError(
                f"A patience of {patience} needs rows to judge by: give validation=(rows, labels), "
                "or leave patience at 0."
            )
        self.data, self.held, self.patience = data, held, patience
        self.score: tuple[float, float] | None = None  # balanced accuracy, log-likelihood
        self.step = 0  # of the best teacher
        self.waited = 0  # reports since
        self.best: dict[str, Tensor] = {}

    def spare(self, rows: Tensor) -> Tensor:
        """Return `rows` (m,) without those that judge."""
        return rows if self.held is None else rows[~torch.isin(rows, self.held[0])]

    def judge(self, teacher: Classifier, step: int) -> float | None:
        """Return the balanced accuracy of the teacher, 0 to 1, and keep its weights if best."""
        if self.held is None:
            return None
        # One process decides for all: a last bit that differs must not stop one of them alone
        score = from_first(self._score(teacher, *self.held))
        self.waited += 1
        if self.score is None or score > self.score:
            self.score, self.step, self.waited = score, step, 0
            self.best = {name: value.clone() for name, value in teacher.state_dict().items()}
        return score[0]

    def restore(self, teacher: Classifier) -> None:
        """Give the teacher the best weights that it had, if it was judged."""
        if self.best:
            teacher.load_state_dict(self.best)

    @property
    def exhausted(self) -> bool:
        """Whether `patience` reports have passed without a better teacher."""
        return 0 < self.patience <= self.waited

    def reason(self, done: int, steps: int) -> str:
        """Say why training ended, and which teacher is returned."""
        end = f"all {steps} steps are done"
        if done < steps:
            end = f"no better for {self.waited} reports, at step {done} of {steps}"
        if self.held is None:
            return end
        return f"{end}; the teacher of step {self.step} was best on the validation rows"

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next judgment depends on."""
        return {name: getattr(self, name) for name in ("score", "step", "waited", "best")}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state` was taken."""
        vars(self).update(state)

    def _score(self, teacher: Classifier, rows: Tensor, labels: Tensor) -> tuple[float, float]:
        logits = predict(teacher, self.data, rows)
        found = balanced_accuracy(labels.numpy(), logits.argmax(1).numpy())
        return found, -float(F.cross_entropy(logits, labels))
