"""The rows of a certified export: human labels, and the pseudo-labels that an audit let out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from typing_extensions import override

from annotator.model import Round
from annotator.store.database import Database
from annotator.store.outgoing.labeled import Labeled

# That a rank is among those from the first of a span up to, and without, its last
WITHIN = """EXISTS (SELECT 1 FROM json_each(:spans) AS span
    WHERE rank >= json_extract(span.value, '$[0]') AND rank < json_extract(span.value, '$[1]'))"""

AUDITED = """SELECT image_id FROM audit_row
    WHERE audit_id IN (SELECT value FROM json_each(:audits))"""

# What is released of the order, as it was frozen, but for those that a person has labeled;
# and not those that were audited; with the probabilities of its round, as long as they are kept
RELEASED = f"""INSERT INTO outgoing (image_id, class_id, source, confidence, shares)
    SELECT audit_order.image_id, audit_order.class_id, 'pseudo', CAST(score AS REAL), shares
    FROM audit_order LEFT JOIN prediction ON round_id = :round AND model = 'ssl'
      AND prediction.image_id = audit_order.image_id
    WHERE audit_id = :audit AND {WITHIN}
      AND audit_order.image_id NOT IN (SELECT image_id FROM outgoing)
      AND audit_order.image_id NOT IN ({AUDITED})
    ORDER BY rank"""


class Certified(Labeled):
    """Likewise read row by row, all of them of one moment.

    Args:
        db: of the workspace.
        of: the round whose pseudo-labels they are.
        audit: number of the audit.
        spans: ranks of its order that are let out, from each first up to, and without, the last.
        bases: numbers of the audits that it goes on from.
    """

    def __init__(
        self,
        db: Database,
        of: Round,
        audit: int,
        spans: Sequence[tuple[int, int]],
        bases: Sequence[int] = (),
    ) -> None:
        super().__init__(db, of, 0.0)
        self._audit, self._spans = audit, json.dumps(spans)
        self._audits = json.dumps([audit, *bases])

    @override
    def _add_pseudo(self) -> None:
        audits = {"audits": self._audits}
        assert self.latest
        of = {"audit": self._audit, "spans": self._spans, "round": self.latest.number}
        self.db.run(RELEASED, of | audits)
        self.db.run(
            """DELETE FROM outgoing WHERE source <> 'unclear' AND image_id IN (
                   SELECT image_id FROM audit_row
                   JOIN audit_end ON audit_end.audit_id = audit_row.audit_id
                   JOIN json_each(audit_end.evidence, '$.rows') AS told
                     ON json_extract(told.value, '$.rank') = audit_row.rank
                   WHERE audit_row.audit_id IN (SELECT value FROM json_each(:audits))
                     AND json_extract(told.value, '$.adjudicated') IS NULL)""",
            audits,
        )

    def unanswered(self) -> int:
        """How many audited images have no answer that counts, and no row; skipped ones aside."""
        return int(
            self.db.value(
                f"""SELECT COUNT(DISTINCT image_id) FROM ({AUDITED})
                    WHERE image_id NOT IN (SELECT image_id FROM outgoing)
                      AND image_id NOT IN (SELECT image_id FROM skipped_image)""",
                {"audits": self._audits},
            )
        )
