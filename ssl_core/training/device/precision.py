"""Half precision where a card has it: bfloat16, or float16 with gradients that are scaled.

float16 cannot hold gradients below 6e-8. So the loss is multiplied by a scale, the gradients are
divided by it, and the scale follows what fits (Micikevicius et al., 2018). bfloat16 has the range
of full precision and needs none of it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, cast

import torch
from torch import Tensor, nn, optim

HALF = {"bfloat16": torch.bfloat16, "float16": torch.float16}
PRECISIONS = ("mixed", "full", *HALF)
LEAST = 1.0  # a scale below it means that the gradients themselves do not fit


class Precision:
    """How numbers are held while losses are computed, and how gradients become a step.

    Args:
        name: in PRECISIONS. "mixed" is what the card has: bfloat16, else float16, and full
            precision on a CPU; the others are taken at their word on any device.
        device: where it is computed.
    """

    def __init__(self, name: str, device: torch.device) -> None:
        self.device, self.fell_back = device, False
        self.half = HALF.get(name)
        if name == "mixed" and device.type == "cuda":
            native = torch.cuda.is_bf16_supported(including_emulation=False)
            self.half = torch.bfloat16 if native else torch.float16
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.half is torch.float16)

    def computing(self) -> AbstractContextManager[None]:
        """Within it, losses are computed in half precision where that is enough."""
        half = self.half or torch.bfloat16
        found = torch.autocast(self.device.type, half, enabled=self.half is not None)
        return cast("AbstractContextManager[None]", found)

    def backward(self, total: Tensor) -> None:
        """Compute the gradients of a scalar, scaled if need be."""
        scaled: Tensor = self.scaler.scale(total)
        scaled.backward()

    def step(self, optimizer: optim.Optimizer, clipped: nn.Module, clip: float) -> None:
        """Take a step; with a `clip` above 0, the gradient of `clipped` is no longer than that.

        A gradient that overflowed is left out, and the scale is halved.
        """
        if clip:
            self.scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(clipped.parameters(), clip)
        self.scaler.step(optimizer)
        self.scaler.update()

    @property
    def too_narrow(self) -> bool:
        """Whether gradients have not fitted float16 at any scale."""
        return self.scaler.is_enabled() and self.scaler.get_scale() < LEAST

    def fall_back(self) -> str:
        """Go on in full precision, and say so; of anything but float16 that mends nothing."""
        if self.half is not torch.float16:
            return ""
        self.half, self.fell_back = None, True
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=False)
        return "Numbers did not fit float16, so training went on in full precision."

    def state_dict(self) -> dict[str, Any]:
        """Return the scale and what it will do, and whether there is one still."""
        return {"fell_back": self.fell_back, "scaler": self.scaler.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state` was taken; one of a device without scales leaves them as they are."""
        if state["fell_back"]:
            self.fall_back()
        elif state["scaler"] and self.scaler.is_enabled():
            self.scaler.load_state_dict(state["scaler"])
