"""The rows of a certified export: human labels, and the pseudo-labels that an audit let out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from typing_extensions import override

from annotator.model import Round
from annotator.store.database import Database
from annotator.store.outgoing.labeled import Labeled

# The first :released of the order, as they were frozen, but for those that a person has labeled;
# and not those that were audited: where nobody could tell, nothing is exported
RELEASED = """INSERT INTO outgoing (image_id, class_id, source, confidence)
    SELECT image_id, class_id, 'pseudo', CAST(score AS REAL) FROM audit_order
    WHERE audit_id = :audit AND rank < :released
      AND image_id NOT IN (SELECT image_id FROM outgoing)
      AND image_id NOT IN (SELECT image_id FROM audit_row
                           WHERE audit_id IN (SELECT value FROM json_each(:audits)))
    ORDER BY rank"""


class Certified(Labeled):
    """Likewise read row by row, all of them of one moment.

    Args:
        db: of the workspace.
        of: the round whose pseudo-labels they are.
        audit: number of the audit.
        released: how many of its order are let out.
        bases: numbers of the audits that it goes on from.
    """

    def __init__(
        self, db: Database, of: Round, audit: int, released: int, bases: Sequence[int] = ()
    ) -> None:
        super().__init__(db, of, 0.0)
        self._audit, self._released = audit, released
        self._audits = json.dumps([audit, *bases])

    @override
    def _add_pseudo(self) -> None:
        audits = {"audits": self._audits}
        self.db.run(RELEASED, {"audit": self._audit, "released": self._released} | audits)
        self.db.run(
            """DELETE FROM outgoing WHERE image_id IN (
                   SELECT image_id FROM audit_row
                   JOIN audit_end ON audit_end.audit_id = audit_row.audit_id
                   JOIN json_each(audit_end.evidence, '$.rows') AS told
                     ON json_extract(told.value, '$.rank') = audit_row.rank
                   WHERE audit_row.audit_id IN (SELECT value FROM json_each(:audits))
                     AND json_extract(told.value, '$.adjudicated') IS NULL)""",
            audits,
        )
