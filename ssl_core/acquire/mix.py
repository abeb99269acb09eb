"""Policies made of policies: one after another as labels come in, or shares of the same batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssl_core.acquire.pool import EMPTY, Labels, Pool, Selection, Strategy, candidates


@dataclass(frozen=True, slots=True)
class First:
    """Asks by `start` until each class has a label and `share` of an even share of them.

    A class may never be met by `start`, so it ends at `patience` labels a class in all, whatever
    they are; with a share above 1, which no class count meets, it ends there only. As long as there
    are no predictions, it goes on.
    """

    start: Strategy
    then: Strategy
    share: float = 0.0
    patience: float = np.inf

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        stage = self.start if self._early(pool, labeled) else self.then
        return stage.select(pool, labeled, n, rng)

    def _early(self, pool: Pool, labeled: Labels) -> bool:
        if pool.probabilities is None:
            return True
        classes = pool.probabilities.shape[1]
        count = np.bincount(labeled.y[labeled.y >= 0], minlength=classes)
        rare = count.min() < max(1, self.share * count.mean())
        return bool(rare and count.mean() < self.patience)


@dataclass(frozen=True, slots=True)
class Mix:
    """Gives each strategy its share of every batch, evenly interleaved.

    A strategy chooses among what those before it have left.
    """

    parts: tuple[tuple[float, Strategy], ...]  # shares that add up to 1, and who gets them

    def select(self, pool: Pool, labeled: Labels, n: int, rng: np.random.Generator) -> Selection:
        n = min(n, len(candidates(pool, labeled)))
        if n < 1:
            return EMPTY
        turns = _turns([share for share, _ in self.parts], n)
        found: list[Selection] = []
        for part, (_, each) in enumerate(self.parts):
            asked = np.concatenate([labeled.ids, *(some.ids for some in found)])
            # What is chosen but not answered is known to be asked, of no class
            y = np.append(labeled.y, np.full(len(asked) - len(labeled.y), -1))
            found.append(each.select(pool, Labels(asked, y), turns.count(part), rng))
        places = [iter(range(len(some.ids))) for some in found]
        return joined(found, [(part, next(places[part])) for part in turns])


def joined(found: list[Selection], order: list[tuple[int, int]]) -> Selection:
    """Return one selection of the (selection, place) pairs, in their order."""
    return Selection(
        ids=np.array([found[part].ids[i] for part, i in order], np.int64),
        score=np.array([found[part].score[i] for part, i in order], np.float64),
        propensity=np.array([found[part].propensity[i] for part, i in order], np.float64),
        reason=tuple(found[part].reason[i] for part, i in order),
        drawn=np.array([found[part].drawn[i] for part, i in order], bool),
    )


def _turns(shares: list[float], n: int) -> list[int]:
    """Return whose turn each of `n` places is: always the one farthest behind its share."""
    had = [0] * len(shares)
    turns = []
    for place in range(1, n + 1):
        behind = [share * place - count for share, count in zip(shares, had, strict=True)]
        part = int(np.argmax(behind))
        had[part] += 1
        turns.append(part)
    return turns
