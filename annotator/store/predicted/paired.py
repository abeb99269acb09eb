"""Which classes two models say of the same images: counted as a round ends, less what is labeled.

What rounds say never changes, and few of their images have been labeled since. Where nothing was
counted, as by an earlier version, all images are gone through.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

from annotator.model import Model
from annotator.store.database import Database
from annotator.store.finding.counting import FORMER

Pairs = dict[tuple[int, int], int]  # (class by the one, class by the other) -> images

EVERY = 0.0  # a confidence that all predictions have

COUNTED = """SELECT own_now.now, other_now.now, SUM(n) FROM pair_count
    JOIN class_now AS own_now ON own_now.id = class_id
    JOIN class_now AS other_now ON other_now.id = other_id
    WHERE round_id = :round AND beside = :beside GROUP BY 1, 2"""

# Of these the images that were labeled before or since
LABELED = """SELECT own_now.now, other_now.now, COUNT(*) FROM current_label AS label
    CROSS JOIN image ON image.id = label.image_id AND image.split = 'pool'
    CROSS JOIN prediction AS own ON own.round_id = :round AND own.model = 'ssl'
        AND own.image_id = label.image_id AND own.confidence >= :threshold
    CROSS JOIN prediction AS other ON other.round_id = :other AND other.model = :model
        AND other.image_id = label.image_id AND other.confidence >= :least
    JOIN class_now AS own_now ON own_now.id = own.class_id
    JOIN class_now AS other_now ON other_now.id = other.class_id GROUP BY 1, 2"""

EACH = """SELECT own_now.now, other_now.now, COUNT(*)
    FROM prediction AS own JOIN class_now AS own_now ON own_now.id = own.class_id
    JOIN prediction AS other ON other.image_id = own.image_id
        AND other.round_id = :other AND other.model = :model AND other.confidence >= :least
    JOIN class_now AS other_now ON other_now.id = other.class_id
    WHERE own.round_id = :round AND own.model = 'ssl' AND own.confidence >= :threshold
      AND own.image_id NOT IN (SELECT id FROM image WHERE split < 'pool' OR split > 'pool')
      AND own.image_id NOT IN (SELECT image_id FROM current_label) GROUP BY 1, 2"""

# Whether they were counted, of the same rounds and by the same thresholds; what the round before
# said is kept only of the newest
KNOWN = f"""SELECT 1 FROM pair_count WHERE round_id = :round AND beside = :beside AND class_id = 0
    AND (:beside = 'baseline' OR (
        :round = (SELECT MAX(id) FROM round WHERE finished IS NOT NULL)
        AND :threshold = (SELECT threshold FROM round WHERE id = :round)
        AND :least = (SELECT threshold FROM round WHERE id = :other)
        AND :other = {FORMER}))"""


class Against(NamedTuple):
    """What a round is held against."""

    kind: Literal["baseline", "before"]
    number: int  # of the round whose model it is
    model: Model
    least: float  # confidence of it from which an image counts


def pairs(db: Database, number: int, threshold: float, beside: Against) -> Pairs:
    """Unlabeled images of the pool that both predicted, by what a round says and what the other.

    Args:
        db: of the workspace.
        number: of the round.
        threshold: confidence of it from which an image counts.
        beside: the other.
    """
    values = {
        "round": number,
        "threshold": threshold,
        "beside": beside.kind,
        "other": beside.number,
        "model": beside.model,
        "least": beside.least,
    }

    def found(query: str) -> Counter[tuple[int, int]]:
        return Counter({(own, other): n for own, other, n in db.each(query, values)})

    return dict(found(COUNTED) - found(LABELED) if db.value(KNOWN, values) else found(EACH))
