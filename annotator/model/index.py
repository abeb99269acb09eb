"""Which image each row is: files of pixels and embeddings have rows, images have ids."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


class RowIndex:
    """Row i is the image of `ids[i]`; ids rise and may have gaps.

    Images are only ever added, with higher ids: what an earlier, shorter file holds is the same
    rows from its beginning.

    Args:
        ids: of the images, each once, in any order.
    """

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids: Ids = np.sort(_array(ids))

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: Iterable[int]) -> Ids:
        """The rows (n,) of these images, in the order asked for.

        Raises:
            KeyError: one of them has no row; it is named.
        """
        wanted = _array(ids)
        rows: Ids = np.searchsorted(self.ids, wanted)
        known = rows < len(self.ids)
        known[known] = self.ids[rows[known]] == wanted[known]
        if not known.all():
            raise KeyError(int(wanted[~known][0]))
        return rows

    def row(self, image_id: int) -> int:
        """The row of one image.

        Raises:
            KeyError: it has none.
        """
        return int(self.rows([image_id])[0])

    def has(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        """Whether each of these images has a row, (n,) bool."""
        found: NDArray[np.bool_] = np.isin(_array(ids), self.ids)
        return found

    def mask(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        """Which rows are among these images, (N,) bool; images without a row are passed over."""
        found: NDArray[np.bool_] = np.isin(self.ids, _array(ids))
        return found

    def up_to(self, image_id: int) -> int:
        """How many rows belong to images up to this id: the row at which newer ones begin."""
        return int(np.searchsorted(self.ids, image_id, side="right"))

    def first(self, n: int) -> RowIndex:
        """The first n rows alone."""
        return RowIndex(self.ids[:n])


def _array(ids: Iterable[int]) -> Ids:
    return ids if isinstance(ids, np.ndarray) else np.fromiter(ids, np.int64)
