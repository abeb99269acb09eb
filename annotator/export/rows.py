"""What an export holds: each human label, and each pseudo-label that is confident enough."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from annotator.model import ExportRow, Round
from annotator.store import Store


def export_rows(store: Store, latest: Round | None, threshold: float) -> list[ExportRow]:
    """Human labels by image, then the round's pseudo-labels, surest first."""
    names = {each.id: each.name for each in store.classes.all()}
    images = {image.id: image for image in store.images.all()}
    rows = [
        ExportRow(
            image=images[each.image_id],
            label=names[each.class_id],
            source="human",
            confidence=None,
            round=None,
            model=None,
            annotator=each.annotator,
            at=each.at,
            reason=each.reason,
            split=images[each.image_id].split,
        )
        for each in store.labels.current()
    ]
    if latest is None:
        return rows
    rows += [
        ExportRow(
            image=images[each.image_id],
            label=names[each.class_id],
            source="pseudo",
            confidence=each.confidence,
            round=latest.number,
            model=latest.model_hash,
            annotator=None,
            at=None,
            split=images[each.image_id].split,
        )
        for each in store.results.pseudo_labels(latest.number, threshold)
    ]
    return rows


def provenance(
    workspace: str, latest: Round | None, threshold: float, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Where an export comes from, for the file beside it."""
    made = {
        "workspace": workspace,
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "certilabel": version("certilabel"),
        "settings": dict(settings),
    }
    if latest is None:
        return made
    return made | {
        "round": latest.number,
        "method": latest.method,
        "regime": latest.regime,
        "model": latest.model_hash,
        "seed": latest.seed,
        "threshold": threshold,
    }
