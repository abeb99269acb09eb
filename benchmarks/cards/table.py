"""Rows of the one table, each printed when it is known; what went wrong is a row too."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

HEAD = "| what | here | wanted | holds |\n|---|---|---|---|"


@dataclass(frozen=True)
class Row:
    """One line; `holds` is None for what is only told."""

    what: str
    here: str
    wanted: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        said = {None: "", True: "yes", False: "**no**"}[self.holds]
        return f"| {self.what} | {self.here} | {self.wanted} | {said} |"


Rows: TypeAlias = Iterator[Row]


@dataclass
class Table:
    """Prints rows until the time is up; what is left out then is named.

    Args:
        seconds: that all of it may take.
    """

    seconds: float
    began: float = field(default_factory=time.monotonic)
    failed: int = 0

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.began + self.seconds - time.monotonic()

    def add(self, row: Row) -> None:
        """Print a row."""
        self.failed += row.holds is False
        print(row, flush=True)

    def run(self, name: str, part: Callable[[], Rows]) -> None:
        """Print the rows of a part; an error is told and ends that part alone."""
        if self.left <= 0:
            self.add(Row(name, "not run: the time was up", f"{self.seconds:.0f} s in all", False))
            return
        try:
            for row in part():
                self.add(row)
        except Exception as error:
            traceback.print_exc()
            text = f"{type(error).__name__}: {error}".splitlines()[0].replace("|", "/")
            self.add(Row(name, f"ended by an error: {text[:160]}", "", False))
