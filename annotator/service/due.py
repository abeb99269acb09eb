"""A round that starts by itself: once enough labels are in, and no other waits or runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from annotator.asking.answers import round_due
from annotator.catalog.checks import round_request
from annotator.model import Job
from annotator.store import Store


def start(
    store: Store,
    method: str | None = None,
    regime: str | None = None,
    params: Mapping[str, Any] | None = None,
) -> Job:
    """Queue a round on what there is now; settings fill what is not asked for.

    Raises:
        AnnotatorError: an unknown method or hyper-parameter, or a value out of range.
        RoundError: it cannot learn yet, or another one waits or runs.
    """
    with store.db.immediate():
        request = round_request(store, method, regime, params or {})
        return store.jobs.add("round", asdict(request))


def start_due(store: Store) -> Job | None:
    """Queue a round if one is due; None if none is.

    Asked after each label, and by the worker when a round has ended: labels that came in while it
    ran may be enough for the next.

    Raises:
        AnnotatorError: it is due but cannot start, as `start` says.
    """
    return start(store) if round_due(store) else None
