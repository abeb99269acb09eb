"""Imported embeddings as a round's features: in the order of its images, with views made of noise.

Nobody can say what an augmented image would have looked like to a network that is not here. So a
view is the embedding itself with a little noise: of each number, a share of how much it varies over
the images, a small one where views are weak and a larger one where they are strong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotator.errors import RoundError
from annotator.project import own
from annotator.project.names import Names
from annotator.project.rows import Array, Rows

NOISE = {"weak": 0.1, "strong": 0.5}  # standard deviations
CHUNK = 1_024  # rows whose spread is summed at once
SHOWN = 3  # names of many


@dataclass(frozen=True)
class Imported:
    """One imported set, and where its rows are cached.

    Args:
        name: of the set.
        folder: where sets lie.
        cache: where caches lie.
        names: of the images' files, in the order of the rows; they begin with the SHA-256.
        pixels: fills the cache of pixels, which near-duplicates are sought by.
    """

    name: str
    folder: Path
    cache: Path
    names: Sequence[str]
    pixels: Callable[[], Iterator[float]]
    told: str = ""  # nothing is computed that could want for memory
    reading: float = 0.9  # share of `fill` at which the pixels are there

    @cached_property
    def kept(self) -> own.Own:
        """What was imported.

        Raises:
            WorkspaceError: it is not there, or damaged.
        """
        return own.load(self.folder, self.name)

    @cached_property
    def _known(self) -> Names:
        """What the names come to, for the caches of all views."""
        return Names(self.names)

    def rows(self, view: str) -> Rows:
        folder = self.cache / f"own-{self.name}-{self.kept.digest}"
        return Rows(folder / f"{view}.f16", self.kept.vectors.shape[1:], "float16", self._known)

    def read(self, view: str) -> Array:
        """(N, D) fp16, memory-mapped."""
        return self.rows(view).read()

    def fill(self, views: Sequence[str]) -> Iterator[float]:
        """Bring the rows that are missing; yield the share that is done.

        Raises:
            RoundError: an image has no embedding.
            WorkspaceError: what was imported is damaged, or an image is.
        """
        places = self._places()
        for share in self.pixels():
            yield share * self.reading
        for number, view in enumerate(views):
            for done in self.rows(view).fill(self._maker(view, places)):
                rest = (number + done / len(places)) / len(views)
                yield self.reading + (1 - self.reading) * rest

    def _places(self) -> NDArray[np.int64]:
        """The row of each image in the imported set, (N,)."""
        place = {sha256: row for row, sha256 in enumerate(self.kept.hashes)}
        found = [place.get(name.partition(".")[0], -1) for name in self.names]
        missing = found.count(-1)
        if missing:
            raise RoundError(
                f"{missing:,} of {len(found):,} images have no embedding among those called "
                f"'{self.name}'. `certilabel import WORKSPACE --embeddings FILE --as {self.name}` "
                "adds theirs and names them; or choose another backbone on Settings."
            )
        return np.array(found, np.int64)

    @cached_property
    def _scale(self) -> tuple[np.float64, NDArray[np.float64]]:
        """The usual size of a number, and how much each of the D varies (D,), in that unit."""
        vectors = self.kept.vectors
        total, squares = (np.zeros(vectors.shape[1]) for _ in range(2))
        for start in range(0, len(vectors), CHUNK):
            part = np.asarray(vectors[start : start + CHUNK], np.float64)
            total, squares = total + part.sum(0), squares + np.square(part).sum(0)
        mean, square = total / len(vectors), squares / len(vectors)
        usual = np.sqrt(square.mean())
        return usual, np.sqrt(np.maximum(square - mean**2, 0)) / usual

    def _maker(self, view: str, places: NDArray[np.int64]) -> Callable[[int, int], Array]:
        usual, spread = self._scale
        share = NOISE.get(view.rstrip("0123456789"), 0.0)

        def compute(start: int, stop: int) -> Array:
            # In a unit in which numbers are about 1: half precision has no others
            rows: NDArray[np.float64] = self.kept.vectors[places[start:stop]] / usual
            if share:
                seed = hashlib.blake2b(f"{view}:{start}".encode(), digest_size=6).digest()
                rng = np.random.default_rng(int.from_bytes(seed))
                rows = rows + share * spread * rng.standard_normal(rows.shape)
            return rows

        return compute
