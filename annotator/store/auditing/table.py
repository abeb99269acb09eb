"""Plans, frozen orders, draws and ends of audits, each written once."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.model import Again
from annotator.model.auditing.audits import Audit, AuditRow, AuditState, Planted
from annotator.store.auditing.answers import said
from annotator.store.auditing.grouped import any_group, grouped, numbered
from annotator.store.auditing.planted import planted, waiting
from annotator.store.database import Database, Numbers, Row
from annotator.store.outgoing.certified import WITHIN
from annotator.store.views import AUDITED, FOREVER, LABELS_AS_OF, REJECTED

AUDITS = """SELECT audit.*, audit_draw.seed, audit_draw.numpy, audit_draw.at AS drawn,
        audit_draw.watermark AS asked_after, audit_end.at AS ended, audit_end.how,
        audit_end.evidence
    FROM audit LEFT JOIN audit_draw ON audit_draw.audit_id = audit.id
    LEFT JOIN audit_end ON audit_end.audit_id = audit.id"""


class Audits:
    """One audit at a time is open."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def plan(
        self,
        *,
        round_number: int,
        person: str,
        plan: Mapping[str, Any],
        plan_hash: str,
        planned: float,
        newest: int,
        watermark: int,
        names: Mapping[int, str],
    ) -> int:
        """Write a plan, whose order is frozen in the same transaction; return its number.

        Raises:
            IntegrityError: another audit is open.
        """
        with self.db.immediate():
            self.db.run(
                """INSERT INTO audit (round_id, person, planned, plan, plan_hash, newest, watermark,
                                      names)
                   VALUES (:round, :person, :planned, :plan, :hash, :newest, :watermark, :names)""",
                {
                    "round": round_number,
                    "person": person,
                    "planned": planned,
                    "plan": json.dumps(dict(plan)),
                    "hash": plan_hash,
                    "newest": newest,
                    "watermark": watermark,
                    "names": json.dumps(dict(names)),
                },
            )
            return int(self.db.value("SELECT MAX(id) FROM audit"))

    def answered_since(self, number: int) -> bool:
        """Whether an image of the order was labeled after the order was frozen."""
        return bool(
            self.db.value(
                """SELECT 1 FROM audit JOIN audit_order ON audit_order.audit_id = audit.id
                   JOIN event ON event.image_id = audit_order.image_id
                   WHERE audit.id = :audit AND event.id > audit.watermark LIMIT 1""",
                {"audit": number},
            )
        )

    def draw(self, number: int, seed: str, numpy: str, ranks: Sequence[int]) -> None:
        """Write the seed, and which ranks it drew, in the order of the draw."""
        with self.db.immediate():
            self.db.run(
                """INSERT INTO audit_draw (audit_id, seed, numpy, at, watermark)
                   SELECT id, :seed, :numpy, MAX(:now, planned),
                          (SELECT COALESCE(MAX(id), 0) FROM event)
                   FROM audit WHERE id = :audit""",
                {"audit": number, "seed": seed, "numpy": numpy, "now": time.time()},
            )
            self.db.run_many(
                """INSERT INTO audit_row (audit_id, place, rank, image_id)
                   SELECT audit_id, :place, rank, image_id FROM audit_order
                   WHERE audit_id = :audit AND rank = :rank""",
                (
                    {"audit": number, "place": place, "rank": rank}
                    for place, rank in enumerate(ranks)
                ),
            )

    def end(self, number: int, *, person: str, at: float, evidence: Mapping[str, Any]) -> None:
        """Close an audit with its evidence, or cancel it where there is none."""
        self.db.run(
            """INSERT INTO audit_end (audit_id, at, person, how, watermark, evidence)
               VALUES (:audit, :at, :person, :how, (SELECT COALESCE(MAX(id), 0) FROM event),
                       :evidence)""",
            {
                "audit": number,
                "at": at,
                "person": person,
                "how": "closed" if evidence else "canceled",
                "evidence": json.dumps(dict(evidence)) if evidence else "",
            },
        )

    def all(self) -> list[Audit]:
        """Every audit, oldest first."""
        return [_audit(row) for row in self.db.rows(f"{AUDITS} ORDER BY audit.id")]

    def current(self) -> Audit | None:
        """The audit that is planned or open."""
        row = self.db.row(f"{AUDITS} WHERE audit_end.audit_id IS NULL")
        return _audit(row) if row else None

    def last_closed(self) -> Audit | None:
        """The newest audit that was closed."""
        row = self.db.row(f"{AUDITS} WHERE how = 'closed' ORDER BY audit.id DESC")
        return _audit(row) if row else None

    def planned_as(self, plan_hash: str | None) -> Audit | None:
        """The audit whose plan has that hash."""
        row = self.db.row(f"{AUDITS} WHERE audit.plan_hash = :hash", {"hash": plan_hash})
        return _audit(row) if row else None

    def standing(self) -> Audit | None:
        """The audit whose certificate stands: the newest, or what it failed to go on from."""
        audit = self.last_closed()
        while audit and audit.evidence and audit.evidence["k"] == 0 and audit.plan.get("extends"):
            audit = self.planned_as(audit.plan["extends"])
        return audit

    def rows(self, number: int) -> list[AuditRow]:
        """The drawn images in the order of the draw, with what was said of each."""
        rows = self.db.rows(
            """SELECT audit_row.rank, audit_row.image_id, image.sha256, audit_order.class_id
               FROM audit_row JOIN image ON image.id = audit_row.image_id
               JOIN audit_order ON audit_order.audit_id = audit_row.audit_id
                 AND audit_order.rank = audit_row.rank
               WHERE audit_row.audit_id = :audit ORDER BY place""",
            {"audit": number},
        )
        blind, second, passed = said(self.db, number)
        return [
            AuditRow(
                **row,
                blind=tuple(blind.get(row["image_id"], ())),
                second=tuple(second.get(row["image_id"], ())),
                passed=row["image_id"] in passed,
            )
            for row in rows
        ]

    def planted(self, number: int) -> list[Planted]:
        """The images of known answer that an audit asks about besides, with what was said."""
        return planted(self.db, number)

    def planted_waiting(self, person: str, n: int) -> list[tuple[int, Again]]:
        """At most `n` of these that the open audit has yet to ask, and as what they come."""
        return waiting(self.db, person, n)

    def grouped(self, image_ids: Numbers) -> tuple[int, int]:
        """How many of these images belong with others of them, and in how many groups."""
        return grouped(self.db, image_ids)

    def numbered(self, image_ids: Numbers) -> Numbers:
        """The group of each of these images, numbered as they appear; one alone is a group too."""
        return numbered(self.db, image_ids)

    def any_group(self) -> bool:
        """Whether two images of the pool belong together."""
        return any_group(self.db)

    def waiting(self) -> list[int]:
        """The images that the open audit has yet to ask about, in the order of the draw."""
        found = self.current()
        if found is None or found.state != "open":
            return []
        return [each.image_id for each in self.rows(found.number) if each.waits]

    def turned_down(self, number: int, spans: Sequence[tuple[int, int]]) -> int:
        """How many rows of these ranks somebody has said no to since, and given no label."""
        return int(
            self.db.value(
                f"""SELECT COUNT(*) FROM audit_order
                    JOIN class_now ON class_now.id = audit_order.class_id
                    WHERE audit_id = :audit AND {WITHIN}
                      AND (image_id, class_now.now) IN ({REJECTED})
                      AND image_id NOT IN (SELECT image_id FROM current_label)""",
                {"audit": number, "spans": json.dumps(spans)},
            )
        )

    def asked(self) -> list[int]:
        """The images that the open audit asks about, answered or not."""
        return [row["image_id"] for row in self.db.rows(AUDITED, {"watermark": FOREVER})]

    def kept(self, watermark: int = FOREVER) -> int:
        """How many labels of `watermark` no round may learn from before the audit has ended."""
        if self.current() is None:
            return 0
        return int(
            self.db.value(
                f"""SELECT COUNT(*) FROM ({LABELS_AS_OF})
                    WHERE image_id IN ({AUDITED.replace(":watermark", str(FOREVER))})""",
                {"watermark": watermark},
            )
        )


def _audit(row: Row) -> Audit:
    state: AuditState = row["how"] or ("planned" if row["seed"] is None else "open")
    return Audit(
        number=row["id"],
        state=state,
        round=row["round_id"],
        person=row["person"],
        planned=row["planned"],
        plan=json.loads(row["plan"]),
        plan_hash=row["plan_hash"],
        newest=row["newest"],
        watermark=row["watermark"],
        names={int(key): name for key, name in json.loads(row["names"]).items()},
        seed=row["seed"],
        numpy=row["numpy"],
        drawn=row["drawn"],
        ended=row["ended"],
        evidence=json.loads(row["evidence"]) if row["evidence"] else None,
    )
