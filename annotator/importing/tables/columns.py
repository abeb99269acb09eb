"""Which column is which: what is clear is taken and said, what is not gets a hint or an error."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from unicodedata import normalize

from annotator.errors import ImportingError, unknown
from annotator.importing.tables.table import Table

PATH, LABEL = "path", "label"

# What other programs call the path: the first of these groups that a table has
PATHS = (
    frozenset({"path", "filepath", "imagepath", "imgpath"}),
    frozenset({"filename", "file", "imagefile", "imagefilename", "imagename", "imgname"}),
    frozenset({"image", "img", "picture"}),
    frozenset({"url", "uri", "imageurl", "imageuri", "imgurl", "fileurl"}),
)

# What may be meant as the class, but need not be
MEANT = frozenset(
    {"class", "classname", "classlabel", "category", "categoryname", "labels", "labelname"}
    | {"target", "diagnosis", "dx", "finding", "y"}
)


class Columns:
    """Finds columns by name and remembers, as notes, what it took one for."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.notes: list[str] = []

    def path(self) -> int:
        """The position of the column of paths.

        Raises:
            ImportingError: there is none, or several that may be it.
        """
        for names in PATHS:
            found = [at for at, name in enumerate(self.table.columns) if folded(name) in names]
            if found:
                return self._only(found, PATH, "name the right one with `--path`")
        raise ImportingError(
            f"{self.table.path}: {unknown('column', PATH, filter(None, self.table.columns))} "
            "The first line must name the columns."
        )

    def label(self, wanted: str | None) -> int | None:
        """The position of the column of classes: the wanted one, by default `label`; for "" none.

        Raises:
            ImportingError: there is no such column, or several.
        """
        if wanted is not None:
            return self.named(wanted) if wanted else None
        found = [at for at, name in enumerate(self.table.columns) if folded(name) == LABEL]
        if found:
            return self._only(found, LABEL, "leave one, or name it with `--labels`")
        self._hint()
        return None

    def named(self, wanted: str) -> int:
        """The position of a column that was asked for by name.

        Raises:
            ImportingError: there is no such column, or several.
        """
        columns = self.table.columns
        found = [at for at, name in enumerate(columns) if name == wanted] or [
            at for at, name in enumerate(columns) if folded(name) == folded(wanted)
        ]
        if not found:
            raise ImportingError(
                f"{self.table.path}: {unknown('column', wanted, filter(None, columns))}"
            )
        return self._only(found, wanted, "give each a name of its own")

    def perhaps(self, wanted: str) -> int | None:
        """The position of a column of this name, or of one that reads like it, if there is one.

        Raises:
            ImportingError: there are several.
        """
        there = any(folded(name) == folded(wanted) for name in self.table.columns)
        return self.named(wanted) if there else None

    def maybe(self, name: str) -> int | None:
        """The position of a column of exactly this name, if there is one and no other."""
        found = [at for at, each in enumerate(self.table.columns) if each == name]
        return found[0] if len(found) == 1 else None

    def _only(self, found: Sequence[int], what: str, way_out: str) -> int:
        names = [self.table.columns[at] for at in found]
        if len(found) > 1:
            each = [f"{at + 1} ('{name}')" for at, name in zip(found, names, strict=True)]
            if len(set(names)) < len(names):
                way_out = "give each a name of its own, or remove all but one"
            raise ImportingError(
                f"{self.table.path}: columns {', '.join(each[:-1])} and {each[-1]} may each be "
                f"'{what}': {way_out}."
            )
        if names[0] != what:
            self.notes.append(f"column '{names[0]}' is taken for '{what}'")
        return found[0]

    def _hint(self) -> None:
        meant = [name for name in self.table.columns if folded(name) in MEANT]
        others = [each for each in self.table.columns if each and not is_index(each)]
        if meant:
            ways = " or ".join(f"`--labels {shlex.quote(name)}`" for name in meant)
            looks = "looks" if len(meant) == 1 else "look"
            named = " and ".join(f"'{name}'" for name in meant)
            column = "column" if len(meant) == 1 else "columns"
            self.notes.append(f"no labels were taken: {column} {named} {looks} meant; give {ways}")
        elif len(others) > 1:
            named = ", ".join(f"'{name}'" for name in others)
            self.notes.append(
                f"no labels were taken, as no column is named '{LABEL}'; if one of {named} holds "
                "them, give `--labels COLUMN`"
            )


def folded(name: str) -> str:
    """A column's name without case, blanks and marks between words."""
    return re.sub(r"[\s_\-.]", "", normalize("NFC", name).casefold())


def is_index(name: str) -> bool:
    """Whether pandas called a column so that has no name."""
    return name.startswith("Unnamed: ")
