"""From a trained round, or from the images alone, to the next questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from annotator.asking.order import SHORTLIST, arranged
from annotator.rounds.snapshot import Snapshot
from annotator.store import Store
from annotator.store.queue import Ask
from ssl_core.acquire import Labels, Pool, Selection, needs_members, strategy
from ssl_core.acquire.mix import joined
from ssl_core.acquire.pool import Reason
from ssl_core.data.sources import Data
from ssl_core.evidence.weighing import Tempered
from ssl_core.memory import Pieces, few
from ssl_core.parts.committee import Committee
from ssl_core.parts.graph.smoothing import Smoothed
from ssl_core.training.predict import CHUNK, NeuralPredictor
from ssl_core.types import Predictor

VIEWS = ("weak", "strong", "strong2")  # in which a network looks at each image again
WAVE = 10  # questions that are chosen together at first, where no round size is set


def pick(
    snapshot: Snapshot,
    policy: str,
    *,
    probabilities: Tensor | None,
    embeddings: NDArray[np.floating[Any]],
    seed: int,
    members: Tensor | None = None,
    wave: int = 0,
    n: int = SHORTLIST,
) -> Selection:
    """Choose n unlabeled pool images by a policy in ACQUIRE; ids are image ids.

    Only the first few are asked before the next round chooses anew. So they are chosen as a batch
    of their own, then twice as many that differ from those, and so on.

    Args:
        snapshot: which images are there, and which are labeled.
        policy: a name in ACQUIRE.
        probabilities: (N, C) of all images, or None before there is a model.
        embeddings: (N, D) of all images.
        seed: of everything random in the choice.
        members: (K, N, C) probabilities by each of several models, for a policy that needs them.
        wave: how many are likely asked before the next round; 0 if nobody knows.
        n: how many.
    """
    seen = snapshot.y >= 0
    known = seen.nonzero().squeeze(1).numpy()
    # Labeled rows are never chosen, but tell what is known already
    seen[snapshot.askable] = True
    rows = seen.nonzero().squeeze(1).numpy()
    pool = Pool(
        snapshot.index.ids[rows],
        probabilities=None if probabilities is None else probabilities[rows].numpy(),
        embeddings=Among(embeddings, rows),
        classes=tuple(each.name for each in snapshot.classes),
        members=None if members is None else members[:, rows].numpy(),
    )
    ids, y = snapshot.index.ids[known], snapshot.y[known].numpy()
    rng, wave = np.random.default_rng(seed), wave or WAVE
    waves: list[Selection] = []
    while n > 0:
        waves.append(strategy(policy).select(pool, Labels(ids, y), min(wave, n), rng))
        n, wave = n - wave, 2 * wave
        # What is chosen waits for its answer: nobody asks it again, and its class is not known
        ids = np.concatenate([ids, waves[-1].ids])
        y = np.append(y, np.full(len(waves[-1].ids), -1))
    return joined(waves, [(i, j) for i, each in enumerate(waves) for j in range(len(each.ids))])


@dataclass(frozen=True, slots=True)
class Among:
    """Some rows (n,) of embeddings (N, D), which are copied no earlier than they are asked for."""

    embeddings: NDArray[np.floating[Any]]
    rows: NDArray[np.int64]

    def __getitem__(self, places: NDArray[np.int64]) -> NDArray[np.floating[Any]]:
        found: NDArray[np.floating[Any]] = self.embeddings[self.rows[places]]
        return found


def opinions(
    policy: str, ssl: Predictor, baseline: Predictor, data: Data, seed: int
) -> Tensor | None:
    """Return (K, N, C) probabilities by the models of a round, if the policy asks for members.

    Those are the members of an ensemble, or the model itself, and the baseline. A network that
    answers alone looks at every image again in three random views.
    """
    if not needs_members(policy):
        return None
    rows = torch.arange(len(data))
    each = [model.probabilities(rows) for model in (*_single(ssl), baseline)]
    if isinstance(ssl, NeuralPredictor):
        generator = Generator(data.device).manual_seed(seed)
        each += _seen(ssl, data, rows, generator)
    return torch.stack(each)


def _single(model: Predictor) -> list[Predictor]:
    """Return the models of a committee, also of one within another or made more or less sure."""
    if isinstance(model, Smoothed):
        model = model.inner
    if isinstance(model, Tempered) and isinstance(model.inner, Committee):
        model = model.inner
    if isinstance(model, Committee):
        return [each for member in model.members for each in _single(member)]
    return [model]


@torch.no_grad()
def _seen(network: NeuralPredictor, data: Data, rows: Tensor, generator: Generator) -> list[Tensor]:
    parts, pieces = [], Pieces(few(CHUNK, data.clean(rows[:1]).shape[1:], data.device))
    for part in rows.split(CHUNK):
        seen = data.views(VIEWS, part, generator)
        said = [pieces(lambda x: network.model(x).float().cpu(), seen[view]) for view in VIEWS]
        parts.append(torch.stack(said))
    return list(torch.cat(parts, 1).softmax(2))


def order(store: Store, selection: Selection) -> list[Ask]:
    """What experts picked and still waits, then the selection, with what is mixed into both."""
    asks = [
        Ask.random(int(image_id), _number(propensity))
        if drawn
        else _asked(int(image_id), reason, _number(score), _number(propensity))
        for image_id, score, propensity, reason, drawn in zip(
            selection.ids,
            selection.score,
            selection.propensity,
            selection.reason,
            selection.drawn,
            strict=True,
        )
    ]
    return arranged(store, [each for each in store.queue.ahead() if each.picked], asks)


def _asked(image_id: int, reason: str, score: float | None, propensity: float | None) -> Ask:
    """A question, with what stands behind its reason apart: the words alone are for everybody."""
    if not isinstance(reason, Reason):
        return Ask(image_id, reason, score, propensity)
    return Ask(image_id, str(reason), score, propensity, reason.guess, reason.detail)


def _number(value: float) -> float | None:
    """SQLite has no NaN: what is not known is NULL."""
    return None if np.isnan(value) else float(value)
