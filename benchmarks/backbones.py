"""What frozen images should look like: backbones and sides x sets, for three unlike learners.

`python benchmarks/backbones.py --data FOLDER [--images 500] [--sets …] [--labels 40 120]
[--seeds 3] [--rows …] [--networks …]`. Logistic regression and the graph learn from clean features,
on every row of the table; `uda`, a network on frozen features, sees augmented copies as well, which
takes four passes over the images: only for the rows and sets that `--networks` and
`--network-sets` name. "auto" is the side that a round takes without a GPU: that of the images, from
64 to 128 pixels. Cost is processor time on one core, over noise. A backbone whose weights are not
installed is left out.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import sets
import torch
from numpy.typing import NDArray

from ssl_core.backbones import build
from ssl_core.backbones.fold import folded
from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import preset
from ssl_core.data.sources import FeatureData
from ssl_core.errors import SSLError
from ssl_core.fingerprint import digest
from ssl_core.fits.neural import NeuralFit
from ssl_core.parts.graph.spreading import Spread
from ssl_core.parts.linear import Linear
from ssl_core.recipe import balanced
from ssl_core.types import Predictor, finish

SETS = ("brain MRI", "blood cells", "five scripts", "pneumonia", "digits")
CHUNK = 128
STEPS = 300
LAST = 256  # numbers that a multilevel network keeps of its last layer; they come first


@dataclass(frozen=True)
class Row:
    """What is seen: pairs of a backbone and a side in pixels (0: auto), side by side."""

    pieces: tuple[tuple[str, int], ...]
    width: int | None = None  # of the first numbers of each, if not all of them count
    whole: tuple[str, int] | None = None  # the backbone that makes all pieces of augmented copies


ROWS = {
    "lite0, auto": Row((("multilevel_lite0", 0),), whole=("multilevel_lite0", 0)),
    "lite0, 128": Row((("multilevel_lite0", 128),), whole=("multilevel_lite0", 128)),
    "lite0, 224": Row((("multilevel_lite0", 224),), whole=("multilevel_lite0", 224)),
    "lite0, 224, last layer": Row((("multilevel_lite0", 224),), LAST),
    "thorough": Row((("multilevel_lite0", 0), ("multilevel_lite0", 224)), whole=("thorough", 0)),
    "lite1, auto": Row((("multilevel_lite1", 0),), whole=("multilevel_lite1", 0)),
    "lite2, auto": Row((("multilevel_lite2", 0),), whole=("multilevel_lite2", 0)),
    "lite1, 224": Row((("multilevel_lite1", 224),), whole=("multilevel_lite1", 224)),
    "lite2, 224": Row((("multilevel_lite2", 224),), whole=("multilevel_lite2", 224)),
}
DEFAULT = [name for name in ROWS if name not in ("lite1, 224", "lite2, 224")]


class Views:
    """A set's images, at most so many, through any backbone at any side; kept in files."""

    def __init__(self, found: sets.Set, most: int) -> None:
        self.whole = found
        order = np.random.default_rng(0).permutation(len(found.y))
        self.rows = np.sort(order[:most])
        self.set = replace(
            found, images=found.images[self.rows], y=found.y[self.rows],
            groups=found.groups[self.rows],
        )  # fmt: skip

    def view(self, backbone: str, side: int, view: str) -> NDArray[np.float16]:
        """One view of every image through a backbone, (N, D)."""
        if (backbone, side) == ("multilevel_lite0", 0):
            return self.whole.view(view)[self.rows]
        side = side or self.set.size
        mark = digest(self.set.name, backbone, side, view, repr(preset(self.set.preset)),
                      self.rows.tolist())  # fmt: skip
        path = sets.CACHE / f"{self.set.name.replace(' ', '-')}-{backbone}-{side}-{view}-{mark}.npy"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part.npy")
            np.save(part, self._embed(backbone, side, view))
            part.replace(path)
        return np.load(path)

    @torch.inference_mode()
    def _embed(self, backbone: str, side: int, view: str) -> NDArray[np.float16]:
        network = folded(build(backbone, self.set.images.shape[1], 2))
        generator = torch.Generator().manual_seed(sets.VIEWS.index(view))
        change = {"c": None, "w": weak, "s": strong}[view[0]]
        parts = []
        for start in range(0, len(self.set.images), CHUNK):
            batch = torch.from_numpy(self.set.images[start : start + CHUNK]).float().div(255)
            batch = torch.nn.functional.interpolate(
                batch, (side, side), mode="bilinear", antialias=True
            )
            if change is not None:
                batch = change(batch, preset(self.set.preset), generator)
            parts.append(network.encode(batch).half().numpy())
        return np.concatenate(parts)

    def clean(self, row: Row) -> torch.Tensor:
        """The images as a row sees them, (N, D) float32."""
        pieces = [self.view(*piece, "clean")[:, : row.width] for piece in row.pieces]
        return torch.from_numpy(np.concatenate(pieces, 1)).float()

    def augmented(self, row: Row) -> FeatureData:
        """The same with the copies that a round caches."""
        assert row.whole is not None
        seen = [self.view(*row.whole, view) for view in sets.VIEWS]
        return FeatureData(seen[0], seen[1][None], np.stack(seen[2:]))


def score(seen: Views, model: Predictor, seed: int) -> float:
    """Accuracy on the test images of a seed, 0 to 1."""
    test = np.flatnonzero(seen.set.test(seed))
    said = model.probabilities(torch.from_numpy(test)).argmax(1).numpy()
    return float((said == seen.set.y[test]).mean())


def learned(seen: Views, row: Row, labels: int, seed: int, network: bool) -> dict[str, float]:
    """Accuracy of each learner on one row's features."""
    known = torch.from_numpy(seen.set.labeled(labels, seed))
    y = torch.full((len(seen.set.y),), -1)
    y[known] = torch.from_numpy(seen.set.y)[known]
    pool = torch.from_numpy(~seen.set.test(seed))
    rows, classes, x = pool.nonzero().squeeze(1), seen.set.num_classes, seen.clean(row)
    models: dict[str, Predictor] = {
        "logistic": Linear(x.__getitem__, rows, y[rows], classes, strength=0.1),
        "graph": Spread(x.__getitem__, rows, y[rows], classes, k=8, alpha=0.9),
    }
    if network:
        data = seen.augmented(row)
        head = build("mlp", data.num_features, classes, seed=seed)
        fit = NeuralFit(data, head, method="uda", pool=pool, steps=STEPS, device="cpu", seed=seed)
        models["uda"] = finish(fit(*balanced(known, y[known])))
    return {name: score(seen, model, seed) for name, model in models.items()}


@torch.inference_mode()
def cost(row: Row, side: int) -> float:
    """Seconds of processor time a thousand images of `side` pixels, one core."""
    total = 0.0
    for backbone, own in row.pieces:
        network = folded(build(backbone, 3, 2))
        images = torch.rand(32, 3, own or side, own or side)
        network.encode(images)  # the first pass also chooses kernels
        start = time.process_time()
        network.encode(images)
        total += (time.process_time() - start) / len(images) * 1000
    return total


Results = dict[str, dict[tuple[str, str, int], list[float]]]  # row -> (learner, set, labels)


def show(results: Results, costs: dict[str, float], side: int) -> None:
    """Print a table a learner: percent, mean over seeds, and the mean of its columns."""
    for learner in ("logistic", "graph", "uda"):
        table = {
            name: {key[1:]: values for key, values in row.items() if key[0] == learner}
            for name, row in results.items()
        }
        table = {name: row for name, row in table.items() if row}
        if not table:
            continue
        columns = list(dict.fromkeys(key for row in table.values() for key in row))
        print(f"\n{learner}, test accuracy in percent\n")
        print("| sees | " + " | ".join(f"{name}, {labels}" for name, labels in columns)
              + f" | mean | s a 1,000 images of {side} px |")  # fmt: skip
        print("|---|" + "---|" * (len(columns) + 2))
        for name, row in table.items():
            means = [100 * float(np.mean(row[c])) if c in row else None for c in columns]
            cells = [f"{value:.1f}" if value is not None else "–" for value in means]
            whole = [value for value in means if value is not None]
            mean = f"{np.mean(whole):.1f}" if len(whole) == len(columns) else "–"
            print(f"| {name} | " + " | ".join(cells) + f" | {mean} | {costs[name]:.1f} |")


def there(names: Sequence[str], side: int) -> dict[str, float]:
    """What each row costs, of those whose weights are installed."""
    costs = {}
    for name in names:
        try:
            costs[name] = cost(ROWS[name], side)
        except SSLError as error:
            print(f"{name}: left out. {error}", file=sys.stderr)
    return costs


def measure(chosen: argparse.Namespace, names: Sequence[str]) -> Results:
    """Every row on every set, budget and seed."""
    results: Results = defaultdict(lambda: defaultdict(list))
    for set_name in chosen.sets:
        found = sets.load(set_name, chosen.data)
        if found is None:
            print(f"{set_name}: not there; give --data FOLDER.", file=sys.stderr)
            continue
        seen = Views(found, chosen.images)
        for name in names:
            network = name in chosen.networks and set_name in chosen.network_sets
            for labels in chosen.labels:
                for seed in range(chosen.seeds):
                    for learner, right in learned(seen, ROWS[name], labels, seed, network).items():
                        results[name][learner, set_name, labels].append(right)
            means = {key[0::2]: f"{np.mean(got):.1%}" for key, got in results[name].items()
                     if key[1] == set_name}  # fmt: skip
            print(f"{set_name}, {name}: {means}", file=sys.stderr, flush=True)
    return results


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the image sets")
    parser.add_argument("--images", type=int, default=500, help="of a set, at most")
    parser.add_argument("--sets", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--labels", nargs="*", type=int, default=[40, 120])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", nargs="*", choices=list(ROWS), default=DEFAULT)
    parser.add_argument("--networks", nargs="*", choices=list(ROWS), default=["lite0, auto"])
    parser.add_argument("--network-sets", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--side", type=int, default=128, help="of the images whose cost is told")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    costs = there(chosen.rows, chosen.side)
    show(measure(chosen, list(costs)), costs, chosen.side)


if __name__ == "__main__":
    main()
