"""Acquisition: which images to ask about next. To add one: its file and a line in ACQUIRE."""

from __future__ import annotations

from ssl_core.acquire.cold_start import ColdStart
from ssl_core.acquire.entropy import entropy
from ssl_core.acquire.least_confidence import least_confidence
from ssl_core.acquire.margin import margin
from ssl_core.acquire.pool import Labels, Pool, Selection, Strategy
from ssl_core.acquire.uncertain import Uncertain
from ssl_core.acquire.uniform import Uniform
from ssl_core.errors import unknown

__all__ = ["ACQUIRE", "Labels", "Pool", "Selection", "Strategy", "strategy"]

ACQUIRE: dict[str, Strategy] = {
    "cold_start": ColdStart(),
    "entropy": Uncertain("entropy", entropy, "entropy {:.2f} nats"),
    "least_confidence": Uncertain("least_confidence", least_confidence, "doubt {:.0%}"),
    "margin": Uncertain("margin", margin, "closeness {:.2f}"),
    "random": Uniform(),
}


def strategy(name: str) -> Strategy:
    """Return the strategy called `name`.

    Raises:
        SSLError: no such strategy; the message lists them.
    """
    if name not in ACQUIRE:
        raise unknown("acquisition strategy", name, ACQUIRE)
    return ACQUIRE[name]
