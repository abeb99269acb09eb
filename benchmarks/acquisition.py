"""How many labels each policy needs, beside the same strategies in scikit-activeml and modAL.

`python benchmarks/acquisition.py [--data ../shared/data] [--sets digits …] [--policies mix …]
[--learners logistic …] [--seeds 10] [--rounds 30] [--batch 10]`. Every policy has the same
features, splits and learner; one thread. Peers that are not installed are left out, and the table
says so. The learner `ensemble` is that of a round on frozen features; it takes about 7 s a round,
and `gated` is a cheap form of it.

For each: labels to 90 % and 95 % of the accuracy with every label known (mean of the seeds, which
count as one batch more than the budget where they never get there), mean accuracy over the rounds,
and how far its mean curve is ever below that of random, in points.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import time
import warnings
from pathlib import Path

import numpy as np
from acquiring.asking import Ask, ours, peers
from acquiring.learners import LEARNERS, Learner
from acquiring.sets import UNEVEN, Split, available, split
from sklearn.exceptions import ConvergenceWarning

OURS = ("random", "mix", "margin", "entropy", "badge", "k_center", "typiclust", "cluster_margin")
FEW = ("random", "mix", "margin")  # for all learners but the first


def curve(
    part: Split, ask: Ask, learner: type[Learner], batch: int, rounds: int, seed: int
) -> np.ndarray:
    """Test accuracy after each round."""
    rng, model = np.random.default_rng(seed), learner(part)
    asked, p, found = np.empty(0, np.int64), None, []
    for _ in range(min(rounds, len(part.x) // batch)):
        asked = np.concatenate([asked, ask(part.x, part.y, asked, p, batch, rng)])
        p, test = model.fit(asked)
        found.append((test.argmax(1) == part.test_y).mean())
    return np.pad(found, (0, rounds - len(found)), mode="edge")


def needed(curves: np.ndarray, goals: np.ndarray, batch: int) -> str:
    """Mean labels to each seed's goal, marked where some seed never got there."""
    there = curves >= goals[:, None]
    never = ~there.any(axis=1)
    labels = (np.where(never, curves.shape[1], there.argmax(axis=1)) + 1) * batch
    return f"{'≥ ' if never.any() else ''}{labels.mean():.0f} ± {labels.std():.0f}"


def compare(
    name: str,
    parts: list[Split],
    policies: dict[str, Ask],
    learner: type[Learner],
    given: argparse.Namespace,
) -> None:
    """Print one table: a set and a learner, a policy a line."""
    full = np.array([_full(part, learner) for part in parts])
    print(f"\n**{name}, {learner.name}**: {full.mean():.1%} with all labels\n")
    print("| policy | to 90 % | to 95 % | to .95 itself | mean accuracy | worst | s a seed |")
    print("|---|---|---|---|---|---|---|")
    chance = None
    for label, ask in policies.items():
        start = time.perf_counter()
        curves = np.array(
            [
                curve(part, ask, learner, given.batch, given.rounds, seed)
                for seed, part in enumerate(parts, given.first)
            ]
        )
        seconds = (time.perf_counter() - start) / len(parts)
        chance = curves.mean(0) if chance is None else chance
        below = 100 * (curves.mean(0) - chance).min()
        print(
            f"| {label} | {needed(curves, 0.9 * full, given.batch)} "
            f"| {needed(curves, 0.95 * full, given.batch)} "
            f"| {needed(curves, np.full(len(parts), 0.95), given.batch)} "
            f"| {curves.mean():.3f} | {below:+.1f} | {seconds:.1f} |",
            flush=True,
        )


def _full(part: Split, learner: type[Learner]) -> float:
    test = learner(part).fit(np.arange(len(part.x)))[1]
    return float((test.argmax(1) == part.test_y).mean())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", nargs="*", help='such as "digits" or "digits, imbalanced"')
    parser.add_argument("--policies", nargs="*", help="ours and the peers', by name")
    parser.add_argument(
        "--learners", nargs="*", choices=list(LEARNERS), default=["logistic", "spreading", "within"]
    )
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--batch", type=int, default=10)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    own = {name: ours(name) for name in OURS}
    others = peers()
    for library in ("scikit-activeml", "modAL"):
        if not any(name.startswith(library) for name in others):
            print(f"{library} is not installed; its lines are left out.")
    for name, load in available(given.data).items():
        rows = load()
        for rare in (False,) if name in UNEVEN else (False, True):
            title = f"{name}, imbalanced" if rare else name
            if given.sets and title not in given.sets:
                continue
            parts = [split(rows, given.first + seed, rare=rare) for seed in range(given.seeds)]
            chosen = {
                label: ask
                for label, ask in (own | others).items()
                if label == "random" or not given.policies or label in given.policies
            }
            few = {label: ask for label, ask in chosen.items() if label in FEW}
            for learner in given.learners:
                if learner != "ensemble" or rows.images is not None:
                    every = chosen if learner == "logistic" else few
                    compare(title, parts, every, LEARNERS[learner], given)


if __name__ == "__main__":
    main()
