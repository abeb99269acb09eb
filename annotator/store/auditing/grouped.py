"""Which images of an audit belong together, such as those of one patient."""

from __future__ import annotations

import numpy as np

from annotator.store.database import Database, Numbers

# Nothing but numbers, so that a million of them take little; an index knows who is of any group
GROUPS = """SELECT id, DENSE_RANK() OVER (ORDER BY in_group) FROM image
    WHERE in_group <> '' ORDER BY id"""


def grouped(db: Database, image_ids: Numbers) -> tuple[int, int]:
    """How many of these images (n,) belong with others of them, and in how many groups."""
    ids, groups = _groups(db)
    sizes = np.bincount(groups[np.isin(ids, image_ids)])
    several = sizes[sizes > 1]
    return int(several.sum()), len(several)


def numbered(db: Database, image_ids: Numbers) -> Numbers:
    """The group of each of these images (n,), as a number: 0 for the first that appears, and so on.

    An image that belongs with none is a group by itself.
    """
    ids, groups = _groups(db)
    group = np.append(groups, 0)[place := np.searchsorted(ids, image_ids)]
    alone = np.append(ids, 0)[place] != image_ids
    _, first, own = np.unique(
        np.where(alone, -image_ids, group), return_index=True, return_inverse=True
    )
    numbers = np.empty(len(first), np.int64)
    numbers[np.argsort(first)] = np.arange(len(first))
    return numbers[own]


def _groups(db: Database) -> tuple[Numbers, Numbers]:
    """The images that are of any group, rising, and the group of each as a number from 1."""
    both = np.fromiter((each for row in db.each(GROUPS) for each in row), np.int64)
    return both[::2], both[1::2]


def any_group(db: Database) -> bool:
    """Whether two images of the pool belong together."""
    return bool(
        db.value(
            """SELECT 1 FROM image WHERE in_group <> '' AND split = 'pool'
               GROUP BY in_group HAVING COUNT(*) > 1 LIMIT 1"""
        )
    )
