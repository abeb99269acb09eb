"""Databases as each earlier version left them: built by its own steps, and filled as it did."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlite_utils

from annotator.store.migrations import MIGRATIONS, apply
from annotator.store.schema.brief import kept
from tests.annotator.store.old_rows import (
    DAY,
    audits,
    counted,
    doubts,
    insert,
    ordered,
    pages,
    paired,
    parts,
    twice,
)

EARLIER = range(1, len(MIGRATIONS))
IMAGES = 40
NAMES = ("Ödem", "normal", "quote ' and \" and ;", "gone")
FORMERLY = "canceled".replace("led", "lled")  # how the first two schemas spelled the state
RANDOM, CLOSE = "chosen at random", "a close call: 0.51 against 0.49"


def build(path: Path, schema: int) -> None:
    """A database of that schema with rows in every table that it has."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        db = sqlite_utils.Database(connection)
        connection.execute(
            "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT, applied REAL)"
        )
        for number, step in enumerate(MIGRATIONS[:schema], 1):
            apply(db, number, step)
        connection.execute("BEGIN")
        _fill(connection, schema)
        connection.execute("COMMIT")


def dump(path: Path) -> dict[str, list[dict]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in tables
        }


def _fill(db: sqlite3.Connection, schema: int) -> None:
    insert(db, "setting", [{"key": "steps", "value": "120"}, {"key": "of_another", "value": "[]"}])
    insert(
        db,
        "class",
        [
            {
                "id": i,
                "name": name,
                "added": DAY + i,
                "removed": DAY + 9 if name == "gone" else None,
            }
            for i, name in enumerate(NAMES, 1)
        ],
    )
    insert(
        db,
        "image",
        [
            {
                "id": i, "sha256": f"{i:064x}", "name": f"süd/{i:03d}.png", "note": "x" * (i % 3),
                **_lies(f"images/{i % 2:02x}/{i:064x}.png", f"{i:064x}", schema),
                "width": 100 + i, "height": 90,
                "split": "test" if i % 5 == 0 else "pool", "draw": i / 41, "added": DAY,
            }
            for i in range(1, IMAGES + 1)
        ],
    )  # fmt: skip
    _events(db)
    _queue(db)
    _jobs(db, FORMERLY if schema < 3 else "canceled")
    _rounds(db)
    if schema >= 2:
        _near_duplicates(db, "twin" if schema < 3 else "near_duplicate")
    for name, fill in SINCE.items():
        if has_step(name, schema):
            fill(db)


def _lies(stored: str, sha256: str, schema: int) -> dict[str, str]:
    """Where an image lies, as it is kept."""
    return {"kept": kept(stored, sha256)} if has_step("brief", schema) else {"stored": stored}


def has_step(name: str, schema: int) -> bool:
    """Whether a schema of this number has had that step: where it stands is not told twice."""
    return name in {step.__name__ for step in MIGRATIONS[:schema]}


def _near_duplicates(db: sqlite3.Connection, twin: str) -> None:
    """Two that show one picture, the second of them a test image too."""
    insert(
        db,
        twin,
        [
            {"image_id": 1, "first_id": 1, "test_id": None},
            {"image_id": 9, "first_id": 1, "test_id": 5},
        ],
    )
    insert(db, f"{twin}_search", [{"id": 1, "images": 33}])
    db.execute("UPDATE queue SET picked = 1 WHERE image_id = 31")


def _drawn(db: sqlite3.Connection) -> None:
    """What was drawn at random is marked as that."""
    db.execute("UPDATE queue SET drawn = 1 WHERE reason = ?", [RANDOM])


def _changes(db: sqlite3.Connection) -> None:
    """A class that somebody added."""
    change = {"at": DAY, "person": "Zoë", "kind": "add", "class_id": 1, "before": "{}"}
    insert(db, "class_change", [change | {"after": '{"name": "cat"}', "watermark": 0}])


def _documents(db: sqlite3.Connection) -> None:
    """The last image is a document of three pages, of which the second stands for it."""
    db.execute("UPDATE image SET pages = 3, face = 2, origin = 'f' WHERE id = ?", [IMAGES])
    insert(
        db,
        "page",
        [
            {
                "image_id": IMAGES, "number": n, "sha256": f"{n + 900:064x}",
                "stored": f"images/00/{n + 900:064x}.png", "size": 100 + n, "width": 10,
                "height": 20, "text": f"page {n}",
            }
            for n in (1, 2, 3)
        ],
    )  # fmt: skip


def _events(db: sqlite3.Connection) -> None:
    """Labels by two people, a second opinion, an undo, a skip, a label of a class that went."""
    kinds = [("label", i, 1 + i % 4, None) for i in range(1, 21)]
    kinds += [("label", 3, 2, None), ("undo", 4, None, 4), ("skip", 30, None, None)]
    insert(
        db,
        "event",
        [
            {
                "id": i, "client": f"tab {i % 2}", "seq": i, "kind": kind, "image_id": image,
                "class_id": class_id, "undoes": undoes, "annotator": ("anna", "Zoë")[i % 2],
                "at": DAY + i, "received": DAY + i + 0.5, "seconds": 0.25, "reason": CLOSE,
                "score": i / 100,
            }
            for i, (kind, image, class_id, undoes) in enumerate(kinds, 1)
        ],
    )  # fmt: skip
    insert(
        db,
        "refusal",
        [{"client": "tab 0", "seq": 99, "reason": "no such image", "at": DAY, "body": "{}"}],
    )


def _queue(db: sqlite3.Connection) -> None:
    insert(
        db,
        "queue",
        [
            {
                "image_id": i, "position": i - 30, "score": None if i % 2 else 0.5,
                "propensity": 0.1, "reason": RANDOM if i % 2 else CLOSE,
                "holder": "tab 0" if i == 32 else None, "until": DAY if i == 32 else 0.0,
            }
            for i in range(31, 38)
        ],
    )  # fmt: skip


def _jobs(db: sqlite3.Connection, canceled: str) -> None:
    """One in each state, and a highest id that is gone: no id may be given twice."""
    states = ["done", "failed", canceled, "done", "running", "queued"]
    insert(
        db,
        "job",
        [
            {
                "id": i, "kind": "prepare" if state == "queued" else "round", "state": state,
                "params": json.dumps({"watermark": 20}), "attempt": 2, "worker": "w-1",
                "lease_until": DAY, "progress": 0.5, "message": "epoch 3", "created": DAY + i,
                "cancel_requested": int(state == canceled), "started": DAY, "finished": None,
                "error": "the disk is full" if state == "failed" else None,
            }
            for i, state in enumerate(states, 1)
        ],
    )  # fmt: skip
    db.execute("UPDATE sqlite_sequence SET seq = 77 WHERE name = 'job'")
    insert(
        db,
        "worker",
        [{"id": "w-1", "pid": 1, "host": "far", "started": DAY, "heartbeat": DAY + 5}],
    )


def _rounds(db: sqlite3.Connection) -> None:
    insert(
        db,
        "round",
        [
            {
                "id": 1, "job_id": 4, "method": "fixmatch", "regime": "frozen",
                "params": '{"threshold": 0.9}', "labels": 12, "watermark": 20, "seed": 4,
                "threshold": 0.95, "started": DAY, "finished": DAY + 60, "pseudo_labels": 9,
                "pseudo_ratio": 0.45, "model_hash": "f" * 16, "stopped": "all steps done",
                "details": '{"classes": [1, 2, 3]}',
            }
        ],
    )  # fmt: skip
    for model in ("baseline", "ssl"):
        insert(
            db,
            "epoch",
            [
                {"round_id": 1, "model": model, "number": n, "step": 20 * n, "loss": 1 / (n + 1),
                 "supervised": 0.5, "unsupervised": 0.25, "used": 0.75, "at": DAY + n}
                for n in range(6)
            ],
        )  # fmt: skip
        insert(
            db,
            "prediction",
            [
                {"round_id": 1, "model": model, "image_id": i, "class_id": 1 + i % 3,
                 "confidence": 1 - i / 100, "entropy": 0.25}
                for i in range(1, IMAGES + 1)
            ],
        )  # fmt: skip
    insert(
        db,
        "class_ratio",
        [{"round_id": 1, "class_id": c, "predicted": 10 + c, "pseudo": c} for c in (1, 2, 3)],
    )


# What each step brought, in the order of the steps
SINCE = {
    "names": _drawn,
    "changes": _changes,
    "documents": _documents,
    "audits": audits,
    "people": pages,
    "twice": twice,
    "doubts": doubts,
    "counted": counted,
    "parts": parts,
    "paired": paired,
    "ordered": ordered,
}
