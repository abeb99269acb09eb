"""What images are called and what they contain, as columns."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from annotator.model.columns.texts import Texts
from annotator.store.database import Database


@dataclass(frozen=True, slots=True)
class Names:
    """Row i is the same image in each; in the order of their ids."""

    names: Texts = field(default_factory=Texts)  # as imported; two may be alike
    hashes: Texts = field(default_factory=Texts)  # SHA-256 of each

    def __len__(self) -> int:
        return len(self.names)


def called(db: Database) -> Iterator[tuple[str, str]]:
    """What every image is called, and its SHA-256, one at a time in the order of their ids."""
    return db.each("SELECT name, sha256 FROM image ORDER BY id")


def called_of(db: Database, hashes: Collection[str]) -> dict[str, str]:
    """What each of these images is called that is here, by its SHA-256."""
    return dict(
        db.pairs(
            "SELECT sha256, name FROM image WHERE sha256 IN (SELECT value FROM json_each(:hashes))",
            {"hashes": json.dumps(list(hashes))},
        )
    )


def names(db: Database) -> Names:
    """Those of every image."""
    found = Names()
    for name, sha256 in called(db):
        found.names.append(name)
        found.hashes.append(sha256)
    return found
