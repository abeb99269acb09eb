"""Looking around among the images: the map, what is like an image, and asking what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from annotator.asking.cosines import cosines
from annotator.asking.order import arranged
from annotator.errors import AnnotatorError
from annotator.model import Image, MapPoint, NearDuplicates, RowIndex
from annotator.project import Workspace
from annotator.store import Store
from annotator.store.queue import Ask

MOST = 200  # images put at the front at once
UNSEEN = (
    "Nobody has looked at this image yet. The first job after an import does, and every round "
    "does it for images that came later."
)


class Explorer:
    """What the Data page asks for. Test images are left out: nobody picks what measures."""

    def __init__(self, store: Store, workspace: Workspace) -> None:
        self.store, self.workspace = store, workspace

    def near_duplicates(self) -> NearDuplicates:
        """Near-duplicates, as far as jobs have looked."""
        found, of_test = self.store.near_duplicates.counts()
        unsearched = self.store.images.count_after(self.store.near_duplicates.searched())
        return NearDuplicates(found, of_test, unsearched)

    def state(self) -> tuple[int, int, int]:
        """Changes when the map would look different."""
        path = self.workspace.map
        drawn = path.stat().st_mtime_ns if path.exists() else 0
        latest = self.store.results.latest()
        return drawn, self.store.labels.watermark(), latest.number if latest else 0

    def points(self) -> list[MapPoint]:
        """The images of the map as the last job drew it; none before the first job."""
        places = _read(self.workspace.map)
        if places is None:
            return []
        names = {each.id: each.name for each in self.store.classes.all()}
        ids = places[:, 0].astype(np.int64).tolist()
        given = self.store.labels.of(ids, "pool")
        labels = {image_id: names[each.class_id] for image_id, each in given.items()}
        latest = self.store.results.latest()
        said = self.store.results.predictions(latest.number, among=ids) if latest else {}
        points = []
        for number, x, y in places:
            image_id = int(number)
            guess, label = said.get(image_id), labels.get(image_id)
            source: Literal["human", "pseudo", "unsure", "new"] = "new"
            if guess:
                sure = latest is not None and guess.confidence >= latest.threshold
                source = "pseudo" if sure else "unsure"
            points.append(
                MapPoint(
                    image_id=image_id,
                    x=float(x),
                    y=float(y),
                    label=label,
                    predicted=names[guess.class_id] if guess else None,
                    confidence=guess.confidence if guess else None,
                    entropy=guess.entropy if guess else None,
                    source="human" if label else source,
                )
            )
        return points

    def find(self, text: str) -> Image:
        """The image of this number, or whose name is or ends in this text.

        The number is first: pages name images by it, and `page=1` ends in a 1 as well.

        Raises:
            AnnotatorError: there is none.
        """
        text = text.strip()
        number = text.isdecimal() and len(text) < 20  # more digits than any id
        found = self.store.images.get(int(text)) if number else None
        if found is None and text:
            found = self.store.images.named(text)
        if found is None:
            raise AnnotatorError(
                f"No image is named '{text}'. Give the end of a name, such as 12.png, or a number "
                f"from 1 to {self.store.images.newest():,}."
            )
        return found

    def like(self, image_id: int, n: int = 24) -> list[tuple[Image, float]]:
        """The n pool images most like one, with their cosines; the most alike first.

        Raises:
            AnnotatorError: no job has looked at the image yet.
        """
        vectors, index = embedded(self.store, self.workspace)
        if not index.has([image_id]).all():
            raise AnnotatorError(UNSEEN)
        cosine = cosines(vectors, vectors[index.row(image_id)])
        cosine[index.row(image_id)] = -np.inf
        best = self._of_pool(cosine, index, n)
        images = self.store.images.many(ids := index.ids[best].tolist())
        return [(images[each], float(cosine[row])) for each, row in zip(ids, best, strict=True)]

    def _of_pool(self, cosine: NDArray[np.float32], index: RowIndex, n: int) -> NDArray[np.int64]:
        """The n rows of the pool with the highest cosines (N,), of equal ones the first."""
        wide = 2 * n
        while True:  # the database is asked of a few, which are nearly all of the pool
            some = _highest(cosine, wide)
            ids = index.ids[some]
            found = some[np.isin(ids, list(self.store.images.among(ids.tolist(), "pool")))]
            if len(found) >= n or len(some) == len(cosine):
                return found[np.isfinite(cosine[found])][:n]
            wide *= 8

    def ask_next(self, ids: Iterable[int], reason: str) -> int:
        """Put images at the front of the queue, in this order; return how many there were to ask.

        Labeled images and those that measure are passed over, and no more than MOST are taken. Test
        and validation images are mixed in anew, so that measuring goes on meanwhile.
        """
        queue = self.store.queue
        with self.store.db.immediate():
            wanted, ahead = list(dict.fromkeys(ids)), queue.ahead()
            pool = self.store.images.among([*wanted, *(each.image_id for each in ahead)], "pool")
            free = pool - self.store.labels.of(wanted, "pool").keys()
            free -= self.store.beside.unclear(wanted).keys()
            chosen = [each for each in wanted if each in free][:MOST]
            picks = [Ask(each, reason, picked=True) for each in chosen]
            waiting = [each for each in ahead if each.image_id in pool.difference(chosen)]
            picks += [each for each in waiting if each.picked]
            asks = [each for each in waiting if not each.picked]
            queue.replace(arranged(self.store, picks, asks))
        return len(chosen)


def _highest(cosine: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """The n rows of the highest cosines (N,), the highest first; of equal ones the first."""
    rows = np.arange(len(cosine))
    if n < len(cosine):
        rows = np.flatnonzero(cosine >= np.partition(cosine, -n)[-n])
    order: NDArray[np.int64] = rows[np.argsort(-cosine[rows], kind="stable")]
    return order


def embedded(store: Store, workspace: Workspace) -> tuple[NDArray[Any], RowIndex]:
    """Unit vectors (N, D) of the images that a job has looked at, and which rows they are."""
    vectors = _read(workspace.embeddings)
    if vectors is None:
        vectors = np.empty((0, 0), np.float16)
    return vectors, store.images.index().first(len(vectors))


def _read(path: Any) -> NDArray[Any] | None:
    """A .npy file, mapped into memory; None while there is none, or if it is damaged."""
    try:
        found: NDArray[Any] = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError):  # the next round makes it anew
        return None
    return found
