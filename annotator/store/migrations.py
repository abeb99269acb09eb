"""The schema as numbered steps, each in its own transaction with its own record."""

from __future__ import annotations

import time
from collections.abc import Callable

from annotator.errors import WorkspaceError
from annotator.store.file.library import sqlite_utils
from annotator.store.schema.audits import AUDITS
from annotator.store.schema.beside import BESIDE
from annotator.store.schema.brief import BRIEF
from annotator.store.schema.checked import CHECKED
from annotator.store.schema.documents import DOCUMENTS
from annotator.store.schema.doubts import COUNTED, DOUBTS, ORDERED, PAIRED
from annotator.store.schema.early import FIRST, SECOND, THIRD
from annotator.store.schema.parts import LATELY, PARTS
from annotator.store.schema.people import PEOPLE
from annotator.store.schema.shares import SHARES
from annotator.store.schema.told import FIFTH, SIXTH
from annotator.store.schema.twice import TWICE
from annotator.store.schema.validating import VALIDATING


def first(db: sqlite_utils.Database) -> None:
    """Images, events, queue, jobs, rounds and what rounds predict."""
    for statement in FIRST:
        db.conn.execute(statement)


def near_duplicates(db: sqlite_utils.Database) -> None:
    """Groups of near-duplicates, and a queue that keeps what an expert picked."""
    for statement in SECOND:
        db.conn.execute(statement)


def names(db: sqlite_utils.Database) -> None:
    """Tables and states by the names that the code has, and what was drawn as a flag."""
    for statement in THIRD:
        db.conn.execute(statement)


def deaths(db: sqlite_utils.Database) -> None:
    """How many workers a job has lost: an attempt that was given back in order does not count."""
    db.conn.execute("ALTER TABLE job ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0")


def told(db: sqlite_utils.Database) -> None:
    """What is told of images and labels besides, and classes with an order and a look."""
    for statement in FIFTH:
        db.conn.execute(statement)


def changes(db: sqlite_utils.Database) -> None:
    """When an answer was pressed, and a log of what was done to classes."""
    for statement in SIXTH:
        db.conn.execute(statement)


def checked(db: sqlite_utils.Database) -> None:
    """Guesses that somebody turned down, beside labels and what else is said of an image."""
    for statement in CHECKED:
        db.conn.execute(statement)


def documents(db: sqlite_utils.Database) -> None:
    """Documents: images of several pages, each listed."""
    for statement in DOCUMENTS:
        db.conn.execute(statement)


def beside(db: sqlite_utils.Database) -> None:
    """Answers that are no label are found quickly, and a question keeps a guess apart."""
    for statement in BESIDE:
        db.conn.execute(statement)


def shares(db: sqlite_utils.Database) -> None:
    """How likely each class was, beside the class that was the likeliest."""
    for statement in SHARES:
        db.conn.execute(statement)


def audits(db: sqlite_utils.Database) -> None:
    """Plans, draws and ends of audits."""
    for statement in AUDITS:
        db.conn.execute(statement)


def people(db: sqlite_utils.Database) -> None:
    """Who has which page open, and answers that settle what people disagree about."""
    for statement in PEOPLE:
        db.conn.execute(statement)


def twice(db: sqlite_utils.Database) -> None:
    """Images that are asked once more, and answers that never take an earlier one's place."""
    for statement in TWICE:
        db.conn.execute(statement)


def doubts(db: sqlite_utils.Database) -> None:
    """Labels that a round doubts, and how far its images lie from labeled ones."""
    for statement in DOUBTS:
        db.conn.execute(statement)


def validating(db: sqlite_utils.Database) -> None:
    """Images may be kept for validation, beside those to learn from and those that measure."""
    for statement in VALIDATING:
        db.conn.execute(statement)


def counted(db: sqlite_utils.Database) -> None:
    """How many guesses there are to look through, as a round ends."""
    for statement in COUNTED:
        db.conn.execute(statement)


def parts(db: sqlite_utils.Database) -> None:
    """How long each part of a job took."""
    for statement in PARTS:
        db.conn.execute(statement)


def lately(db: sqlite_utils.Database) -> None:
    """How long each part of a job takes of late, and how much more it may take."""
    for statement in LATELY:
        db.conn.execute(statement)


def brief(db: sqlite_utils.Database) -> None:
    """Where an image lies follows from what it contains, and takes no room."""
    for statement in BRIEF:
        db.conn.execute(statement)


def paired(db: sqlite_utils.Database) -> None:
    """How often a round agrees with its baseline and with the one before it, as it ends."""
    for statement in PAIRED:
        db.conn.execute(statement)


def ordered(db: sqlite_utils.Database) -> None:
    """Which guesses of a round come first, in each order in which they are looked through."""
    for statement in ORDERED:
        db.conn.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite_utils.Database], None], ...] = (
    first,
    near_duplicates,
    names,
    deaths,
    told,
    changes,
    checked,
    documents,
    beside,
    shares,
    audits,
    people,
    twice,
    doubts,
    validating,
    counted,
    parts,
    lately,
    brief,
    paired,
    ordered,
)


def schema(db: sqlite_utils.Database) -> int:
    """The number of the newest migration that was applied; 0 if the file holds no tables."""
    if not db.conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone():
        return 0
    return int(db.conn.execute("SELECT COALESCE(MAX(number), 0) FROM migration").fetchone()[0])


def migrate(db: sqlite_utils.Database) -> None:
    """Bring the database to this version; two processes that start at once do it once.

    Raises:
        WorkspaceError: a newer version wrote it; nothing was changed.
    """
    newest = schema(db)
    refuse_newer("This workspace", newest)
    if newest == len(MIGRATIONS):
        return
    db.conn.execute(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT, applied REAL)"
    )
    for number, step in enumerate(MIGRATIONS, 1):
        apply(db, number, step)


def refuse_newer(what: str, number: int) -> None:
    """Refuse a database that a newer version wrote, before anything in it is changed.

    Raises:
        WorkspaceError: its schema has a higher number than this version knows.
    """
    if number > len(MIGRATIONS):
        raise WorkspaceError(
            f"{what} was written by a newer version (schema {number}; this one knows "
            f"{len(MIGRATIONS)}). Upgrade with `pip install --upgrade certilabel`."
        )


def apply(
    db: sqlite_utils.Database, number: int, step: Callable[[sqlite_utils.Database], None]
) -> None:
    """Run one migration unless its record is there."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        done = db.conn.execute("SELECT 1 FROM migration WHERE number = ?", [number]).fetchone()
        if not done:
            step(db)
            record = (number, step.__name__, time.time())
            db.conn.execute("INSERT INTO migration VALUES (?, ?, ?)", record)
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()
