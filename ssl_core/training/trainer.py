"""Training of one network by one method: a generator of epochs that can be killed and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from ssl_core.chance import drawing, fresh
from ssl_core.data.sources import Data
from ssl_core.errors import SSLError, unknown
from ssl_core.fingerprint import digest
from ssl_core.method import Method
from ssl_core.methods import build_method
from ssl_core.training import again, distributed
from ssl_core.training.batches import Batches, split_rows
from ssl_core.training.checkpoint import Checkpoint
from ssl_core.training.checks import Rows, at_least, check_labels, check_rates, from_zero, one_of
from ssl_core.training.device.compiled import CHOICES, wanted
from ssl_core.training.device.precision import PRECISIONS
from ssl_core.training.predict import NeuralPredictor
from ssl_core.training.sampling import SAMPLINGS
from ssl_core.training.schedule import DEFAULT_LR
from ssl_core.training.statistics import settle
from ssl_core.training.steps import Steps
from ssl_core.training.validation import Validation
from ssl_core.types import Adapted, Classifier, Epoch, Run, Stopped, Task


class SemiSupervisedTrainer:
    """Trains `model` (in place, from the weights it has) by a method in METHODS or a Method.

    Args:
        model: The network; load weights into it first for a warm start.
        method: A name in METHODS, or a Method made for this very task.
        options: Hyper-parameters of a method given by name.
        steps: Steps in all.
        batch_size: Labeled rows a step, in each process.
        mu: Unlabeled rows a step, as a multiple of `batch_size`.
        sampling: "uniform" draws all labeled rows equally often, "balanced" all classes.
        lr: Learning rate at its height; by default 0.1 for images and 0.003 for features.
        weight_decay: Of weights; norms and biases are spared.
        warmup: Steps over which the learning rate rises.
        ema_decay: Of the teacher, the moving average that predicts; lower while it is young.
        clip: Largest norm of the gradient; 0 for no limit.
        precision: "mixed" trains in bfloat16 where a GPU has it, else in float16 with gradients
            that are scaled; "full" never does. "bfloat16" and "float16" are taken at their word.
        pieces: In how many the network sees each batch: more take less memory and longer, and the
            gradients are those of the whole. They are doubled where memory runs out.
        compile: "on" compiles the network, "auto" does so for images on a GPU with Triton.
        device: "auto", or a torch device; the data must be on the same.
        prior: Share of each class among the unlabeled rows, (C,), to which methods that align
            their guesses align them; by default that of the labels.
        seed: Of batches, augmentation and dropout.
        epoch_steps: Steps between two reports (and checkpoints).
        patience: Reports without a better teacher after which training stops; 0 for never.
        checkpoint: File to resume from, and to save to at every epoch.

    Raises:
        SSLError: a setting is out of its range, or options are given for a method made already.
    """

    def __init__(
        self,
        model: Classifier,
        method: str | Method = "fixmatch",
        *,
        options: Mapping[str, Any] | None = None,
        steps: int = 300,
        batch_size: int = 32,
        mu: int = 3,
        sampling: Literal["uniform", "balanced"] = "uniform",
        lr: float | None = None,
        weight_decay: float = 5e-4,
        warmup: int = 20,
        ema_decay: float = 0.99,
        clip: float = 0.0,
        precision: Literal["mixed", "full", "bfloat16", "float16"] = "mixed",
        pieces: int = 1,
        compile: Literal["off", "auto", "on"] = "off",  # noqa: A002 - torch's word for it
        device: str = "auto",
        prior: Tensor | None = None,
        seed: int = 0,
        epoch_steps: int = 20,
        patience: int = 0,
        checkpoint: Path | None = None,
    ) -> None:
        at_least(1, steps=steps, batch_size=batch_size, mu=mu)
        at_least(1, epoch_steps=epoch_steps, pieces=pieces)
        at_least(0, warmup=warmup, patience=patience)
        from_zero(weight_decay=weight_decay, clip=clip)
        check_rates(lr, ema_decay)
        one_of("sampling", sampling, SAMPLINGS)
        one_of("precision", precision, PRECISIONS)
        one_of("compile", compile, CHOICES)
        if options and isinstance(method, Method):
            raise SSLError("Options are for a method given by name; this one is made already.")
        self.model, self.method, self.options = model, method, dict(options or {})
        self.steps, self.batch_size, self.mu, self.sampling = steps, batch_size, mu, sampling
        self.lr, self.weight_decay, self.warmup = lr, weight_decay, warmup
        self.ema_decay, self.clip, self.precision = ema_decay, clip, precision
        self.pieces, self.compile = pieces, compile
        self.device, self.prior, self.seed = pick_device(device), prior, seed
        self.epoch_steps, self.patience = min(epoch_steps, steps), patience
        self.checkpoint = checkpoint

    def run(
        self, data: Data, y: Tensor, pool: Tensor | None = None, validation: Rows | None = None
    ) -> Run:
        """Train on the rows of `data` with labels `y` (N,) int64, -1 where unlabeled.

        Only rows of `pool` (N,) bool are seen, labeled or not; all of them by default. The
        predictor that is returned answers for every row.

        Raises:
            SSLError: as for `fit`, or there is not one label a row.
        """
        if len(y) != len(data):
            raise SSLError(f"There are {len(data)} rows but {len(y)} labels; give -1 for unknown.")
        labeled, unlabeled = split_rows(y, pool)
        return (yield from self.fit(data, labeled, y[labeled], unlabeled, validation))

    def fit(
        self,
        data: Data,
        rows: Tensor,
        labels: Tensor,
        unlabeled: Tensor,
        validation: Rows | None = None,
    ) -> Run:
        """Train on `rows` (n,) with `labels`, rows may repeat, beside `unlabeled` rows (m,).

        Labels are classes (n,) int64 or probabilities (n, C) float32. If nothing is unlabeled,
        the labeled rows also serve as unlabeled ones.

        With `validation`, rows (v,) and their classes (v,), the teacher is judged at each report
        and the best one is returned. These rows are never trained on: they are taken out of the
        unlabeled ones.

        Raises:
            SSLError: rows, labels, options or a checkpoint that do not fit, a validation row in
                `rows`, or a loss that is not a number; the message says where.
        """
        check_labels(rows, labels, len(data), self.model.num_classes)
        judge = Validation(data, validation, rows, self.model.num_classes, self.patience)
        unlabeled = judge.spare(unlabeled)
        unlabeled = unlabeled if len(unlabeled) else rows
        method = self._method(labels, len(unlabeled))
        batches = Batches(
            data, rows, labels, unlabeled, method.views,
            batch_size=self.batch_size, unlabeled_batch_size=self.mu * self.batch_size,
            seed=self.seed, sampling=self.sampling,
            share=(distributed.rank(), distributed.size()),
        )  # fmt: skip
        steps = Steps(
            self.model, method, batches,
            steps=self.steps, lr=DEFAULT_LR[data.kind] if self.lr is None else self.lr,
            weight_decay=self.weight_decay, warmup=self.warmup, ema_decay=self.ema_decay,
            clip=self.clip, precision=self.precision, device=self.device, seed=self.seed,
            pieces=self.pieces, compiled=wanted(self.compile, self.device, data.kind == "images"),
        )  # fmt: skip
        fingerprint = self._fingerprint(method, rows, labels, unlabeled, *(validation or ()))
        kept = Checkpoint(self.checkpoint, fingerprint, steps=steps, validation=judge)
        kept.resume()
        seen = torch.cat([rows, unlabeled]).unique()
        told = 0
        while steps.done < self.steps and not judge.exhausted:
            loss, supervised, unsupervised, used = again.advance(steps, self.epoch_steps)
            if validation is not None:
                settle(steps.teacher, data, seen, steps.done)
            accuracy = judge.judge(steps.teacher, steps.done)
            kept.save()
            yield from map(Adapted, steps.told[told:])
            told = len(steps.told)
            yield Epoch(
                number=-(-steps.done // self.epoch_steps),
                epochs=-(-self.steps // self.epoch_steps),
                step=steps.done, steps=self.steps,
                loss=loss, supervised=supervised, unsupervised=unsupervised, used=used,
                validation=accuracy,
            )  # fmt: skip
        yield from map(Adapted, steps.told[told:])  # of an earlier attempt that ended
        settle(steps.teacher, data, seen, steps.done)
        judge.restore(steps.teacher)  # with the statistics it was judged with
        yield Stopped(judge.reason(steps.done, self.steps))
        return NeuralPredictor(steps.teacher, data)

    def _method(self, labels: Tensor, num_unlabeled: int) -> Method:
        if isinstance(self.method, Method):
            return self.method
        soft = labels.is_floating_point()
        count = labels.sum(0) if soft else torch.bincount(labels, minlength=self.model.num_classes)
        shares = (count + 1) / (count + 1).sum() if self.prior is None else self.prior
        task = Task(
            num_classes=self.model.num_classes,
            num_unlabeled=num_unlabeled,
            num_features=self.model.num_features,
            class_prior=shares.float(),
        )
        with drawing(fresh(self.seed)):  # its own heads start from the seed too
            return build_method(self.method, task, **self.options)

    def _fingerprint(self, method: Method, *rows: Tensor) -> str:
        shapes = [(name, tuple(value.shape)) for name, value in self.model.state_dict().items()]
        settings = (
            self.steps, self.batch_size, self.mu, self.sampling, self.lr, self.weight_decay,
            self.warmup, self.ema_decay, self.clip, self.seed, self.patience,
            sorted(self.options.items()), distributed.size(),
        )  # fmt: skip
        aim = () if self.prior is None else (self.prior,)
        return digest(type(method).__name__, shapes, settings, *rows, *aim)


def pick_device(device: str) -> torch.device:
    """Return the named device; "auto" is the GPU where there is one, else the CPU.

    Raises:
        SSLError: torch knows no device of that name.
    """
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.device(device)
    except RuntimeError:
        raise unknown("device", device, ["auto", "cpu", "cuda", "cuda:0"]) from None
