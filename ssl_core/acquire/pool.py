"""What acquisition works on: rows keyed by stable ids, and the images it picks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from ssl_core.errors import SSLError

Floats = NDArray[np.floating[Any]]
Ids = NDArray[np.int64]
Kept = TypeVar("Kept")

SOME, MANY = 2, 10  # images from which on they are "a few", and "many"


class Embedded(Protocol):
    """Embeddings (N, D) of which rows can be had."""

    def __getitem__(self, rows: Ids, /) -> Floats:
        """Return these rows (n,), (n, D)."""
        ...


@dataclass(frozen=True, slots=True)
class Pool:
    """Images that may be asked about. Labeled ones may be among them; they are never chosen."""

    ids: Ids  # (N,)
    probabilities: Floats | None = None  # (N, C), each row from 0 and adding up to 1
    embeddings: Floats | Embedded | None = None  # (N, D)
    classes: Sequence[str] = ()  # C names, for the reasons
    members: Floats | None = None  # (K, N, C) probabilities by an ensemble, or of K views


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known already."""

    ids: Ids = field(default_factory=lambda: np.empty(0, np.int64))  # (n,)
    y: Ids = field(default_factory=lambda: np.empty(0, np.int64))  # (n,) classes


class Reason(str):
    """Why an image is asked, in words for whoever answers it, and what stands behind them.

    Args:
        text: the words: nothing of what a model takes the image for.
        detail: the number, such as "entropy 1.31 nats".
        guess: what a model takes it for, such as "torn between 4 and 9": it sways who reads it.
    """

    __slots__ = ("detail", "guess")
    detail: str
    guess: str

    def __new__(cls, text: str, detail: str = "", guess: str = "") -> Self:
        """Make one; as a text it is its words."""
        made = super().__new__(cls, text)
        made.detail, made.guess = detail, guess
        return made


def crowd(images: float) -> str:
    """In words how many images one stands for."""
    if images < SOME:
        return "hardly any image looks like this one"
    return f"{'many' if images >= MANY else 'a few'} images look like this one"


@dataclass(frozen=True, slots=True)
class Selection:
    """The images to ask about, soonest first."""

    ids: Ids  # (n,) without repeats
    score: Floats  # (n,) higher = ask sooner
    propensity: Floats  # (n,) chance of being in the selection; NaN where it was not by chance
    reason: tuple[str, ...]  # a few words for each; a `Reason` says what stands behind them
    drawn: NDArray[np.bool_]  # (n,) by even chance alone: whoever tests blind hides among these


class Strategy(Protocol):
    """Chooses up to `n` images; the order of the pool's rows makes no difference."""

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        """Return the selection: everything that is left if that is fewer than `n`.

        Raises:
            SSLError: the pool lacks what the strategy needs, or holds what is no prediction.
        """
        ...


EMPTY = Selection(np.empty(0, np.int64), np.empty(0), np.empty(0), (), np.empty(0, bool))


def decided(pool: Pool, rows: Ids, score: Floats, reason: tuple[str, ...]) -> Selection:
    """Select these rows (n,) of the pool with their scores and reasons; no chance had a part."""
    nobody = np.full(len(rows), np.nan)
    return Selection(pool.ids[rows], score, nobody, reason, np.zeros(len(rows), bool))


def candidates(pool: Pool, labeled: Labels) -> Ids:
    """Return the pool's rows that are open, ordered by id, each id once."""
    rows, asked = _ordered(pool, labeled)
    return rows[~asked]


def known(pool: Pool, labeled: Labels) -> Ids:
    """Return the pool's rows that are labeled, ordered by id, each id once."""
    rows, asked = _ordered(pool, labeled)
    return rows[asked]


def _ordered(pool: Pool, labeled: Labels) -> tuple[Ids, NDArray[np.bool_]]:
    """Return the pool's rows ordered by id, each id once, and which of them are labeled."""
    ids, rows = pool.ids, np.arange(len(pool.ids))
    if not (ids[1:] > ids[:-1]).all():  # a million that rise already are not sorted for each batch
        ids, rows = np.unique(ids, return_index=True)
    place = np.searchsorted(ids, labeled.ids)
    inside = place < len(ids)
    found = place[inside][ids[place[inside]] == labeled.ids[inside]]
    asked = np.zeros(len(ids), bool)
    asked[found] = True
    return rows, asked


def needs(what: Kept | None, name: str, strategy: str, instead: str) -> Kept:
    """Return the pool's array.

    Raises:
        SSLError: it has none; the message says what to use instead.
    """
    if what is None:
        raise SSLError(f"'{strategy}' needs the pool's {name}. Use {instead} until there are some.")
    return what


def vectors(pool: Pool, rows: Ids, strategy: str) -> Floats:
    """Return the embeddings of these rows, (n, D) float32.

    Raises:
        SSLError: there are none, or one is not a number; the message names the image.
    """
    embeddings = needs(pool.embeddings, "embeddings", strategy, "'random'")
    found = np.asarray(embeddings[rows], np.float32)
    sound = np.isfinite(found).all(axis=1)
    if not sound.all():
        bad = pool.ids[rows[np.argmin(sound)]]
        raise SSLError(f"The embedding of image {bad} is not a number. Compute it again.")
    return found
