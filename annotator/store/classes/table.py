"""Classes: what images may be labeled as. No change of them loses a label."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from annotator.errors import AnnotatorError
from annotator.model import ClassChangeKind, ClassName
from annotator.store.classes.log import ClassLog
from annotator.store.classes.names import tidy
from annotator.store.database import BIGGEST, Database, Row

LONGEST_DESCRIPTION = 1000  # characters
COLOR = re.compile(r"#[0-9a-f]{6}")


class Classes:
    """Classes keep their ids for ever: events name these, and so outlive any change.

    Removing one hides its labels, merging one counts them as another's, and both can be taken
    back. Each change is written in the log: `by` is who made it, empty if a source brought it.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self.log = ClassLog(db)

    def all(self) -> list[ClassName]:
        """Every class in the order of the workspace, also those that are removed or merged."""
        return [_class(row) for row in self.db.rows("SELECT * FROM class ORDER BY position, id")]

    def active(self) -> list[ClassName]:
        """Likewise, those that an image can be given."""
        return [each for each in self.all() if each.active]

    def merged(self) -> tuple[tuple[int, int], ...]:
        """(class, what its labels count as), for each class that was merged into another."""
        return tuple(
            (each.id, each.merged_into) for each in self.all() if each.merged_into is not None
        )

    def ends(self) -> dict[int, ClassName]:
        """What each class's labels count as, by its id: itself, or what it was merged into."""
        known = {each.id: each for each in self.all()}
        ends = {}
        for class_id, each in known.items():
            while each.merged_into is not None:
                each = known[each.merged_into]
            ends[class_id] = each
        return ends

    def add(self, name: str, *, by: str = "") -> ClassName:
        """Add a class, or bring back a removed one of that name.

        Raises:
            AnnotatorError: the name is empty, too long or taken.
        """
        name = tidy(name)
        with self.db.immediate():
            found = self._named(name)
            if found and found.removed:
                return self.restore(found.id, by=by)
            self._refuse_taken(name)
            self.db.run(
                """INSERT INTO class (name, added, position)
                   VALUES (:name, :now, (SELECT COALESCE(MAX(position), 0) + 1 FROM class))""",
                {"name": name, "now": time.time()},
            )
            made = self._named(name)
            assert made
            self.log.write("add", made.id, {}, {"name": name}, by)
        return made

    def rename(self, class_id: int, name: str, *, by: str = "") -> ClassName:
        """Call a class by another name: all its labels, old and new, are then of that name.

        Raises:
            AnnotatorError: there is no such class, or the name is empty, too long or taken.
        """
        name = tidy(name)
        with self.db.immediate():
            found = self.get(class_id)
            if found.name != name:
                self._refuse_taken(name)
                self._change("rename", found, {"name": name}, by)
        return self.get(class_id)

    def merge(self, class_id: int, into: int, *, by: str = "") -> None:
        """From now on count a class's labels as another's; `split` takes that back.

        Raises:
            AnnotatorError: there is no such class, it is hidden, or the two are one.
        """
        with self.db.immediate():
            found, other = self.get(class_id), self.get(into)
            if found.id == other.id:
                raise AnnotatorError(f"'{found.name}' cannot be merged into itself.")
            for each in (found, other):
                self._refuse_hidden(each)
            self._change("merge", found, {"merged_into": other.id}, by)

    def split(self, class_id: int, *, by: str = "") -> None:
        """Make a merged class one of its own again, with the labels that it was given.

        Raises:
            AnnotatorError: there is no such class, or it is not merged into another.
        """
        with self.db.immediate():
            found = self.get(class_id)
            if found.merged_into is None:
                raise AnnotatorError(
                    f"'{found.name}' is not merged into another class, so it cannot be split off."
                )
            self._change("split", found, {"merged_into": None}, by)

    def remove(self, class_id: int, *, by: str = "") -> None:
        """Hide a class; its labels stay in the log.

        Raises:
            AnnotatorError: there is no such class, or it is merged into another.
        """
        with self.db.immediate():
            found = self.get(class_id)
            if found.merged_into is not None:
                self._refuse_hidden(found)
            if not found.removed:
                self._change("remove", found, {"removed": time.time()}, by)

    def restore(self, class_id: int, *, by: str = "") -> ClassName:
        """Show a class again, and its labels.

        Raises:
            AnnotatorError: there is no such class.
        """
        with self.db.immediate():
            found = self.get(class_id)
            if found.removed:
                self._change("restore", found, {"removed": None}, by)
        return self.get(class_id)

    def order(self, class_ids: Sequence[int], *, by: str = "") -> None:
        """Put the classes that can be given into this order; the hidden ones keep their places.

        Raises:
            AnnotatorError: one is missing, named twice, or none of them.
        """
        with self.db.immediate():
            everything, active = self.all(), [each.id for each in self.active()]
            if sorted(class_ids) != sorted(active):
                raise AnnotatorError(
                    "An order names each class once. The classes are: "
                    f"{', '.join(each.name for each in self.active()) or 'none'}."
                )
            if list(class_ids) == active:
                return
            given = iter(class_ids)
            places = [next(given) if each.active else each.id for each in everything]
            self.db.run_many(
                "UPDATE class SET position = :place WHERE id = :id",
                [{"id": each, "place": place} for place, each in enumerate(places, 1)],
            )
            self.log.write("order", class_ids[0], {"order": active}, {"order": list(class_ids)}, by)

    def describe(
        self, class_id: int, *, color: str, description: str, example_id: int | None, by: str = ""
    ) -> ClassName:
        """Say how a class looks: its color (`#rrggbb` or none), words, and an image of it.

        Raises:
            AnnotatorError: there is no such class or image, or the color or words are none.
        """
        color, description = color.strip().lower(), description.strip()
        if color and not COLOR.fullmatch(color):
            raise AnnotatorError(f"'{color}' is no color; write one as #1f77b4, or leave it out.")
        if len(description) > LONGEST_DESCRIPTION:
            raise AnnotatorError(
                f"A description has up to {LONGEST_DESCRIPTION:,} characters; this one has "
                f"{len(description):,}."
            )
        with self.db.immediate():
            found = self.get(class_id)
            if example_id is not None and not self._is_image(example_id):
                raise AnnotatorError(f"There is no image {example_id} to show as an example.")
            now = {"color": color, "description": description, "example_id": example_id}
            self._change("describe", found, now, by)
        return self.get(class_id)

    def get(self, class_id: int) -> ClassName:
        """The class of this id.

        Raises:
            AnnotatorError: there is none.
        """
        key = {"id": class_id if 0 < class_id <= BIGGEST else 0}
        row = self.db.row("SELECT * FROM class WHERE id = :id", key)
        if row is None:
            names = ", ".join(f"{each.id} ({each.name})" for each in self.all()) or "none"
            raise AnnotatorError(f"No class has the id {class_id}. The classes are: {names}.")
        return _class(row)

    def _named(self, name: str) -> ClassName | None:
        row = self.db.row("SELECT * FROM class WHERE name = :name", {"name": name})
        return _class(row) if row else None

    def _refuse_taken(self, name: str) -> None:
        """Say whose the name is, and the way out."""
        if found := self._named(name):
            how = "removed: restore it" if found.removed else "merged into another: split it off"
            hidden = "" if found.active else f". It is {how}, or choose another name"
            raise AnnotatorError(f"There is a class named '{name}' already{hidden}.")

    def _refuse_hidden(self, each: ClassName) -> None:
        if each.removed:
            raise AnnotatorError(f"The class '{each.name}' was removed; restore it first.")
        if each.merged_into is not None:
            other = self.get(each.merged_into).name
            raise AnnotatorError(
                f"The class '{each.name}' is merged into '{other}'; split it off first."
            )

    def _is_image(self, image_id: int) -> bool:
        if not 0 < image_id <= BIGGEST:
            return False
        return bool(self.db.value("SELECT 1 FROM image WHERE id = :id", {"id": image_id}))

    def _change(
        self, kind: ClassChangeKind, found: ClassName, now: dict[str, Any], by: str
    ) -> None:
        """Write columns of a class, and in the log what they were; nothing if they are so."""
        columns = ", ".join(f"{name} = :{name}" for name in now)
        was = self.db.row(f"SELECT {', '.join(now)} FROM class WHERE id = :id", {"id": found.id})
        if was and was != now:
            self.db.run(f"UPDATE class SET {columns} WHERE id = :id", now | {"id": found.id})
            self.log.write(kind, found.id, was, now, by)


def _class(row: Row) -> ClassName:
    return ClassName(
        id=row["id"],
        name=row["name"],
        removed=row["removed"] is not None,
        color=row["color"],
        description=row["description"],
        example_id=row["example_id"],
        merged_into=row["merged_into"],
    )
