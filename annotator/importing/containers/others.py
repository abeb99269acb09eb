"""The files of a folder that a table in it does not name: they come in besides, without labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from annotator.importing.containers import folder
from annotator.importing.source import Item, Source, Wanted


def besides(
    rows: Iterable[Item], table: Path, source: Path, wanted: Wanted, workspace: Path
) -> Iterator[Item]:
    """Yield what the rows of a table tell, then each file below `source` that none of them names.

    A file is known by its path, so that one with the same bytes as another is still a copy of it.
    """
    named = {table}
    for item in rows:
        if isinstance(item, Source):
            named.add(item.path)
        yield item
    for found in folder.sources(source, replace(wanted, labels=None, path=None), workspace):
        if not isinstance(found, Source) or found.path not in named:
            yield found
