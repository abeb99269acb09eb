"""Class names: what images may be labeled as."""

from __future__ import annotations

import time
from unicodedata import normalize

from annotator.errors import AnnotatorError
from annotator.model import ClassName
from annotator.store.database import Database, Row

LONGEST_NAME = 80  # characters


def tidy(name: str) -> str:
    """The name by which a class is known: composed letters (NFC), no blanks around or in a row.

    Case is kept: A and a are two classes.

    Raises:
        AnnotatorError: nothing is left of it, or it is too long.
    """
    name = " ".join(normalize("NFC", name).split())
    if not name or len(name) > LONGEST_NAME:
        raise AnnotatorError(
            f"A class name has 1 to {LONGEST_NAME} characters; this one has {len(name)}."
        )
    return name


class Classes:
    """Class names keep their order and their ids for ever; removing one only hides it."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def all(self) -> list[ClassName]:
        """Every class in the order in which they were added, also those that are hidden."""
        return [_class(row) for row in self.db.rows("SELECT * FROM class ORDER BY id")]

    def active(self) -> list[ClassName]:
        """Likewise, those that are not."""
        return [each for each in self.all() if not each.removed]

    def add(self, name: str) -> ClassName:
        """Add a class, or bring back a removed one of that name.

        Raises:
            AnnotatorError: the name is empty, too long or taken.
        """
        name = tidy(name)
        with self.db.immediate():
            row = self.db.row("SELECT * FROM class WHERE name = :name", {"name": name})
            if row and row["removed"] is None:
                raise AnnotatorError(f"There is a class named '{row['name']}' already.")
            if row:
                self.restore(row["id"])
            else:
                self.db.run(
                    """INSERT INTO class (name, added, position)
                       VALUES (:name, :now, (SELECT COALESCE(MAX(position), 0) + 1 FROM class))""",
                    {"name": name, "now": time.time()},
                )
            found = self.db.row("SELECT * FROM class WHERE name = :name", {"name": name})
        assert found
        return _class(found)

    def remove(self, class_id: int) -> None:
        """Hide a class; its labels stay in the log.

        Raises:
            AnnotatorError: there is no such class.
        """
        self._mark(class_id, time.time())

    def restore(self, class_id: int) -> None:
        """Show a class again, and its labels.

        Raises:
            AnnotatorError: there is no such class.
        """
        self._mark(class_id, None)

    def _mark(self, class_id: int, removed: float | None) -> None:
        changed = self.db.run(
            "UPDATE class SET removed = :removed WHERE id = :id",
            {"id": class_id, "removed": removed},
        )
        if not changed:
            names = ", ".join(f"{each.id} ({each.name})" for each in self.all()) or "none"
            raise AnnotatorError(f"No class has the id {class_id}. The classes are: {names}.")


def _class(row: Row) -> ClassName:
    return ClassName(row["id"], row["name"], row["removed"] is not None)
