"""From a trained round, or from the images alone, to the next questions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from annotator.asking import FEW_LABELS, RANDOM_EVERY, RANDOM_EVERY_EARLY, SHORTLIST, mixed
from annotator.rounds.snapshot import Snapshot
from annotator.store import Store
from annotator.store.queue import Ask
from ssl_core.acquire import Labels, Pool, Selection, strategy


def pick(
    snapshot: Snapshot,
    policy: str,
    *,
    probabilities: Tensor | None,
    embeddings: NDArray[np.float32],
    seed: int,
    n: int = SHORTLIST,
) -> Selection:
    """Choose n unlabelled pool images by a policy in ACQUIRE; ids are image ids.

    Args:
        snapshot: which images are there, and which are labelled.
        policy: a name in ACQUIRE.
        probabilities: (N, C) of all images, or None before there is a model.
        embeddings: (N, D) of all images.
        seed: of everything random in the choice.
        n: how many.
    """
    rows = snapshot.askable.numpy()
    logits = None
    if probabilities is not None:
        logits = probabilities[rows].clamp_min(1e-30).log().numpy()
    known = (snapshot.y >= 0).nonzero().squeeze(1).numpy()
    pool = Pool(
        rows + 1,
        logits=logits,
        embeddings=embeddings[rows],
        classes=tuple(each.name for each in snapshot.classes),
    )
    labels = Labels(known + 1, snapshot.y[known].numpy())
    return strategy(policy).select(pool, labels, n, np.random.default_rng(seed))


def order(store: Store, selection: Selection, random_every: int) -> list[Ask]:
    """The selection in its order, with test images and random ones mixed in."""
    asks = [
        Ask(int(image_id), reason, _number(score), _number(propensity))
        for image_id, score, propensity, reason in zip(
            selection.ids, selection.score, selection.propensity, selection.reason, strict=True
        )
    ]
    randoms, tests = (store.queue.unanswered(split, SHORTLIST) for split in ("pool", "test"))
    return mixed(asks, randoms, tests, random_every)


def random_every(snapshot: Snapshot) -> int:
    """How often a question is random: the more labels, the more the policy decides."""
    few = snapshot.labels < FEW_LABELS * len(snapshot.classes)
    return RANDOM_EVERY_EARLY if few else RANDOM_EVERY


def _number(value: float) -> float | None:
    """SQLite has no NaN: what is not known is NULL."""
    return None if np.isnan(value) else float(value)
