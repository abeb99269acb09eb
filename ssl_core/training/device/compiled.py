"""Compiled networks (`torch.compile`): faster where that works, and plain where it does not."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import torch
from torch import Tensor
from typing_extensions import override

from ssl_core.memory import ran_out
from ssl_core.types import Classifier

CHOICES = ("off", "auto", "on")
Compile = Callable[[Callable[[Tensor], Tensor]], Callable[[Tensor], Tensor]]


def wanted(choice: str, device: torch.device, images: bool) -> bool:
    """Whether to compile: "auto" does on a card that has Triton, for networks that see images.

    A head on features is too small for it to repay, and on a CPU it asks for a C++ compiler.
    """
    if choice != "auto":
        return choice == "on"
    return device.type == "cuda" and images and find_spec("triton") is not None


class Compiled(Classifier):
    """`model` and its weights, whose encoder is compiled when it is first used.

    Args:
        model: the network.
        compiler: what compiles a function; torch.compile by default.

    Attributes:
        told: Why it goes on uncompiled, in words; empty as long as it does not.
    """

    def __init__(self, model: Classifier, compiler: Compile | None = None) -> None:
        super().__init__(
            model.encoder,
            model.head,
            num_features=model.num_features,
            num_classes=model.num_classes,
        )
        self.model, self.told = model, ""
        self._run = (compiler or torch.compile)(model.encode)

    @override
    def encode(self, x: Tensor) -> Tensor:
        if self.told:
            return self.model.encode(x)
        try:
            return self._run(x)
        except Exception as error:  # a compiler fails in ways of its own
            if ran_out(error):
                raise
            name = type(error).__name__
        found = self.model.encode(x)  # an error of the network itself is raised here
        self.told = f"The network could not be compiled ({name}), so it was trained uncompiled."
        return found
