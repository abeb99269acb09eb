"""How sure an answer is, and how often right: from predictions that `methods` has kept.

`python benchmarks/calibration.py --data FOLDER --keep FOLDER [--names ensemble logistic …]`. For
each set and number of labels, over the seeds that are there: the expected calibration error (15
bins of equal mass), the share of test images at a confidence of .95 and more, how many of those
are right, and the share that an oracle could offer: the longest list, surest first, of which 95 %
are right.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import sets
from numpy.typing import NDArray

from ssl_core.measure.calibration import calibration_error

SURE = 0.95
COLUMNS = ("ECE", "at .95", "right of these", "oracle")


def judged(said: NDArray[np.floating], y: NDArray[np.int64]) -> tuple[float, int, int, float]:
    """Return the calibration error of (n, C), how many are sure and right, the oracle's share."""
    confidence, right = said.max(1), said.argmax(1) == y
    sure = confidence >= SURE
    order = np.argsort(-confidence, kind="stable")
    precise = np.flatnonzero(np.cumsum(right[order]) >= SURE * np.arange(1, len(y) + 1))
    oracle = (precise[-1] + 1) / len(y) if len(precise) else 0.0
    return calibration_error(y, said), int(sure.sum()), int((right & sure).sum()), oracle


def main() -> None:
    """Read what was kept and print a table a name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the image sets")
    parser.add_argument("--keep", type=Path, required=True, help="folder of predictions")
    parser.add_argument("--names", nargs="*", default=["ensemble"])
    parser.add_argument("--regime", default="frozen")
    chosen = parser.parse_args()
    truth = {name: sets.load(name, chosen.data) for name in sets.SETS}
    for name in chosen.names:
        cells: dict[tuple[str, int], list[tuple[float, float, int, int, float]]] = defaultdict(list)
        for file in sorted(chosen.keep.glob(f"{chosen.regime}-*-{name}.npy")):
            stem = file.stem.removeprefix(f"{chosen.regime}-").removesuffix(f"-{name}")
            of, labels, seed = stem.rsplit("-", 2)
            found = truth.get(of)
            if found is None:
                continue
            y = found.y[found.test(int(seed))]
            error, sure, right, oracle = judged(np.load(file), y)
            cells[of, int(labels)].append((error, sure / len(y), sure, right, oracle))
        print(f"\n{name}\n\n| set | labels | " + " | ".join(COLUMNS) + " | seeds |")
        print("|---|---|" + "---|" * (len(COLUMNS) + 1))
        for (of, labels), runs in sorted(cells.items(), key=lambda each: (each[0][0], each[0][1])):
            error, share, _, _, oracle = (np.mean([run[i] for run in runs]) for i in range(5))
            sure, right = (sum(run[i] for run in runs) for i in (2, 3))
            told = f"{right / sure:.1%} of {sure}" if sure else "none"
            print(f"| {of} | {labels} | {error:.3f} | {share:.0%} | {told} | {oracle:.0%} "
                  f"| {len(runs)} |")  # fmt: skip


if __name__ == "__main__":
    main()
