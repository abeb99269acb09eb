"""What an export holds: each human label, and each pseudo-label that is confident enough."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from annotator.measuring.accuracy import points
from annotator.measuring.doubt import doubt
from annotator.model import CurvePoint, Doubt, Round
from annotator.store import Store
from annotator.store.outgoing.labeled import Labeled, pseudo_by_class
from annotator.wording import many


def export_rows(store: Store, latest: Round | None, threshold: float) -> Labeled:
    """Human labels by image, then the round's pseudo-labels, surest first: enter to read them."""
    return Labeled(store.db, latest, threshold)


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
        # Whose classes the pseudo-labels are, where labels did not show that the method knew more
        **({"answered_by": latest.answered_by} if latest.answered_by else {}),
        "regime": latest.regime,
        "model": latest.model_hash,
        "seed": latest.seed,
        "threshold": threshold,
    }


def measured(store: Store, point: CurvePoint | None) -> dict[str, Any]:
    """How right a round's model is, for the file beside the rows; empty where nobody can tell."""
    if point is None:
        return {}
    return {
        "accuracy": {
            "value": point.accuracy,
            "interval": [point.low, point.high],
            "test_images": point.n,
            "could_not_be_judged": sum(store.beside.counts("test")),
        }
    }


def doubted(store: Store, latest: Round, point: CurvePoint | None, threshold: float) -> Doubt:
    """What speaks against the round's pseudo-labels of this confidence or more."""
    given = store.labels.by_class()
    human = {each.name: given.get(each.id, 0) for each in store.classes.active()}
    sure = [
        each
        for each in store.results.judged(threshold)
        if (each.round, each.model) == (latest.number, "ssl")
    ]
    names = {each.id: each.name for each in store.classes.all()}
    counts = pseudo_by_class(store.db, latest, threshold)
    pseudo = {names[class_id]: n for class_id, n in counts.items()}
    return doubt(sure, point, threshold, human, pseudo)


def point_of(store: Store, latest: Round) -> CurvePoint | None:
    """How right the round's model is on the test labels of now; None where nobody can tell."""
    for point in points(store.results.judged()):
        if (point.round, point.model) == (latest.number, "ssl"):
            return point
    return None


def without_a_row(put_off: int, marked: int) -> list[str]:
    """Sentences on what somebody said something of that has no row in an export."""
    said = []
    if put_off:
        images = many(put_off, "image was", "images were")
        said.append(f"{images} put off (skipped): no row of these, and no pseudo-label.")
    if marked:
        images = many(marked, "image has", "images have")
        said.append(
            f"{images} a flag or a note, and no label yet, so no row: Data lists these as flagged "
            "and noted."
        )
    return said


def without_an_answer(audited: int) -> list[str]:
    """A sentence on audited images that have no row in a certified export."""
    if not audited:
        return []
    images = many(audited, "audited image was", "audited images were")
    return [
        f"{images} left out, as no answer counts there: nobody answered before the audit was "
        "closed, or answers differ and nobody looked twice. So neither the pseudo-label nor a "
        "label since is in the export."
    ]
