"""How sure an answer is, and how often right: from predictions that `methods` has kept.

`python benchmarks/calibration.py --data FOLDER --keep FOLDER [--names ensemble logistic …]
[--validation 60]`. For each set and number of labels, over the seeds that are there: the expected
calibration error (15 bins of equal mass), what chance alone makes of it on so many test images (of
a model that is as often right as sure), the share of test images at a confidence of .95 and more,
how many of those are right, and the share that an oracle could offer: the longest list, surest
first, of which 95 % are right.

With `--validation`, so many of the test images, drawn by chance, calibrate the others: by one
temperature, and class by class. A second table has the errors of these before and after, each the
mean over ten draws.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import sets
from numpy.typing import NDArray

from ssl_core.measure.calibration import (
    by_class,
    by_temperature,
    calibration_error,
    classwise_error,
    log_loss,
)
from ssl_core.measure.consistency import by_chance

SURE = 0.95
DRAWS = 10
COLUMNS = ("ECE", "by chance", "at .95", "right of these", "oracle")
MEASURES = (calibration_error, classwise_error, log_loss)
WAYS = {"before": None, "temperature": by_temperature, "by class": by_class}

Probabilities = NDArray[np.floating]
Kept = dict[tuple[str, int], list[tuple[NDArray[np.int64], Probabilities]]]


def kept(chosen: argparse.Namespace, name: str) -> Kept:
    """What was kept of a name: by set and labels, the truth and what was said, a pair a seed."""
    truth = {each: sets.load(each, chosen.data) for each in sets.SETS}
    found: Kept = defaultdict(list)
    for file in sorted(chosen.keep.glob(f"{chosen.regime}-*-{name}.npy")):
        stem = file.stem.removeprefix(f"{chosen.regime}-").removesuffix(f"-{name}")
        of, labels, seed = stem.rsplit("-", 2)
        if (images := truth.get(of)) is not None:
            found[of, int(labels)].append((images.y[images.test(int(seed))], np.load(file)))
    return dict(sorted(found.items()))


def judged(y: NDArray[np.int64], said: Probabilities) -> tuple[float, float, float, int, int]:
    """Of (n, C): calibration error, that of chance, oracle's share, how many are sure, right."""
    confidence, right = said.max(1), said.argmax(1) == y
    sure = confidence >= SURE
    order = np.argsort(-confidence, kind="stable")
    precise = np.flatnonzero(np.cumsum(right[order]) >= SURE * np.arange(1, len(y) + 1))
    oracle = (precise[-1] + 1) / len(y) if len(precise) else 0.0
    error, chance = calibration_error(y, said), by_chance(said)[0]
    return error, chance, oracle, int(sure.sum()), int((right & sure).sum())


def mended(y: NDArray[np.int64], said: Probabilities, validation: int) -> NDArray[np.float64]:
    """Return errors (WAYS, MEASURES) of the rows that did not calibrate, means over DRAWS."""
    found = np.zeros((DRAWS, len(WAYS), len(MEASURES)))
    for draw in range(DRAWS):
        fits, rest = np.split(np.random.default_rng(draw).permutation(len(y)), [validation])
        for row, way in enumerate(WAYS.values()):
            p = said[rest] if way is None else way(said[fits], y[fits]).applied(said[rest])
            found[draw, row] = [measure(y[rest], p) for measure in MEASURES]
    return found.mean(0)


def show(cells: Kept) -> None:
    """Print how sure it is."""
    print("\n| set | labels | " + " | ".join(COLUMNS) + " | seeds |")
    print("|---|---|" + "---|" * (len(COLUMNS) + 1))
    for (of, labels), pairs in cells.items():
        runs = [(*judged(y, said), len(y)) for y, said in pairs]
        error, chance, oracle = (np.mean([run[i] for run in runs]) for i in range(3))
        share = np.mean([run[3] / run[5] for run in runs])
        sure, right = (sum(run[i] for run in runs) for i in (3, 4))
        told = f"{right / sure:.1%} of {sure}" if sure else "none"
        print(f"| {of} | {labels} | {error:.3f} | {chance:.3f} | {share:.0%} | {told} "
              f"| {oracle:.0%} | {len(runs)} |")  # fmt: skip


def show_mended(cells: Kept, validation: int) -> None:
    """Print errors before and after: a column a measure, before / temperature / by class."""
    print("\n| set | labels | ECE | classwise ECE | log loss | seeds |\n|---|---|---|---|---|---|")
    for (of, labels), pairs in cells.items():
        found = np.mean([mended(y, said, validation) for y, said in pairs], axis=0)
        told = [" / ".join(f"{value:.3f}" for value in column) for column in found.T]
        print(f"| {of} | {labels} | {' | '.join(told)} | {len(pairs)} |")


def main() -> int:
    """Read what was kept and print a table a name; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the image sets")
    parser.add_argument("--keep", type=Path, help="folder of predictions")
    parser.add_argument("--names", nargs="*", default=["ensemble"])
    parser.add_argument("--regime", default="frozen")
    parser.add_argument("--validation", type=int, default=0, help="test images that calibrate")
    chosen = parser.parse_args()
    if chosen.keep is None:
        print("Give --keep FOLDER, that of `methods.py --keep FOLDER`.", file=sys.stderr)
        return 77  # nothing to read
    for name in chosen.names:
        cells = kept(chosen, name)
        print(f"\n{name}")
        show(cells)
        if chosen.validation:
            show_mended(cells, chosen.validation)
    return 0


if __name__ == "__main__":
    sys.exit(main())
