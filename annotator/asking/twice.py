"""Images that are asked once more: which of the questions ahead, and what an answer changes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress

from annotator.model import Again, Settings
from annotator.store import Store
from annotator.store.holding.again import FILL
from annotator.store.twice.table import wanted

CATCH_UP = 0.1  # of the questions, beyond those that keep pace: who comes later finds some waiting
AT_MOST = 0.6  # of the questions


def most(n: int, settings: Settings) -> int:
    """Of `n` questions ahead of a page those that may be asked once more, where there are any.

    Of s more opinions and r repeats to each answer, s + r of every 1 + s + r questions keep pace.
    """
    if not wanted(settings):
        return 0
    added = settings.second_opinions * (settings.opinions - 1) + settings.repeats
    return min(math.ceil(n * min(added / (1 + added) + CATCH_UP, AT_MOST)), n - 1)


def again(
    store: Store, annotator: str, n: int, settings: Settings
) -> tuple[list[tuple[int, Again]], int]:
    """What a person may be asked once more, and of `n` questions ahead of a page how many.

    An open audit's planted questions come before all others: who answers cannot tell them apart.
    """
    ahead = most(n, settings)
    others = store.twice.open_to(annotator, max(ahead, FILL), settings)
    planted = store.audits.planted_waiting(annotator, FILL)
    if not planted:
        return others, ahead
    taken = {image_id for image_id, _ in planted}
    rest = [each for each in others if each[0] not in taken]
    return [*planted, *rest], min(max(ahead, FILL), n - 1)


def note(store: Store, image_ids: Iterable[int]) -> None:
    """Work out whether these images, which were just answered, may be asked once more.

    Settings that cannot be read ask nothing twice: an answer is stored whatever they are.
    """
    with suppress(TypeError, ValueError):
        store.twice.refresh(image_ids, store.settings.get())
