"""Looking around among the images: the map, what is like an image, and asking what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from annotator.asking import arranged
from annotator.errors import AnnotatorError
from annotator.model import Image
from annotator.store import Store
from annotator.store.queue import Ask
from annotator.workspace import Workspace

CHUNK = 16_384  # rows compared at once
MOST = 200  # images put at the front at once


@dataclass(frozen=True, slots=True)
class Twins:
    """How many near-duplicates there are."""

    found: int  # images beside the first of their group, or that show a test image
    of_test: int  # pool images that show a test image: never trained on
    unsearched: int  # images that no job has compared yet


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One pool image on the map."""

    image_id: int
    x: float  # -1 to 1
    y: float
    label: str | None  # the expert's class
    predicted: str | None  # the newest round's class
    confidence: float | None
    entropy: float | None  # nats
    source: Literal["human", "pseudo", "unsure", "new"]  # pseudo: at or above the threshold


class Explorer:
    """What the Data page asks for. Test images are left out: nobody picks what measures."""

    def __init__(self, store: Store, workspace: Workspace) -> None:
        self.store, self.workspace = store, workspace

    def twins(self) -> Twins:
        """Near-duplicates, as far as jobs have looked."""
        found, of_test = self.store.twins.counts()
        return Twins(found, of_test, self.store.images.count() - self.store.twins.searched())

    def state(self) -> tuple[int, int, int]:
        """Changes when the map would look different."""
        path = self.workspace.map
        drawn = path.stat().st_mtime_ns if path.exists() else 0
        latest = self.store.results.latest()
        return drawn, self.store.labels.watermark(), latest.id if latest else 0

    def points(self) -> list[MapPoint]:
        """The images of the map as the last job drew it; none before the first job."""
        places = _read(self.workspace.map)
        if places is None:
            return []
        names = {each.id: each.name for each in self.store.classes.all()}
        labels = {each.image_id: names[each.class_id] for each in self.store.labels.current("pool")}
        latest = self.store.results.latest()
        said = self.store.results.predictions(latest.id) if latest else {}
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

        Raises:
            AnnotatorError: there is none.
        """
        text = text.strip()
        found = self.store.images.named(text) if text else None
        if found is None and text.isdecimal():
            found = self.store.images.get(int(text))
        if found is None:
            raise AnnotatorError(
                f"No image is named '{text}'. Give the end of a name, such as 12.png, or a number "
                f"from 1 to {self.store.images.count():,}."
            )
        return found

    def like(self, image_id: int, n: int = 24) -> list[tuple[Image, float]]:
        """The n pool images most like one, with their cosines; the most alike first.

        Raises:
            AnnotatorError: no job has looked at the image yet.
        """
        vectors = _read(self.workspace.embeddings)
        if vectors is None or not 0 < image_id <= len(vectors):
            raise AnnotatorError(
                "Nobody has looked at this image yet. The first job after an import does, and "
                "every round does it for images that came later."
            )
        wanted = np.asarray(vectors[image_id - 1], np.float32)
        cosine = np.concatenate(
            [
                np.asarray(vectors[start : start + CHUNK], np.float32) @ wanted
                for start in range(0, len(vectors), CHUNK)
            ]
        )
        pool = np.array([each for each in self.store.images.ids("pool") if each <= len(vectors)])
        pool = pool[pool != image_id] if len(pool) else pool.astype(int)
        best = pool[np.argsort(-cosine[pool - 1], kind="stable")[:n]].tolist()
        images = self.store.images.many(best)
        return [(images[each], float(cosine[each - 1])) for each in best]

    def ask_next(self, ids: Iterable[int], reason: str) -> int:
        """Put images at the front of the queue, in this order; return how many there were to ask.

        Labelled images and test images are passed over, and no more than MOST are taken. Test
        images are mixed in anew, so that measuring goes on meanwhile.
        """
        queue = self.store.queue
        with self.store.db.immediate():
            pool = set(self.store.images.ids("pool"))
            free = pool - {each.image_id for each in self.store.labels.current("pool")}
            chosen = [each for each in dict.fromkeys(ids) if each in free][:MOST]
            picks = [Ask(each, reason, picked=True) for each in chosen]
            waiting = [each for each in queue.ahead() if each.image_id in pool.difference(chosen)]
            picks += [each for each in waiting if each.picked]
            asks = [each for each in waiting if not each.picked]
            queue.replace(arranged(self.store, picks, asks))
        return len(chosen)


def _read(path: Any) -> NDArray[Any] | None:
    """A .npy file, mapped into memory; None while there is none."""
    return np.load(path, mmap_mode="r") if path.exists() else None
