"""What each method makes of few labels: sets x budgets, mean and deviation over seeds.

`python benchmarks/methods.py --data FOLDER [--regime frozen finetune] [--sets …] [--labels …]
[--names …] [--seeds 3] [--first-seed 0] [--results FILE] [--keep FOLDER]`. Every row of a column
has the same labels, features (or pixels), test images, network and steps a fit. Labels are drawn at
random, as even over the classes as may be. `--results` keeps each run as a line of JSON, and runs
that are there are not made again; `--keep` keeps what they predicted.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import sets
import torch
from numpy.typing import NDArray
from peers import lamda
from sklearn.linear_model import LogisticRegression
from sklearn.semi_supervised import LabelSpreading, SelfTrainingClassifier

from ssl_core.backbones import build
from ssl_core.data.sources import Data, ImageData
from ssl_core.fits.neural import NeuralFit
from ssl_core.measure.metrics import accuracy, balanced_accuracy
from ssl_core.methods import METHODS
from ssl_core.recipe import balanced
from ssl_core.recipes import RECIPES
from ssl_core.start import start
from ssl_core.types import Classifier, finish

STEPS = {"frozen": 300, "finetune": 600}  # of each fit
SIDE = 32  # pixels: larger images are made smaller for the small network
LEADING = ("supervised", "adamatch", "fixmatch", "remixmatch", "softmatch", "uda")
BASELINE = "supervised"
PEER = "FixMatch (LAMDA-SSL)"


Probabilities = NDArray[np.floating]


class Problem:
    """One column's task for one seed: which rows are labeled, which are tested, what is seen."""

    def __init__(self, found: sets.Set, regime: str, labels: int, seed: int) -> None:
        self.set, self.regime, self.seed = found, regime, seed
        self.test = found.test(seed)
        self.pool = torch.from_numpy(~self.test)
        self.known = torch.from_numpy(found.labeled(labels, seed))
        self.y = torch.full((len(found.y),), -1)
        self.y[self.known] = torch.from_numpy(found.y)[self.known]
        self.data: Data = found.features() if regime == "frozen" else pixels(found)

        self.settings = {
            "pool": self.pool, "device": "cpu", "steps": STEPS[regime], "seed": seed,
        }  # fmt: skip

    def network(self) -> Classifier:
        """The regime's network with fresh weights."""
        if self.regime == "frozen":
            return build("mlp", self.data.clean(torch.tensor([0])).shape[1],
                         self.set.num_classes, seed=self.seed)  # fmt: skip
        return build("small_cnn", self.set.images.shape[1], self.set.num_classes,
                     seed=self.seed)  # fmt: skip

    def score(self, probabilities: Probabilities) -> tuple[float, float]:
        """Accuracy and balanced accuracy of what is said of the test rows, (t, C)."""
        truth, predicted = self.set.y[self.test], probabilities.argmax(1)
        return accuracy(truth, predicted), balanced_accuracy(truth, predicted)


Row = Callable[[Problem], Probabilities]  # what it says of the test rows, (t, C)


def pixels(found: sets.Set) -> ImageData:
    """The images at the small network's size."""
    side = min(SIDE, found.images.shape[-1])
    small = torch.nn.functional.interpolate(
        torch.from_numpy(found.images).float(), (side, side), mode="bilinear", antialias=True
    )
    return ImageData(small.round().byte().numpy(), found.preset)


def ours(name: str) -> Row:
    """A method or recipe of ours, with its defaults."""

    def predict(problem: Problem) -> Probabilities:
        data, y = problem.data, problem.y
        if name in RECIPES:
            run = start(name, data, y, problem.network(), **problem.settings)
        else:  # by the very rows that `ensemble` gives its learners, all classes equally often
            fit = NeuralFit(data, problem.network(), method=name, **problem.settings)
            run = fit(*balanced(problem.known, y[problem.known]))
        asked = torch.from_numpy(problem.test).nonzero().squeeze(1)
        return finish(run).probabilities(asked).numpy()

    return predict


def scikit(classifier: Callable[[], object]) -> Row:
    """A classifier of scikit-learn on the features scaled to unit length."""

    def predict(problem: Problem) -> Probabilities:
        x = problem.data.clean(torch.arange(len(problem.y))).flatten(1)
        x = torch.nn.functional.normalize(x).numpy()
        rows = ~problem.test
        return classifier().fit(x[rows], problem.y.numpy()[rows]).predict_proba(x[problem.test])

    return predict


def logistic() -> LogisticRegression:
    """Return the classifier beside which all others are seen."""
    return LogisticRegression(C=100, max_iter=1000)


def theirs(problem: Problem) -> Probabilities:
    """The FixMatch of a peer library, on our network and images."""
    assert isinstance(problem.data, ImageData)
    images = np.repeat(problem.data.pixels, 4 - problem.data.num_channels, 1)[:, :3]
    images = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    known, free = problem.known.numpy(), ~problem.test
    network = build("small_cnn", 3, problem.set.num_classes, seed=problem.seed)
    found = lamda.fixmatch(
        network, images[known], problem.y.numpy()[known], images[free], images[problem.test],
        STEPS["finetune"],
    )  # fmt: skip
    return np.eye(problem.set.num_classes)[found]


class Labeled(LogisticRegression):
    """Logistic regression that passes over unlabeled rows."""

    def fit(self, x, y):
        return super().fit(x[y >= 0], y[y >= 0])


ROWS: dict[str, Row] = {
    **{name: ours(name) for name in (*METHODS, *RECIPES)},
    "logistic (scikit-learn)": scikit(lambda: Labeled(C=100, max_iter=1000)),
    "LabelSpreading (scikit-learn)": scikit(
        lambda: LabelSpreading(kernel="knn", n_neighbors=8, max_iter=200)
    ),
    "SelfTraining (scikit-learn)": scikit(lambda: SelfTrainingClassifier(logistic())),
    PEER: theirs,
}


def run(
    name: str, found: sets.Set, regime: str, labels: int, seed: int, keep: Path | None
) -> dict[str, float | int | str]:
    """Make one run; return it as a line of results."""
    problem = Problem(found, regime, labels, seed)
    start = time.perf_counter()
    probabilities = ROWS[name](problem)
    seconds = time.perf_counter() - start
    right, fair = problem.score(probabilities)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        np.save(keep / f"{regime}-{found.name}-{labels}-{seed}-{name}.npy", probabilities)
    return {
        "name": name, "regime": regime, "set": found.name, "labels": labels, "seed": seed,
        "accuracy": right, "balanced": fair, "seconds": seconds,
    }  # fmt: skip


Table = dict[str, dict[tuple[str, int], list[float]]]


def collect(results: list[dict], regime: str, what: str) -> Table:
    """Sort the results of a regime: row -> (set, labels) -> one value a seed."""
    table: Table = defaultdict(lambda: defaultdict(list))
    for line in results:
        if line["regime"] == regime:
            table[line["name"]][line["set"], line["labels"]].append(line[what])
    return table


def show(table: Table, title: str) -> None:
    """Print a table in percent, the best of ours in each column in bold."""
    columns = list(dict.fromkeys(column for row in table.values() for column in row))
    best = {c: max(np.mean(row[c]) for name, row in table.items() if row[c]) for c in columns}
    print(f"\n{title}\n")
    print("| method | " + " | ".join(f"{name}, {labels}" for name, labels in columns) + " | mean |")
    print("|---|" + "---|" * (len(columns) + 1))
    whole = {name: [np.mean(row[c]) for c in columns if row[c]] for name, row in table.items()}
    for name in sorted(table, key=lambda each: -np.mean(whole[each])):
        cells = []
        for c in columns:
            values = table[name][c]
            text = f"{np.mean(values):.1%} ± {np.std(values) * 100:.1f}" if values else "–"
            cells.append(f"**{text}**" if values and np.mean(values) == best[c] else text)
        mean = f"{np.mean(whole[name]):.1%}" if len(whole[name]) == len(columns) else "–"
        print(f"| {name} | " + " | ".join(cells) + f" | {mean} |")


def verdict(results: list[dict], regime: str) -> None:
    """Print how far `ensemble` is from the best single method, and from the baseline."""
    for what in ("accuracy", "balanced"):
        table = collect(results, regime, what)
        singles = [name for name in table if name in METHODS | RECIPES and name != "ensemble"]
        if "ensemble" not in table or BASELINE not in table or not singles:
            return
        cells = table["ensemble"]
        to_best = {
            c: np.mean(cells[c]) - max(np.mean(table[s][c]) for s in singles if table[s][c])
            for c in cells
        }
        to_baseline = {c: np.mean(cells[c]) - np.mean(table[BASELINE][c]) for c in cells}
        mean = {name: np.mean([np.mean(table[name][c]) for c in cells]) for name in
                (*singles, "ensemble")}  # fmt: skip
        rest = max((name for name in singles), key=lambda name: mean[name])
        print(
            f"\n{regime}, {what}: ensemble is {min(to_best.values()):+.1%} against the best single "
            f"method of a cell where it is worst ({min(to_best, key=to_best.__getitem__)}), "
            f"{min(to_baseline.values()):+.1%} against the baseline where it is worst, and has "
            f"{mean['ensemble']:.1%} on the mean of the table; the next is {rest} with "
            f"{mean[rest]:.1%}."
        )
        worse = sorted(
            {name: sum(np.mean(table[name][c]) < np.mean(table[BASELINE][c]) for c in cells)
             for name in singles if name != BASELINE}.items(), key=lambda item: -item[1]
        )  # fmt: skip
        print(f"cells of {len(cells)} below the baseline: "
              + ", ".join(f"{name} {count}" for name, count in worse if count))  # fmt: skip


def columns(chosen: argparse.Namespace) -> Iterator[tuple[sets.Set, int, int]]:
    """Every set that is there with every number of labels, seed by seed."""
    for seed in range(chosen.first_seed, chosen.first_seed + chosen.seeds):
        for name in chosen.sets:
            found = sets.load(name, chosen.data)
            if found is None:
                print(f"{name}: not there; give --data FOLDER.", file=sys.stderr)
                continue
            for labels in chosen.labels:
                yield found, labels, seed


def rows(regime: str) -> list[str]:
    """What is run where no names are given: all on features, the leading ones on images."""
    if regime == "frozen":
        return [name for name in ROWS if name != PEER]
    return [*LEADING, *([PEER] if lamda.THERE else [])]


def measure(chosen: argparse.Namespace, regime: str, results: list[dict]) -> None:
    """Make the runs that are not among the results, and add them."""
    keys = ("name", "regime", "set", "labels", "seed")
    done = {tuple(line[key] for key in keys) for line in results}
    for found, labels, seed in columns(chosen):
        for name in chosen.names or rows(regime):
            if (name, regime, found.name, labels, seed) in done:
                continue
            line = run(name, found, regime, labels, seed, chosen.keep)
            results.append(line)
            print(json.dumps(line), file=sys.stderr, flush=True)
            if chosen.results:
                with chosen.results.open("a") as file:
                    file.write(json.dumps(line) + "\n")


def main() -> None:
    """Make the runs that are missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the two image sets")
    parser.add_argument("--regime", nargs="*", choices=list(STEPS), default=["frozen"])
    parser.add_argument("--sets", nargs="*", choices=list(sets.SETS), default=list(sets.SETS))
    parser.add_argument("--labels", nargs="*", type=int, default=[20, 40, 100])
    parser.add_argument("--names", nargs="*", choices=list(ROWS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for predictions")
    parser.add_argument("--results", type=Path, help="file to go on from")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    results: list[dict] = []
    if chosen.results and chosen.results.exists():
        results = [json.loads(line) for line in chosen.results.read_text().splitlines()]
    for regime in chosen.regime:
        measure(chosen, regime, results)
        for what in ("accuracy", "balanced"):
            title = {"accuracy": "accuracy", "balanced": "balanced accuracy"}[what]
            show(collect(results, regime, what), f"{regime}, test {title}")
        verdict(results, regime)


if __name__ == "__main__":
    main()
