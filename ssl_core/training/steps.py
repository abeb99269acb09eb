"""The inner loop: step after step of one method on one network, with all its state in one place."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from ssl_core.chance import carried, current, drawing, fresh
from ssl_core.errors import SSLError
from ssl_core.method import Method
from ssl_core.training import distributed
from ssl_core.training.batches import STRIDE, Batches
from ssl_core.training.checks import named
from ssl_core.training.device.compiled import Compiled
from ssl_core.training.device.pieces import InPieces, normalizes
from ssl_core.training.device.precision import Precision
from ssl_core.training.schedule import factor, optimizer
from ssl_core.types import Classifier

PARTS = ("loss", "supervised", "unsupervised", "used")


class Steps:
    """Student, teacher, method, optimizer, batches and random state, `done` steps into training.

    Attributes:
        pieces: In how many the network sees a batch.
        told: What was changed to go on, in words, in the order in which it was.

    Raises:
        SSLError: the data is on another device.
    """

    def __init__(
        self,
        student: Classifier,
        method: Method,
        batches: Batches,
        *,
        steps: int,
        lr: float,
        weight_decay: float,
        warmup: int,
        ema_decay: float,
        clip: float,
        precision: str,
        device: torch.device,
        seed: int,
        pieces: int = 1,
        compiled: bool = False,
    ) -> None:
        if batches.data.device.type != device.type:
            raise SSLError(f"The data is on {batches.data.device}, the trainer on {device}.")
        self.student = student.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.method, self.batches = method.to(device), batches
        self.shared = distributed.size() > 1
        if self.shared:  # all start where the first one does
            for module in (self.student, self.method):
                distributed.copy_first(module)
        self.teacher = deepcopy(self.student).requires_grad_(False).eval()
        # As a method sees them: the same weights, run as the device needs it
        self.pieces, self.told = pieces, list[str]()
        self.seen = [Compiled(each) if compiled else each for each in (self.student, self.teacher)]
        self.optimizer = optimizer(batches.data.kind, (student, method), lr, weight_decay)
        self.steps, self.lr, self.warmup = steps, lr, warmup
        self.ema_decay, self.clip, self.device = ema_decay, clip, device
        self.precision = Precision(precision, device)
        self.done = 0
        self.drawn: list[tuple[Tensor, Tensor]] = []  # rows of the steps since the last report
        self.random = fresh(seed + distributed.rank() * STRIDE, device)

    def advance(self, number: int) -> tuple[float, float, float, float]:
        """Take `number` steps, or those that are left; return the means of PARTS.

        Raises:
            SSLError: a loss is not finite; the message names the step.
        """
        first = self.done
        until = min(first + number, self.steps)
        # Kept on the device and read once: a read a step would make a GPU wait
        history = torch.zeros(until - first, len(PARTS), device=self.device)
        del self.drawn[:-1]
        self.student.train()
        self.method.train()
        student, teacher = self._seen()
        with drawing(self.random, self.device):
            while self.done < until:
                self._step(student, teacher, history[self.done - first])
            self.random = current(self.device)
        # A gradient can break while the loss is whole: broken weights must not reach a checkpoint
        weights = [*self.student.parameters(), *self.method.parameters()]
        history[-1, 0] += 0 * torch.stack(torch._foreach_norm(weights)).detach().sum()
        means = self._means(history, first)
        self._listen()
        return means

    def _seen(self) -> list[Classifier]:
        if self.pieces == 1:
            return self.seen
        return [InPieces(each, self.pieces) for each in self.seen]

    def _listen(self) -> None:
        """Write down what the device has made of these steps, where it was not what was asked."""
        for each in self.seen:
            if isinstance(each, Compiled) and each.told and each.told not in self.told:
                self.told.append(each.told)
        if self.precision.too_narrow:
            self.told.append(self.precision.fall_back())

    def smaller(self) -> str:
        """Let the network see each batch in twice as many pieces, and say so.

        Empty, and nothing is changed, if a piece would have less than two labeled rows.
        """
        if self.batches.batch_size < 4 * self.pieces:
            return ""
        self.pieces *= 2
        norms = "; batch normalization took its statistics from each" * normalizes(self.student)
        return (
            f"Memory ran out at step {self.done + 1} of {self.steps}, so the network saw each "
            f"batch in {self.pieces} pieces from there on, whose gradients add up to those of the "
            f"whole{norms}."
        )

    def _means(self, history: Tensor, first: int) -> tuple[float, float, float, float]:
        """Average the steps' losses, of all processes, or say where one is not a number."""
        distributed.average([history])
        values = history.cpu()
        bad = (~values[:, 0].isfinite()).nonzero()
        if len(bad):
            step = int(bad[0])
            raise SSLError(
                f"The loss is not a number at step {first + step + 1} of {self.steps} "
                f"(learning rate {self.lr:g}): {self._blame(step - len(values))}"
            )
        loss, supervised, unsupervised, used = values.mean(0).tolist()
        return loss, supervised, unsupervised, used

    def _blame(self, step: int) -> str:
        """Name the rows, in any process, that broke a step; -1 is the latest."""
        last = len(self.drawn) + step
        # A row can leave the loss whole and break the gradient, and then the next step's loss
        lately = torch.cat([torch.cat(rows) for rows in self.drawn[max(last - 1, 0) : last + 1]])
        broken = torch.cat(distributed.from_each(self.batches.broken(lately)))
        if len(broken):
            return (
                f"rows {named(broken)} hold NaN or infinity. Leave them out, or compute them again."
            )
        rows = torch.cat(distributed.from_each(torch.cat(self.drawn[last])))
        return f"its rows were {named(rows)}. Lower the learning rate, or look for broken images."

    def _step(self, student: Classifier, teacher: Classifier, record: Tensor) -> None:
        rate = self.lr * factor(self.done, self.steps, self.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = next(self.batches)
        self.drawn.append(self.batches.drawn)
        before = [buffer.clone() for buffer in self._buffers()] if self.shared else []
        with self.precision.computing():
            losses = self.method.losses(batch, student, teacher, self.done / max(self.steps - 1, 1))
            total = losses.total
        self.optimizer.zero_grad(set_to_none=True)
        self.precision.backward(total)
        if self.shared:
            distributed.agree(self._gradients(), self._buffers(), before)
        self.precision.step(self.optimizer, self.student, self.clip)
        follow(self.teacher, self.student, min(self.ema_decay, (1 + self.done) / (10 + self.done)))
        record[0], record[1] = total.detach(), losses.supervised.detach()
        record[2], record[3] = losses.unsupervised.detach(), losses.used
        self.done += 1

    def _buffers(self) -> list[Tensor]:
        return [*self.student.buffers(), *self.method.buffers()]

    def _gradients(self) -> list[Tensor]:
        parameters = (*self.student.parameters(), *self.method.parameters())
        return [each.grad for each in parameters if each.grad is not None]

    def state_dict(self) -> dict[str, Any]:
        """Return everything that the next step depends on, in every process."""
        return {
            "done": self.done,
            "told": list(self.told),
            "student": self.student.state_dict(),
            "teacher": self.teacher.state_dict(),
            "method": self.method.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "precision": self.precision.state_dict(),
            "own": distributed.from_each(
                {
                    "batches": self.batches.state_dict(),
                    "random": self.random,
                    "pieces": self.pieces,
                }
            ),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state` was taken, bit for bit; on another kind of device, by new draws."""
        self.done, self.told = state["done"], list(state.get("told", ()))
        for name in ("student", "teacher", "method", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        if "precision" in state:  # an older version had nothing to keep of it
            self.precision.load_state_dict(state["precision"])
        own = state["own"][distributed.rank()]
        self.pieces = own.get("pieces", self.pieces)
        self.batches.load_state_dict(own["batches"])
        if len(own["random"]) != len(self.random):
            self.told.append(
                f"Training went on from step {self.done + 1} on another kind of device: what is "
                "drawn by chance is not what it would have been."
            )
        self.random = carried(own["random"], self.device)


@torch.no_grad()
def follow(teacher: nn.Module, student: nn.Module, decay: float) -> None:
    """Move the teacher's weights a little towards the student's, and copy its buffers."""
    torch._foreach_lerp_(list(teacher.parameters()), list(student.parameters()), 1 - decay)
    for slow, fast in zip(teacher.buffers(), student.buffers(), strict=True):
        slow.copy_(fast)
