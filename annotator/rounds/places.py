"""Where each image lies on the map: t-SNE of a sample, the others beside their neighbors in it.

t-SNE (van der Maaten & Hinton, 2008) of everything would take minutes. LANDMARKS images take a few
seconds; every further image lies at the weighted mean of its nearest landmarks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors

from annotator.model import RowIndex
from annotator.project import Workspace
from annotator.project.files import replacing
from annotator.rounds.snapshot import Snapshot

Floats = NDArray[np.floating[Any]]

LANDMARKS = 1_200
COMPONENTS = 50  # principal components that t-SNE sees
STEPS = 350
PERPLEXITY = 30.0
NEAREST = 4  # landmarks that place a further image
FEW = 5  # images with which there is nothing to arrange
CHUNK = 1_024


def leave(workspace: Workspace, snapshot: Snapshot, vectors: Floats, most: int) -> None:
    """Leave what the Data page shows: all embeddings, and a map of at most `most` pool images."""
    keep(vectors, workspace.embeddings)
    if most:
        shown = (~snapshot.measures).nonzero().squeeze(1).numpy()
        draw(vectors, shown, most, snapshot.index, workspace.map)


def keep(vectors: Floats, path: Path) -> None:
    """Write (N, D) embeddings as unit vectors in half precision; whole, or not at all."""
    unit = np.empty(vectors.shape, np.float16)
    for start in range(0, len(vectors), CHUNK):
        part = np.asarray(vectors[start : start + CHUNK], np.float32)
        length = np.linalg.norm(part, axis=1, keepdims=True)
        unit[start : start + CHUNK] = part / np.maximum(length, 1e-12)
    _save(unit, path)


def draw(vectors: Floats, rows: NDArray[np.int64], most: int, index: RowIndex, path: Path) -> None:
    """Write rows (image id, x, y) of at most `most` of the given rows of (N, D) embeddings."""
    chosen = rows
    if len(rows) > most:
        chosen = np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
    _save(np.column_stack([index.ids[chosen], arrange(vectors[chosen])]), path)


def arrange(vectors: Floats) -> NDArray[np.float64]:
    """Places (n, 2), each coordinate within [-1, 1], of (n, D) embeddings. Equal calls agree."""
    n = len(vectors)
    if n < FEW or not np.ptp(vectors, axis=0).any():
        return np.column_stack([np.linspace(-1, 1, n), np.zeros(n)])
    wide = np.asarray(vectors, np.float32)
    wide = wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12)
    parts = min(COMPONENTS, n - 1, wide.shape[1])
    main = PCA(parts, svd_solver="randomized", random_state=0).fit_transform(wide)
    marks = np.arange(n)
    if n > LANDMARKS:
        marks = np.sort(np.random.default_rng(0).choice(n, LANDMARKS, replace=False))
    places = _tsne(main[marks])
    if n > LANDMARKS:
        places = _between(main, main[marks], places)
    places -= (places.max(0) + places.min(0)) / 2
    found: NDArray[np.float64] = places / np.maximum(np.abs(places).max(0), 1e-12)
    return found


def _tsne(main: Floats) -> NDArray[np.float64]:
    start = np.zeros((len(main), 2), np.float32)
    start[:, : main.shape[1]] = main[:, :2]
    start *= 1e-4 / max(float(start[:, 0].std()), 1e-12)  # small, as t-SNE wants its beginning
    perplexity = min(PERPLEXITY, (len(main) - 1) / 3)
    model = TSNE(init=start, perplexity=perplexity, max_iter=STEPS, angle=0.7, random_state=0)
    return np.asarray(model.fit_transform(main), np.float64)


def _between(main: Floats, marks: Floats, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put each row at the mean of its nearest landmarks' places, the nearer the weightier."""
    distance, near = NearestNeighbors(n_neighbors=NEAREST).fit(marks).kneighbors(main)
    weight = 1 / np.maximum(distance, 1e-6)
    weight /= weight.sum(1, keepdims=True)
    return np.asarray((places[near] * weight[:, :, None]).sum(1), np.float64)


def _save(array: NDArray[Any], path: Path) -> None:
    with replacing(path) as file:
        np.save(file, array)
