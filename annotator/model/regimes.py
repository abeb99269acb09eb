"""Regimes: how much of the network a round trains."""

from __future__ import annotations

from typing import Literal

Trained = Literal["frozen", "finetune"]  # what a round has decided on
Regime = Literal["auto", Trained]  # what may be asked for

REGIMES: dict[Regime, str] = {
    "auto": "by labels, image size and hardware",
    "frozen": "a head on a frozen backbone: seconds",
    "finetune": "the whole network: minutes and more",
}
