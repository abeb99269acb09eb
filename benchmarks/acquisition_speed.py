"""How long it takes to choose: scores of a million rows, batches of a shortlist, beside the peers.

`python benchmarks/acquisition_speed.py [--threads 2]`. Each line is the best of three runs.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import torch
from acquiring.asking import peers

from ssl_core.acquire import ACQUIRE, Labels, Pool
from ssl_core.acquire.bald import bald
from ssl_core.acquire.entropy import entropy
from ssl_core.acquire.margin import margin
from ssl_core.acquire.nearest import nearest

NONE = Labels()


def best(work: Callable[[], object], runs: int = 3) -> float:
    """Seconds of the fastest run."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def line(
    what: str, work: Callable[[], object], limit: str, beside: str = "", runs: int = 3
) -> None:
    """Print one row of the table."""
    print(f"| {what} | {best(work, runs) * 1000:,.0f} ms | {limit} | {beside} |", flush=True)


def naive_entropy(p: np.ndarray) -> np.ndarray:
    """The entropy as one writes it down."""
    return -(p * np.log(p + 1e-12)).sum(1)


def predicted(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Random probabilities, the last axis the classes."""
    p = np.exp(2 * rng.standard_normal(shape, np.float32))
    p /= p.sum(-1, keepdims=True)
    return p


def choose(name: str, pool: Pool, n: int, labeled: Labels = NONE) -> Callable[[], object]:
    """A selection by a policy of ours."""
    return lambda: ACQUIRE[name].select(pool, labeled, n, np.random.default_rng(0))


def scores(rng: np.random.Generator) -> None:
    """Scores alone."""
    p = predicted(rng, 1_000_000, 10)
    plain = f"written plainly, {best(lambda: naive_entropy(p)) * 1000:,.0f} ms"
    line("entropy of 1,000,000 × 10", lambda: entropy(p), "100 ms", plain)
    line("margin of 1,000,000 × 10", lambda: margin(p), "100 ms", _peer_margin(p))
    members = predicted(rng, 10, 100_000, 10)
    line("BALD of 100,000 × 10 × 10", lambda: bald(members), "", _peer_bald(members))


def _peer_margin(p: np.ndarray) -> str:
    if find_spec("skactiveml") is None:
        return "scikit-activeml: not installed"
    from skactiveml.pool import uncertainty_scores

    seconds = best(lambda: uncertainty_scores(p, method="margin_sampling"))
    return f"scikit-activeml, {seconds * 1000:,.0f} ms"


def _peer_bald(members: np.ndarray) -> str:
    if find_spec("skactiveml") is None:
        return "scikit-activeml: not installed"
    from skactiveml.pool import batch_bald

    seconds = best(lambda: batch_bald(members, batch_size=1, random_state=0), 1)
    return f"scikit-activeml `batch_bald` of one, {seconds * 1000:,.0f} ms"


def shortlist(rng: np.random.Generator) -> None:
    """Batches of 100 from 20,000 rows of 1,280 features in 50 loose groups, 10 classes."""
    features = rng.normal(size=(20_000, 1280)).astype(np.float32)
    features += rng.normal(size=(50, 1280)).astype(np.float32)[rng.integers(50, size=20_000)]
    classes = rng.integers(10, size=20_000)
    p = predicted(rng, 20_000, 10)
    pool = Pool(np.arange(20_000), p, features)
    others = peers()
    known = np.arange(20)
    labeled = Labels(known, classes[:20])
    for name, peer, limit in (
        ("k_center", "scikit-activeml CoreSet", "500 ms"),
        ("badge", "scikit-activeml BADGE", "1,000 ms"),
    ):
        beside = "scikit-activeml: not installed"
        if peer in others:
            ask = others[peer]
            seconds = best(lambda ask=ask: ask(features, classes, known, p, 100, rng), 1)
            beside = f"{peer}, {seconds * 1000:,.0f} ms"
        line(f"{name}: 100 of 20,000 × 1,280", choose(name, pool, 100, labeled), limit, beside)


def million(rng: np.random.Generator) -> None:
    """Batches of 50 from a million rows of 512 features."""
    n = 1_000_000
    features = rng.standard_normal((n, 512), np.float32)
    pool = Pool(np.arange(n), predicted(rng, n, 10), features)
    even = Labels(np.arange(100), np.arange(100) % 10)
    uneven = Labels(np.arange(100), np.append(np.zeros(91, np.int64), np.arange(1, 10)))
    line("mix, close calls: 50 of 1,000,000 × 512", choose("mix", pool, 50, even), "2,000 ms")
    line("mix, rare classes: 50 of 1,000,000 × 512", choose("mix", pool, 50, uneven), "2,000 ms")
    line("cold start: 50 of 1,000,000 × 512", choose("cold_start", pool, 50), "")
    line("50 most like a given one", lambda: nearest(features, features[7], 50), "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    warnings.simplefilter("ignore")
    print("| what | ours | limit | beside it |\n|---|---|---|---|")
    rng = np.random.default_rng(0)
    for part in (scores, shortlist, million):
        part(rng)


if __name__ == "__main__":
    main()
