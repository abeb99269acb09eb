"""The rows of a certified export: human labels, and the pseudo-labels that an audit let out."""

from __future__ import annotations

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
      AND image_id NOT IN (SELECT image_id FROM audit_row WHERE audit_id = :audit)
    ORDER BY rank"""


class Certified(Labeled):
    """Likewise read row by row, all of them of one moment.

    Args:
        db: of the workspace.
        of: the round whose pseudo-labels they are.
        audit: number of the audit.
        released: how many of its order are let out.
    """

    def __init__(self, db: Database, of: Round, audit: int, released: int) -> None:
        super().__init__(db, of, 0.0)
        self._audit, self._released = audit, released

    @override
    def _add_pseudo(self) -> None:
        self.db.run(RELEASED, {"audit": self._audit, "released": self._released})
        self.db.run(
            """DELETE FROM outgoing WHERE image_id IN (
                   SELECT image_id FROM audit_row
                   JOIN audit_end ON audit_end.audit_id = audit_row.audit_id
                   JOIN json_each(audit_end.evidence, '$.rows') AS told
                     ON json_extract(told.value, '$.rank') = audit_row.rank
                   WHERE audit_row.audit_id = :audit
                     AND json_extract(told.value, '$.adjudicated') IS NULL)""",
            {"audit": self._audit},
        )
