"""What must hold before training: settings within reason, and rows and labels that fit."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ssl_core.errors import SSLError, no_label, unknown

Rows = tuple[Tensor, Tensor]  # rows (n,) int64 and their labels
NAMED = 8  # rows that an error names; of more it says how many there are


def at_least(least: int, **settings: int) -> None:
    """Check that each setting is a whole number, `least` or more.

    Raises:
        SSLError: one is not; the message names it.
    """
    for name, value in settings.items():
        if not isinstance(value, int) or value < least:
            raise SSLError(f"{name} must be {least} or more, a whole number, not {value!r}.")


def from_zero(**settings: float) -> None:
    """Check that each setting is a finite number, 0 or more.

    Raises:
        SSLError: one is not; the message names it.
    """
    for name, value in settings.items():
        if not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise SSLError(f"{name} must be a number, 0 or more, not {value!r}.")


def one_of(name: str, value: str, choices: Sequence[str]) -> None:
    """Check that a setting is one of its choices.

    Raises:
        SSLError: it is none; the message lists them.
    """
    if value not in choices:
        raise unknown(name, value, choices)


def check_rates(lr: float | None, ema_decay: float) -> None:
    """Check the learning rate, None or above 0, and the teacher's decay, from 0 to below 1.

    Raises:
        SSLError: one is out of its range.
    """
    if lr is not None and (not isinstance(lr, int | float) or not 0 < lr < math.inf):
        raise SSLError(f"lr must be a number above 0, or None for the usual one, not {lr!r}.")
    if not isinstance(ema_decay, int | float) or not 0 <= ema_decay < 1:
        raise SSLError(
            f"ema_decay must be a number from 0 to below 1, not {ema_decay!r}: "
            "at 1 the teacher would never learn."
        )


def check_labels(rows: Tensor, labels: Tensor, num_rows: int, num_classes: int) -> None:
    """Check labels, classes (n,) or probabilities (n, C), of rows (n,) out of `num_rows`.

    Raises:
        SSLError: there are none, or not one a row, or a row, class or probability is out of range.
    """
    if num_classes < 2:
        raise SSLError(f"{num_classes} class leaves nothing to tell apart: give 2 or more.")
    if not len(labels):
        raise no_label()
    if len(rows) != len(labels):
        raise SSLError(f"There are {len(rows)} rows but {len(labels)} labels.")
    _check_rows(rows, num_rows)
    if labels.is_floating_point():
        _check_probabilities(labels, num_classes)
    else:
        _check_classes("Labels", labels, num_classes)


def check_validation(rows: Tensor, labels: Tensor, known: Tensor, num_rows: int, c: int) -> None:
    """Check validation rows (v,) with classes (v,): some, of `c` classes, none in `known` (n,).

    Raises:
        SSLError: they are not so; the message names the rows.
    """
    if not len(rows) or len(rows) != len(labels):
        raise SSLError(
            f"Validation needs a label for each of its rows, at least one: there are {len(rows)} "
            f"rows and {len(labels)} labels. Without such rows, leave validation out."
        )
    if labels.is_floating_point():
        raise SSLError("Validation labels must be classes, not probabilities.")
    _check_rows(rows, num_rows)
    _check_classes("Validation labels", labels, c)
    shared = rows[torch.isin(rows, known)]
    if len(shared):
        raise SSLError(
            f"{len(shared)} validation rows are labeled for training as well ({named(shared)}): "
            "they would be judged by heart. Leave each row to one of the two."
        )


def named(rows: Tensor) -> str:
    """Name rows (n,) in an error: "3, 7, 9", or the first few and how many more there are."""
    numbers = rows.tolist()
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    return ", ".join(map(str, numbers[:NAMED])) + more


def _check_rows(rows: Tensor, num_rows: int) -> None:
    low, high = int(rows.min()), int(rows.max())
    if low < 0 or high >= num_rows:
        raise SSLError(f"Rows must be 0 to {num_rows - 1}, but they run from {low} to {high}.")


def _check_classes(what: str, labels: Tensor, num_classes: int) -> None:
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= num_classes:
        raise SSLError(
            f"{what} must be classes 0 to {num_classes - 1}, but they run from {low} to {high}."
        )


def _check_probabilities(labels: Tensor, num_classes: int) -> None:
    if labels.shape[1:] != (num_classes,):
        raise SSLError(
            f"Probabilities must be of shape (n, {num_classes}), not {tuple(labels.shape)}."
        )
    bad = (~labels.isfinite() | (labels < 0)).any(1).nonzero().squeeze(1)
    if len(bad):
        raise SSLError(f"Probabilities must be numbers from 0; look at labels {named(bad)}.")
