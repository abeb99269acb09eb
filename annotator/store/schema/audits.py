"""Audits: an order that was frozen, a plan, a draw from it and its end, none of it ever changed."""

from __future__ import annotations

TABLES = (
    # plan: JSON, as evidence has it. newest: the last image, watermark: the last event, names: of
    # the classes by id, all of them as they were when the order was frozen
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT, round_id INTEGER NOT NULL REFERENCES round,
        person TEXT NOT NULL, planned REAL NOT NULL, plan TEXT NOT NULL, plan_hash TEXT NOT NULL,
        newest INTEGER NOT NULL, watermark INTEGER NOT NULL, names TEXT NOT NULL) STRICT""",
    # rank: from 0, the surest first. score: the decimal that it was ordered by
    """CREATE TABLE audit_order (
        audit_id INTEGER NOT NULL REFERENCES audit, rank INTEGER NOT NULL,
        image_id INTEGER NOT NULL REFERENCES image, class_id INTEGER NOT NULL REFERENCES class,
        score TEXT NOT NULL, PRIMARY KEY (audit_id, rank)) STRICT, WITHOUT ROWID""",
    # seed: digits, more than a number of SQLite holds. watermark: answers with a higher id count
    """CREATE TABLE audit_draw (
        audit_id INTEGER PRIMARY KEY REFERENCES audit, seed TEXT NOT NULL, numpy TEXT NOT NULL,
        at REAL NOT NULL, watermark INTEGER NOT NULL) STRICT""",
    """CREATE TABLE audit_row (
        audit_id INTEGER NOT NULL REFERENCES audit, place INTEGER NOT NULL,
        rank INTEGER NOT NULL, image_id INTEGER NOT NULL REFERENCES image,
        PRIMARY KEY (audit_id, place)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX audit_row_image ON audit_row (image_id)",
    # evidence: JSON; empty where the audit was canceled. watermark: from then on labels teach
    """CREATE TABLE audit_end (
        audit_id INTEGER PRIMARY KEY REFERENCES audit, at REAL NOT NULL, person TEXT NOT NULL,
        how TEXT NOT NULL CHECK (how IN ('closed', 'canceled')),
        watermark INTEGER NOT NULL, evidence TEXT NOT NULL) STRICT""",
)


def _kept(table: str) -> tuple[str, ...]:
    return tuple(
        f"""CREATE TRIGGER {table}_kept_{act.lower()} BEFORE {act} ON {table}
            BEGIN SELECT RAISE(ABORT, 'audits are append-only'); END"""
        for act in ("UPDATE", "DELETE")
    )


def _refused(table: str, name: str, when: str, why: str) -> str:
    return f"""CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {when}
        BEGIN SELECT RAISE(ABORT, '{why}'); END"""


DRAWN = "EXISTS (SELECT 1 FROM audit_draw WHERE audit_id = NEW.audit_id)"
ENDED = "EXISTS (SELECT 1 FROM audit_end WHERE audit_id = NEW.audit_id)"

# What makes the proof is the order of these steps, so the file itself sees to it
ORDER = (
    _refused(
        "audit",
        "alone",
        "EXISTS (SELECT 1 FROM audit WHERE id NOT IN (SELECT audit_id FROM audit_end))",
        "another audit is open",
    ),
    _refused("audit_order", "before_draw", DRAWN, "an order is frozen before its seed is drawn"),
    _refused("audit_draw", "open", ENDED, "an audit that has ended is not drawn"),
    _refused(
        "audit_draw",
        "after_plan",
        "NEW.at < (SELECT planned FROM audit WHERE id = NEW.audit_id)",
        "a seed is drawn after the plan",
    ),
    _refused("audit_row", "of_draw", f"NOT {DRAWN} OR {ENDED}", "rows are drawn by a seed"),
)

AUDITS = (
    *TABLES,
    *(
        trigger
        for table in ("audit", "audit_order", "audit_draw", "audit_row", "audit_end")
        for trigger in _kept(table)
    ),
    *ORDER,
)
