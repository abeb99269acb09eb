"""Shards of caches: cut so that a job that begins again finds what an earlier one had made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from annotator.project.rows import CHUNK, Array, Rows
from annotator.rounds.elsewhere.order import Shard

BYTES = 1 << 25  # of pixels that are sent to a node at once, about
MOST = 8  # pieces of a shard: a node that is lost loses no more
NAME = re.compile(r"(?P<kind>\w+)-(?P<start>\d+)-(?P<stop>\d+)-[0-9a-f]{12}\.npy")


class Shards:
    """What is missing of some caches, and the files that bring it.

    Args:
        folder: where the files lie until their rows are in the caches.
        caches: by kind, a view or the name of a network.
        image: bytes of the pixels of one image.
    """

    def __init__(self, folder: Path, caches: Mapping[str, Rows], image: int) -> None:
        self.folder, self.caches = folder, caches
        self.pieces = max(1, min(MOST, BYTES // (CHUNK * image)))
        self._missing = {kind: rows.missing() for kind, rows in caches.items()}
        self.rows = sum(stop - start for _, start, stop in self._all())

    def take_in(self) -> int:
        """Move what has come into the caches; return how many rows are still missing."""
        for path in sorted(self.folder.glob("*.npy")):
            if shard := self._read(path):
                kind, start, found = shard
                self._keep(kind, start, found)
            path.unlink(missing_ok=True)
        return sum(stop - start for _, start, stop in self._all())

    def wanted(self) -> Iterator[Shard]:
        """What is to be made: of each kind in the order of the rows."""
        for kind, missing in self._missing.items():
            some: list[tuple[int, int]] = []
            for piece in missing:
                if some and (len(some) == self.pieces or piece[0] != some[-1][1]):
                    yield self._shard(kind, some)
                    some = []
                some.append(piece)
            if some:
                yield self._shard(kind, some)

    def _all(self) -> Iterator[tuple[str, int, int]]:
        for kind, missing in self._missing.items():
            yield from ((kind, start, stop) for start, stop in missing)

    def _shard(self, kind: str, pieces: list[tuple[int, int]]) -> Shard:
        return Shard(self._name(kind, pieces[0][0], pieces[-1][1]), kind, tuple(pieces))

    def _name(self, kind: str, start: int, stop: int) -> str:
        """A name that says which rows, and of which images: a database may come from a backup."""
        images = self.caches[kind].names.between(start, stop)
        mark = hashlib.blake2b(images.encode(), digest_size=6).hexdigest()
        return f"{kind}-{start}-{stop}-{mark}.npy"

    def _read(self, path: Path) -> tuple[str, int, Array] | None:
        """The rows of a file; None if it is damaged, or not of these caches or images."""
        found = NAME.fullmatch(path.name)
        if not found or found["kind"] not in self.caches:
            return None
        kind, start, stop = found["kind"], int(found["start"]), int(found["stop"])
        rows = self.caches[kind]
        with suppress(OSError, ValueError, EOFError):
            brought: Array = np.load(path)
            fits = brought.shape == (stop - start, *rows.shape) and brought.dtype == rows.dtype
            if fits and path.name == self._name(kind, start, stop):
                return kind, start, brought
        return None

    def _keep(self, kind: str, first: int, brought: Array) -> None:
        """Write the pieces that were missing, those that were computed as they would be here."""
        rest = []
        for start, stop in self._missing[kind]:
            end = min(start + CHUNK, first + len(brought))  # of the batch it was computed in
            if first <= start and (start - first) % CHUNK == 0 and stop == end:
                self.caches[kind].keep(start, brought[start - first : stop - first])
            else:
                rest.append((start, stop))
        self._missing[kind] = rest
