"""How honest the confidence of the default method is, before and after labels were asked about it.

`python benchmarks/confidence.py --data FOLDER [--sets …] [--labels 40 100] [--seeds 3]`. "Before":
what the ensemble's learners say, each counted by what it counts before any label has spoken.
"After": what a round ships, weighed and cooled by labels that were kept from the learners. Both are
of the same fits, on test images; errors are in 15 bins of equally many images.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import sets
import torch
from methods import Problem
from numpy.typing import NDArray

from ssl_core.evidence.altered import Altered
from ssl_core.evidence.weighing import Tempered, pooled
from ssl_core.measure.calibration import brier, calibration_error, classwise_error, log_loss
from ssl_core.parts.committee import Committee
from ssl_core.recipes.ensemble import votes
from ssl_core.start import start
from ssl_core.types import finish

MEASURES = {
    "ECE": calibration_error,
    "classwise ECE": classwise_error,
    "Brier": brier,
    "log loss": log_loss,
}
CHOSEN = ("digits", "blood cells", "brain MRI", "five scripts")

Probabilities = NDArray[np.floating]


def said(problem: Problem) -> tuple[Probabilities, Probabilities]:
    """Train the ensemble; return what it says of the test rows before and after, (t, C) each."""
    model = finish(
        start("ensemble", problem.data, problem.y, problem.network(), **problem.settings)
    )
    assert isinstance(model, Committee)
    rows = torch.from_numpy(problem.test).nonzero().squeeze(1)
    bare = [each.inner if isinstance(each, Tempered) else each for each in model.members]
    assert isinstance(bare[0], Altered)  # the graph, made as frequent as the pool
    counts = votes(len(problem.known) / problem.set.num_classes)
    before = Committee(bare, pooled([each / sum(counts) for each in counts]))
    return before.probabilities(rows).numpy(), model.probabilities(rows).numpy()


def measured(problem: Problem) -> list[list[float]]:
    """Return each of MEASURES, and the accuracy, before and after: (5, 2)."""
    truth = problem.set.y[problem.test]
    pair = said(problem)
    found = [[measure(truth, each) for each in pair] for measure in MEASURES.values()]
    return [*found, [float((each.argmax(1) == truth).mean()) for each in pair]]


def main() -> None:
    """Print a line a set and number of labels, means over seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the image sets")
    parser.add_argument("--sets", nargs="*", choices=list(sets.SETS), default=list(CHOSEN))
    parser.add_argument("--labels", nargs="*", type=int, default=[40, 100])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    print("| set | labels | " + " | ".join(MEASURES) + " | right | seeds |")
    print("|---|---|" + "---|" * (len(MEASURES) + 2))
    for name in chosen.sets:
        found = sets.load(name, chosen.data)
        if found is None:
            print(f"{name}: not there; give --data FOLDER.", file=sys.stderr)
            continue
        for labels in chosen.labels:
            runs = []
            for seed in range(chosen.seeds):
                runs.append(measured(Problem(found, "frozen", labels, seed)))
                print(json.dumps([name, labels, seed, runs[-1]]), file=sys.stderr, flush=True)
            *errors, right = np.mean(runs, axis=0)
            cells = [f"{before:.3f} / {after:.3f}" for before, after in errors]
            cells.append(f"{right[0]:.1%} / {right[1]:.1%}")
            print(f"| {name} | {labels} | {' | '.join(cells)} | {len(runs)} |", flush=True)


if __name__ == "__main__":
    main()
