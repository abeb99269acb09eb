"""Accuracy on the reserved test images, with its exact interval, from counts alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from annotator.model import Confusion, CurvePoint, Judged, Model

Counts = Mapping[tuple[int, int], int]  # (true class, predicted class) -> images


def interval(right: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a proportion (Clopper & Pearson, 1934, Biometrika 26).

    Args:
        right: successes, 0 to n.
        n: trials, at least 1.
        level: the confidence that the interval holds the truth, in (0, 1).
    """
    from scipy.special import betaincinv  # takes longer to read than all else that a page needs

    tail = (1 - level) / 2
    low = float(betaincinv(right, n - right + 1, tail)) if right else 0.0
    high = float(betaincinv(right + 1, n - right, 1 - tail)) if right < n else 1.0
    return low, high


def balanced(counts: Counts, level: float = 0.95) -> tuple[float, float, float]:
    """The mean of the recalls of the classes that occur, and an interval for it: (mean, low, high).

    Each class weighs the same. The K recalls have exact intervals at level 1 - (1 - level) / K, so
    all of them hold together at `level` (Bonferroni), and with them the means of their ends.
    """
    total: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for (truth, predicted), n in counts.items():
        total[truth] += n
        right[truth] += n if truth == predicted else 0
    each = 1 - (1 - level) / len(total)
    ends = [interval(right[truth], total[truth], each) for truth in total]
    mean = sum(right[truth] / total[truth] for truth in total) / len(total)
    return mean, sum(low for low, _ in ends) / len(ends), sum(high for _, high in ends) / len(ends)


def points(judged: Sequence[Judged]) -> list[CurvePoint]:
    """One point a round and model."""
    groups: dict[tuple[int, Model, int], dict[tuple[int, int], int]] = defaultdict(dict)
    for row in judged:
        key = (row.round, row.model, row.labels)
        groups[key][row.truth, row.predicted] = row.n
    curve = []
    for (number, model, labels), counts in groups.items():
        n = sum(counts.values())
        right = sum(count for (truth, predicted), count in counts.items() if truth == predicted)
        low, high = interval(right, n)
        mean, balanced_low, balanced_high = balanced(counts)
        curve.append(
            CurvePoint(
                round=number,
                labels=labels,
                model=model,
                accuracy=right / n,
                low=low,
                high=high,
                balanced_accuracy=mean,
                balanced_low=balanced_low,
                balanced_high=balanced_high,
                n=n,
            )
        )
    return curve


def confusion(judged: Sequence[Judged], number: int, names: Mapping[int, str]) -> Confusion | None:
    """Rows are experts' classes, columns the semi-supervised model's; None without test labels."""
    counts = {
        (row.truth, row.predicted): row.n
        for row in judged
        if row.round == number and row.model == "ssl"
    }
    if not counts:
        return None
    ids = list(names)
    table = tuple(tuple(counts.get((truth, column), 0) for column in ids) for truth in ids)
    return Confusion(tuple(names.values()), table)
