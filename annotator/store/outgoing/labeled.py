"""Each labeled image as it stood at one moment, a page at a time: never all of them in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import starmap
from types import TracebackType
from typing import Any

from annotator.model import ExportRow, Image, LabelSource, Round
from annotator.store.beside import Beside
from annotator.store.classes import Classes
from annotator.store.database import Database
from annotator.store.finding.counting import sure_by_class
from annotator.store.images import OTHERS, PICTURE
from annotator.store.predicted.shares import named
from annotator.store.views import FOREVER, LABELS_AS_OF, PSEUDO_LABELS

PAGE = 1_000  # rows that are read at once

MAKE = """CREATE TEMP TABLE outgoing (
    place INTEGER PRIMARY KEY, image_id INTEGER NOT NULL UNIQUE, class_id INTEGER NOT NULL,
    source TEXT NOT NULL, confidence REAL, annotator TEXT, at REAL, seconds REAL,
    reason TEXT NOT NULL DEFAULT '', propensity REAL, suggestion_shown INTEGER, shares BLOB,
    why TEXT NOT NULL DEFAULT '', flag INTEGER NOT NULL DEFAULT 0,
    noted TEXT NOT NULL DEFAULT '')"""
NO_CLASS = 0  # of what nobody can tell
GIVEN = "annotator, at, reason, source, seconds, propensity, suggestion_shown"
# What a row is made of, the image last
TOLD = f"""place, class_id, source, confidence, annotator, at, seconds, reason, propensity,
    suggestion_shown, shares, why, flag, noted, image.in_group,
    COALESCE(near_duplicate.first_id, 0), {PICTURE}"""

Counts = Mapping[tuple[str, str, str], int]  # (class, split, source) -> rows


class Labeled:
    """Human labels by image, what nobody can tell, then a round's pseudo-labels, surest first.

    The names of the rows are put aside in a temporary table of this thread's connection, which
    keeps them on the disk if they are many. So all of them are of the moment at which the `with`
    was entered, they can be read again, and nobody who labels meanwhile has to wait.

    Args:
        db: of the workspace.
        latest: the round whose pseudo-labels are read; None: none are.
        threshold: the least confidence of a pseudo-label.
    """

    def __init__(self, db: Database, latest: Round | None, threshold: float) -> None:
        self.db, self.latest, self.threshold = db, latest, threshold
        self._names: dict[int, str] = {}
        self._known: tuple[str, ...] = ()  # what the classes of the round count as, by name

    def __enter__(self) -> Labeled:
        self._drop()
        with self.db.reading():  # so an expert who answers just now takes no image out of all parts
            self._put_aside()
        return self

    def _put_aside(self) -> None:
        """Fill the table, and read what its numbers mean."""
        self.db.run(MAKE)
        self.db.run("CREATE TEMP TABLE outgoing_name (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self.db.run(
            f"""INSERT INTO outgoing (image_id, class_id, {GIVEN})
                SELECT image_id, class_id, {GIVEN} FROM ({LABELS_AS_OF}) ORDER BY image_id""",
            {"watermark": FOREVER},
        )
        self.db.run(
            """INSERT INTO outgoing (image_id, class_id, annotator, at, reason, source, seconds,
                                     propensity, suggestion_shown, why)
               SELECT image_id, :none, annotator, at, reason, 'unclear', seconds, propensity,
                      suggestion_shown, why
               FROM unclear_image WHERE image_id NOT IN (SELECT image_id FROM outgoing)
               ORDER BY image_id""",
            {"none": NO_CLASS},
        )
        if self.latest is not None:
            self._add_pseudo()
        self._mark()
        ends = Classes(self.db).ends()
        self._names = {class_id: end.name for class_id, end in ends.items()} | {NO_CLASS: ""}
        knew = self.latest.details.classes if self.latest else ()
        self._known = tuple(self._names[class_id] for class_id in knew)

    def _add_pseudo(self) -> None:
        """Put the pseudo-labels after the human labels."""
        assert self.latest
        self.db.run(
            f"""INSERT INTO outgoing (image_id, class_id, source, confidence, shares)
                SELECT image_id, class_id, 'pseudo', confidence, shares FROM ({PSEUDO_LABELS})
                WHERE image_id NOT IN (SELECT image_id FROM outgoing)
                ORDER BY confidence DESC, image_id""",
            {"round": self.latest.number, "threshold": self.threshold},
        )

    def _mark(self) -> None:
        """Put flags and notes beside the rows."""
        ids = "SELECT image_id FROM flag_now UNION SELECT image_id FROM note_now"
        marked = [row["image_id"] for row in self.db.rows(ids)]
        self.db.run_many(
            "UPDATE outgoing SET flag = :flag, noted = :note WHERE image_id = :id",
            [
                {"id": each, "flag": int(bool(marks.flags)), "note": marks.note}
                for each, marks in Beside(self.db).marks(marked).items()
            ],
        )

    def unmentioned(self) -> tuple[int, int]:
        """How many images were put off, and how many have a flag or a note, and no row."""
        put_off = self.db.value(
            """SELECT COUNT(*) FROM skipped_image
               WHERE image_id NOT IN (SELECT image_id FROM outgoing)"""
        )
        marked = self.db.value(
            """SELECT COUNT(*) FROM (SELECT image_id FROM flag_now
                                     UNION SELECT image_id FROM note_now)
               WHERE image_id NOT IN (SELECT image_id FROM outgoing)"""
        )
        return int(put_off), int(marked)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._drop()

    def __iter__(self) -> Iterator[ExportRow]:
        """Every row, in order."""
        last = 0
        while page := list(
            self.db.each(
                f"""SELECT {TOLD} FROM outgoing JOIN image ON image.id = outgoing.image_id
                    LEFT JOIN near_duplicate ON near_duplicate.image_id = image.id
                    WHERE place > :last ORDER BY place LIMIT :n""",
                {"last": last, "n": PAGE},
            )
        ):
            yield from starmap(self._row, page)
            last = page[-1][0]

    def counts(self) -> Counts:
        """How many rows there are by class, split and source."""
        rows = self.db.rows(
            f"""SELECT class_id, COALESCE(split, 'pool') AS split, source, COUNT(*) AS n
                FROM outgoing LEFT JOIN (SELECT id, split {OTHERS}) ON id = image_id
                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
        )
        return {
            (self._names[row["class_id"]], row["split"], row["source"]): row["n"] for row in rows
        }

    def claim(self, name: str) -> bool:
        """Take a name, unless a row has taken it before; say whether it was free."""
        return bool(
            self.db.run("INSERT OR IGNORE INTO outgoing_name VALUES (:name)", {"name": name})
        )

    def _row(
        self,
        _place: int,
        class_id: int,
        source: LabelSource,
        confidence: float | None,
        annotator: str | None,
        at: float | None,
        seconds: float | None,
        reason: str,
        propensity: float | None,
        shown: int | None,
        shares: bytes | None,
        why: str,
        flag: int,
        noted: str,
        group: str,
        kin: int,
        *pictured: Any,
    ) -> ExportRow:
        """The row of these columns, in the order of TOLD."""
        image = Image(*pictured)
        of = self.latest if source == "pseudo" else None
        return ExportRow(
            image=image,
            label=self._names[class_id],
            source=source,
            confidence=confidence,
            probabilities=named(shares, self._known) if shares else None,
            round=of.number if of else None,
            model=of.model_hash if of else None,
            annotator=annotator,
            at=at,
            split=image.split,
            reason=reason,
            seconds=seconds,
            propensity=propensity,
            suggestion_shown=None if shown is None else bool(shown),
            group=group,
            flag=bool(flag),
            note=noted,
            why_unclear=why,
            kin=kin,
        )

    def _drop(self) -> None:
        for table in ("outgoing", "outgoing_name"):
            self.db.run(f"DROP TABLE IF EXISTS temp.{table}")


def pseudo_by_class(db: Database, latest: Round, threshold: float) -> dict[int, int]:
    """How many images a round pseudo-labels at this confidence or more, by the class's id.

    At the round's own confidence they were counted as it ended; else all are gone through.
    """
    own = threshold == latest.threshold
    counted = sure_by_class(db, latest.number, threshold) if own else None
    if counted is not None:
        return counted
    rows = db.rows(
        f"SELECT class_id, COUNT(*) AS n FROM ({PSEUDO_LABELS}) GROUP BY class_id",
        {"round": latest.number, "threshold": threshold},
    )
    return {row["class_id"]: row["n"] for row in rows}
