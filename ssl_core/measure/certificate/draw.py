"""The frozen order and the draw from it: the only chance in the proof."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Ids = Sequence[Any] | NDArray[Any]


def frozen(scores: NDArray[np.floating[Any]], ids: Ids) -> NDArray[np.int64]:
    """Return the positions (N,) of rows by falling score (N,), ties by their ids.

    There may be a million: ids are held against each other only where scores or hashes are alike.

    Raises:
        SSLError: a score is no number (the row is named), an id occurs twice, or there is not one
            id for each score.
    """
    if len(scores) != len(ids):
        raise SSLError(f"{len(scores):,} scores need as many ids, not {len(ids):,}.")
    lost = np.flatnonzero(np.isnan(scores))
    if len(lost):
        raise SSLError(f"The row '{ids[lost[0]]}' has no score: it cannot be ranked.")
    if _repeats(ids):
        raise SSLError("A row cannot be ranked twice: every id has to be another one.")
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    starts = np.append(0, np.flatnonzero(falling[1:] != falling[:-1]) + 1)  # of each score
    ends = np.append(starts[1:], len(order))
    for place in np.flatnonzero(ends - starts > 1):
        tied = slice(starts[place], ends[place])
        order[tied] = sorted(order[tied].tolist(), key=ids.__getitem__)
    return order.astype(np.int64)


def _repeats(ids: Ids) -> bool:
    """Whether an id occurs twice: only ids of one hash are held against each other."""
    hashes = np.fromiter(map(hash, ids), np.int64, len(ids))
    rising = np.sort(hashes)
    twice = np.isin(hashes, rising[1:][rising[1:] == rising[:-1]])
    alike = [ids[row] for row in np.flatnonzero(twice).tolist()]
    return len(set(alike)) < len(alike)


def drawn(seed: int, rows: int, count: int) -> NDArray[np.int64]:
    """Return `count` of the ranks 0 to `rows` - 1 (count,), in the order of asking.

    Uniform and without replacement; the same seed draws the same rows. Take the seed from the
    operating system (`secrets.randbits`) after order and plan were written down, never before.

    Raises:
        SSLError: there are not as many rows.
    """
    if not 0 <= count <= rows:
        raise SSLError(f"Of {rows:,} rows, {count:,} cannot be drawn.")
    found: NDArray[np.int64] = np.random.default_rng(seed).choice(rows, count, replace=False)
    return found


def drawn_of_each(seed: int, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return (part, rank) of what is drawn of several orders, all in one random order of asking.

    One generator draws of one part after the other, so each draw is uniform, without replacement
    and independent of the others; then it shuffles them, so that nobody who is asked can tell where
    one part ends.

    Args:
        seed: see `drawn`.
        parts: of each, how many rows are drawn from, and how many are drawn.

    Raises:
        SSLError: a part has not as many rows.
    """
    rng, found = np.random.default_rng(seed), list[tuple[int, int]]()
    for part, (rows, count) in enumerate(parts):
        if not 0 <= count <= rows:
            raise SSLError(f"Of {rows:,} rows, {count:,} cannot be drawn.")
        found += [(part, int(rank)) for rank in rng.choice(rows, count, replace=False)]
    return [found[place] for place in rng.permutation(len(found))]


def drawn_of_groups(seed: int, groups: Sequence[int], count: int) -> list[int]:
    """Return ranks (count,): each time a group is drawn, and one of its rows, both by chance.

    Groups are drawn *with* replacement and all alike, however many rows they have, so a rank may
    occur twice. Draw i goes by the SHA-256 of `seed:i`: its first half says which group, as they
    appear in the order, its second which row of it. So no version of a library changes a draw, and
    anybody can repeat it. The halves are of 128 bits: no group is likelier by more than 2 to the
    power of -100.

    Args:
        seed: see `drawn`.
        groups: of the rows that are drawn from, by rank.
        count: of draws; there may be more than rows.

    Raises:
        SSLError: there is no row.
    """
    if not len(groups):
        raise SSLError("There is no row to draw of any group.")
    rows = defaultdict[int, list[int]](list)
    for rank, group in enumerate(groups):
        rows[group].append(rank)
    of_group, found = list(rows.values()), list[int]()
    for place in range(count):
        told = hashlib.sha256(f"{seed}:{place}".encode()).digest()
        own = of_group[int.from_bytes(told[:16], "big") % len(of_group)]
        found.append(own[int.from_bytes(told[16:], "big") % len(own)])
    return found
