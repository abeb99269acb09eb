"""What is asked for, checked before anything starts: settings, and whether a round can learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator import catalog
from annotator.errors import AnnotatorError, RoundError, unknown
from annotator.model import Settings
from annotator.store import Store
from annotator.store.classes import tidy

REGIMES = ("auto", "frozen", "finetune")
LIMITS = {
    "threshold": (0.0, 1.0),
    "test_share": (0.0, 0.9),
    "round_every": (0, 10**6),
    "steps": (1, 10**7),
    "goal": (0.5, 1.0),
    "map_images": (0, 10**5),
    "seed": (0, 2**31 - 1),
}


def check_new(classes: Sequence[str], settings: Settings) -> None:
    """Raise AnnotatorError if no workspace can be made of these, before any of it is on disk."""
    check_settings(settings)
    names = [tidy(name) for name in classes]
    seen: set[bytes] = set()
    for name in names:
        folded = name.encode().lower()  # as SQLite compares: only A to Z have two cases
        if folded in seen:
            raise AnnotatorError(f"The class '{name}' is named twice. Name each class once.")
        seen.add(folded)


def check_settings(settings: Settings) -> None:
    """Raise AnnotatorError if a name is unknown or a number out of range."""
    choices = {
        "method": [info.name for info in catalog.methods()],
        "regime": REGIMES,
        "policy": catalog.policies(),
        "preset": catalog.presets(),
        "backbone": ("auto", *catalog.backbones()),
    }
    for name, known in choices.items():
        value = getattr(settings, name)
        if value not in known:
            raise AnnotatorError(unknown(name, value, known))
    for name, (low, high) in LIMITS.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise AnnotatorError(f"{name} is {value}; it must lie between {low} and {high}.")


def round_params(
    store: Store, method: str | None, regime: str | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """The parameters of a round's job, with the settings where nothing is asked for.

    Raises:
        AnnotatorError: a name or a hyper-parameter is wrong.
        RoundError: there is too little to learn from.
    """
    settings = store.classes.settings()
    method, regime = method or settings.method, regime or settings.regime
    if regime not in REGIMES:
        raise RoundError(unknown("regime", regime, REGIMES))
    checked = catalog.check(method, params)
    counts = store.labels.by_class("pool")
    if len(counts) < 2:
        names = {each.id: each.name for each in store.classes.all()}
        only = f", all '{names[next(iter(counts))]}'" if counts else ""
        raise RoundError(
            f"A round needs labels of at least two classes to learn from; there are "
            f"{sum(counts.values())} so far{only}. Label some images first."
        )
    watermark = store.labels.watermark()
    return {"method": method, "regime": regime, "params": checked, "watermark": watermark}
