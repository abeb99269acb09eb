"""Steps that could not be taken are taken anew, from where they began, in a way that works."""

from __future__ import annotations

from typing import Any

import torch

from ssl_core.errors import SSLError
from ssl_core.memory import let_go, ran_out
from ssl_core.training.steps import Steps


def advance(steps: Steps, number: int) -> tuple[float, float, float, float]:
    """Take `number` steps, or those that are left; return the means of PARTS.

    Where memory runs out, each batch goes through the network in twice as many pieces; where
    numbers do not fit float16, it is full precision from there on. `steps.told` says so. Processes
    that train together do not go back: one that did would leave the others waiting.

    Raises:
        SSLError: a loss is not finite; the message names the step.
        RuntimeError: memory runs out however small the pieces are.
    """
    if steps.shared:
        return steps.advance(number)
    before, drawn = _copied(steps.state_dict()), steps.drawn[-1:]
    while True:
        try:
            return steps.advance(number)
        except (SSLError, RuntimeError, MemoryError) as error:
            change = _mended(steps, error)
            if not change:
                raise
        # Outside the handler: the error holds on to what was half computed
        steps.optimizer.zero_grad(set_to_none=True)
        let_go()
        told, pieces = [*steps.told, change], steps.pieces
        steps.load_state_dict(_copied(before))
        steps.told, steps.pieces, steps.drawn = told, pieces, list(drawn)


def _mended(steps: Steps, error: Exception) -> str:
    """Change what made a step fail, and say so; empty if nothing here would help."""
    if ran_out(error):
        return steps.smaller()
    return steps.precision.fall_back() if isinstance(error, SSLError) else ""


def _copied(state: Any) -> Any:
    """A copy on the CPU, whatever becomes of the original."""
    if isinstance(state, torch.Tensor):
        return state.detach().to("cpu", copy=True)
    if isinstance(state, dict):
        return {key: _copied(value) for key, value in state.items()}
    return type(state)(map(_copied, state)) if isinstance(state, list | tuple) else state
