"""Caches filled elsewhere: what is missing is made on nodes, and kept as if it were made here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from annotator.errors import RoundError
from annotator.project import private
from annotator.project.rows import Rows
from annotator.rounds.elsewhere.child import carried_out
from annotator.rounds.elsewhere.order import Order
from annotator.rounds.elsewhere.shards import Shards


def fill(order: Order, caches: Mapping[str, Rows], folder: Path) -> Iterator[float]:
    """Have the rows made that are missing; yield the share that is done. Close it to stop.

    What nodes had made when it was stopped or killed is taken in when it is begun again. Where
    nothing is missing nobody is asked.

    Args:
        order: all of it but the shards.
        caches: by kind, a view or the name of a network.
        folder: for what comes and goes meanwhile; it is gone in the end.

    Raises:
        RoundError: the cluster cannot make it; the message says why, and the way out.
        WorkspaceError: what was made is not a number.
    """
    folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
    shards = Shards(folder, caches, order.channels * order.size**2)
    left = shards.take_in()
    told = replace(order, shards=tuple(shards.wanted()))
    if told.shards:
        with closing(carried_out(told, folder)) as run:
            for _ in run:
                left = shards.take_in()
                yield 1 - left / shards.rows
        left = shards.take_in()
    if left:
        raise RoundError(f"{left:,} rows did not come from the Ray cluster. Start the round again.")
    shutil.rmtree(folder, ignore_errors=True)
    yield 1.0
