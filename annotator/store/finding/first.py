"""Guesses that come first in each order: kept as a round ends, for a page goes through few.

Each order has a place for each guess. As classes become one, guesses agree that did not, and
their place moves back, never forward: so whatever comes before the last one kept is among those
kept. Labels that are withdrawn come back to where they were: so those of labeled images are kept
as well.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotator.model import GuessOrder
from annotator.store.database import Database, Numbers
from annotator.store.finding.telling import NOTHING, Told

KEPT: Final = 5_000  # guesses of unlabeled images in each order: two hundred pages

KNOWN = "SELECT image_id FROM first_guess WHERE round_id = :round AND sorted_by = '{0}'"
# None of a threshold below the round's: there are more guesses than those that were looked at
LAST = """SELECT place, image_id FROM first_guess WHERE round_id = :round AND sorted_by = '{0}'
    AND :threshold >= (SELECT threshold FROM round WHERE id = :round)
    ORDER BY place DESC, image_id DESC LIMIT 1"""
# Contradicted guesses have places below 0: if another is kept, then so are they all
COMPLETE = f"SELECT place > 0 FROM ({LAST})"


def keep(db: Database, number: int, told: Told) -> None:
    """Write those that come first, in place of the round before's.

    The caller holds the transaction.
    """
    db.run("DELETE FROM first_guess")
    labeled = db.numbers("SELECT image_id FROM current_label")
    sure = told.confident
    images, is_open = told.image[sure], ~np.isin(told.image[sure], labeled)
    for order, places in _places(told).items():
        place = places[sure]
        by_place = np.argsort(place, kind="stable")  # ties by image: that is how they come
        nth = int(np.searchsorted(np.cumsum(is_open[by_place]), KEPT)) + 1
        first = by_place[:nth]
        found = zip(place[first].tolist(), images[first].tolist(), strict=True)
        rows = [(number, order, *row) for row in found]
        db.insert("first_guess", rows)


def _places(told: Told) -> dict[GuessOrder, NDArray[np.float64]]:
    """Of each order where guesses (n,) come, least first: as pages sort them.

    Of classes as the round knew them.
    """
    return {
        "uncertain": told.sure,
        "confidence": -told.sure,
        "rounds": _against(told, told.former, told.former_sure),
        "models": _against(told, told.plain, told.plain_sure),
        "remote": -told.distance,
    }


def _against(told: Told, others: Numbers, sure: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where((others > NOTHING) & (others != told.own), -sure, told.sure)
