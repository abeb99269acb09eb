"""Rows of the tables that later steps brought, as those steps' versions wrote them."""

import sqlite3

DAY = 1_750_000_000.0  # unix seconds, UTC


def insert(db: sqlite3.Connection, table: str, rows: list[dict]) -> None:
    """Write rows of one table."""
    names = ", ".join(rows[0])
    places = ", ".join(f":{name}" for name in rows[0])
    db.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def audits(db: sqlite3.Connection) -> None:
    """One that was closed, in the order in which it is written."""
    insert(
        db,
        "audit",
        [{"id": 1, "round_id": 1, "person": "anna", "planned": DAY + 70, "plan": '{"m": 2}',
          "plan_hash": "a" * 64, "newest": 40, "watermark": 23, "names": '{"1": "normal"}'}],
    )  # fmt: skip
    insert(
        db,
        "audit_order",
        [{"audit_id": 1, "rank": rank, "image_id": 38 + rank, "class_id": 1, "score": "0.9"}
         for rank in range(2)],
    )  # fmt: skip
    insert(
        db,
        "audit_draw",
        [{"audit_id": 1, "seed": str(2**100), "numpy": "2.0", "at": DAY + 71, "watermark": 23}],
    )
    insert(
        db,
        "audit_row",
        [{"audit_id": 1, "place": place, "rank": 1 - place, "image_id": 39 - place}
         for place in range(2)],
    )  # fmt: skip
    insert(
        db,
        "audit_end",
        [{"audit_id": 1, "at": DAY + 72, "person": "anna", "how": "closed", "watermark": 23,
          "evidence": '{"rows": []}'}],
    )  # fmt: skip


def pages(db: sqlite3.Connection) -> None:
    """One that somebody has open."""
    insert(
        db,
        "open_page",
        [{"client": "tab 0", "annotator": "anna", "shown": 32, "turn": 1.0, "until": DAY}],
    )


def twice(db: sqlite3.Connection) -> None:
    """An image that a second person was asked."""
    insert(db, "ask_twice", [{"kind": "second", "person": "anna", "event_id": 2, "image_id": 2}])


def doubts(db: sqlite3.Connection) -> None:
    """A label that a round doubts."""
    insert(
        db,
        "doubted",
        [{"round_id": 1, "image_id": 2, "label_id": 1, "class_id": 2, "confidence": 0.9,
          "own": 0.1}],
    )  # fmt: skip


def counted(db: sqlite3.Connection) -> None:
    """How many sure guesses of a class a round had."""
    counts = {"round_id": 1, "class_id": 2, "baseline_id": 1, "before_id": 0, "n": 7}
    insert(db, "guess_count", [counts])


def paired(db: sqlite3.Connection) -> None:
    """How often a round's word and its baseline's stood side by side."""
    pair = {"round_id": 1, "beside": "baseline", "class_id": 2, "other_id": 1, "n": 7}
    insert(db, "pair_count", [pair])


def ordered(db: sqlite3.Connection) -> None:
    """A guess that came first."""
    guess = {"round_id": 1, "sorted_by": "uncertain", "place": 0.95, "image_id": 2}
    insert(db, "first_guess", [guess])


def parts(db: sqlite3.Connection) -> None:
    """A part of the round that was done."""
    part = {"job_id": 1, "place": 0, "name": "training", "kind": "t", "amount": 300, "done": 300}
    known = {"seconds": 12.5, "usual": 0.1, "remembered": 1, "course": "[0.5]", "at": DAY}
    insert(db, "job_part", [part | known])
