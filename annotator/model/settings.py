"""What the owner of a workspace decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace's owner can set."""

    method: str = "ensemble"
    regime: str = "auto"  # auto, frozen, finetune
    policy: str = "mix"  # a name in ssl_core.acquire
    preset: str = "photo"  # augmentation preset
    backbone: str = "auto"
    threshold: float = 0.95  # confidence from which a prediction is a pseudo-label
    steps: int = 300  # training steps of a round, each of its two models
    round_every: int = 10  # new labels that start a round; 0 = only by hand
    test_share: float = 0.1  # share of each import reserved for measuring
    seed: int = 0
    goal: float = 0.95  # test accuracy at which labeling may stop
    map_images: int = 10_000  # images drawn on the map of the Data page; 0 = no map

    @classmethod
    def read(cls, saved: Mapping[str, Any]) -> Settings:
        """Settings from saved values; those that no version here knows are passed over."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in saved.items() if key in known})
