"""How many labels an audit takes, before anything is known of the model."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ssl_core.measure.certificate.chain import allowed
from ssl_core.measure.certificate.exact import Share, binomial, fraction, rare, refuted


def least(epsilon: Share, delta: Share) -> int:
    """Return the number of labels below which nothing can be certified in a large pool.

    The smallest n with (1 - epsilon)^n <= delta: 59 for 95 % at 95 %.
    """
    return next(sizes(epsilon, delta))


def sizes(epsilon: Share, delta: Share) -> Iterator[int]:
    """Yield the good sizes n(0), n(1), ...: at each of them the audit allows an error more.

    n(c) is the smallest n of which at most c errors are that rare, binomially; labels between two
    good sizes are half wasted. Endless.
    """
    wrong, level = fraction(epsilon, "epsilon"), fraction(delta, "delta")
    most, n = 0, 1
    while True:
        low, high = n, 2 * n
        while not rare(high, wrong, most, level):
            low, high = high, 2 * high
        while low < high:
            middle = (low + high) // 2
            if rare(middle, wrong, most, level):
                high = middle
            else:
                low = middle + 1
        n = low
        yield n
        most, n = most + 1, n + 1


def size_in_pool(pool: int, most: int, epsilon: Share, delta: Share) -> int | None:
    """Return how many labels certify the whole of a pool where at most `most` of them are wrong.

    Drawn without replacement, so a small pool needs fewer. None where no number does.
    """
    level, bad = fraction(delta, "delta"), allowed(epsilon, pool) + 1
    low, high = most + 1, pool + 1
    while low < high:
        middle = (low + high) // 2
        if refuted(pool, bad, middle, most, level):
            high = middle
        else:
            low = middle + 1
    return low if low <= pool else None


def size_for(share: Share | None, epsilon: Share, delta: Share, chance: Share = "0.9") -> int:
    """Return the good size that certifies a given set with that chance.

    Args:
        share: the set's true error as a share of epsilon, below 1; None where it has no error.
        epsilon: share that may be wrong.
        delta: chance that the promise may be false.
        chance: that the audit passes.
    """
    level, wrong = fraction(chance, "a chance"), fraction(epsilon, "epsilon")
    true = fraction(share, "a share of epsilon") * wrong if share is not None else Fraction(0)
    for most, n in enumerate(sizes(wrong, delta)):
        if binomial(n, true, most) >= level:
            return n
    raise AssertionError("sizes are endless")
