"""Nearest neighbors: cost by the number of rows, and how many cells find of the true ones.

`python benchmarks/neighbors.py [--data FOLDER] [--most 1000000] [--threads 1]`. The first table is
of made-up unit rows of 512 numbers around 200 centers; scikit-learn compares them all as long as
that takes minutes. The second is of real images' features, with cells although they are few, and
says whether comparing all in single precision joins the same rows as scikit-learn does.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import torch
from sets import SETS, load
from sklearn.neighbors import NearestNeighbors
from torch import Tensor
from torch.nn import functional as F

from ssl_core.parts.graph.neighbors import EXACT, Neighbors

K = 8
WIDE, LOCAL, GROUPS = 512, 17, 200
ASKED = 1000  # rows whose true neighbors are sought
LONG = 40_000  # rows from which comparing all is left out


def clustered(n: int) -> Tensor:
    """Make unit rows (n, WIDE) around centers, each spread in a few directions of its own."""
    source = torch.Generator().manual_seed(0)
    centers = torch.randn(GROUPS, WIDE, generator=source)
    spans = torch.randn(GROUPS, LOCAL, WIDE, generator=source)
    group = torch.randint(GROUPS, (n,), generator=source).sort().values
    rows = torch.empty(n, WIDE)
    for one in range(GROUPS):
        mine = group == one
        step = torch.randn(int(mine.sum()), LOCAL, generator=source) @ spans[one]
        rows[mine] = F.normalize(centers[one] + 0.6 * step)
    return rows[torch.randperm(n, generator=source)]


def ours(unit: Tensor, exact: int = EXACT) -> tuple[Neighbors, Tensor, float]:
    """Each row's K nearest others, and the processor's seconds that took."""
    start = time.process_time()
    among = Neighbors(unit, exact=exact)
    ids, _ = among.nearest(unit, K, but=torch.arange(len(unit)))
    return among, ids, time.process_time() - start


def theirs(unit: Tensor) -> tuple[Tensor, float]:
    """The same by scikit-learn, which counts the row itself."""
    start = time.process_time()
    both = NearestNeighbors(n_neighbors=K + 1).fit(unit.numpy())
    found = torch.from_numpy(both.kneighbors(unit.numpy(), return_distance=False))
    return found, time.process_time() - start


def recall(unit: Tensor, ids: Tensor) -> float:
    """The share of the true neighbors of some rows that are among `ids`."""
    asked = torch.randperm(len(unit), generator=torch.Generator().manual_seed(1))[:ASKED]
    cosines = unit[asked] @ unit.T
    cosines[torch.arange(len(asked)), asked] = -2
    true = cosines.topk(K).indices
    return (ids[asked][:, :, None] == true[:, None]).any(1).float().mean().item()


def same(ids: Tensor, among: Tensor) -> float:
    """The share of rows whose neighbors are all among the other's, which may hold itself too."""
    both = zip(ids.tolist(), among.tolist(), strict=True)
    return sum(set(mine) <= set(other) for mine, other in both) / len(ids)


def growth(most: int) -> None:
    """Print the table of costs."""
    print("| rows | cells | looked in | CPU s | scikit-learn, CPU s | recall@8 | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for n in (10_000, 20_000, 100_000, 300_000, 1_000_000):
        if n > most:
            break
        unit = clustered(n)
        among, ids, seconds = ours(unit)
        high = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        all_ = f"{theirs(unit)[1]:.1f}" if n <= LONG else ""
        print(
            f"| {n:,} | {len(among.sizes):,} | {among.probes} | {seconds:.1f} | {all_} | "
            f"{recall(unit, ids):.3f} | {high:,.0f} |",
            flush=True,
        )


def real(data: Path | None) -> None:
    """Print the table of real sets."""
    print(
        "\n| set | rows | cells | looked in | recall@8 | rows joined as scikit-learn joins them |"
    )
    print("|---|---|---|---|---|---|")
    for name in SETS:
        images = load(name, data)
        if images is None:
            continue
        unit = F.normalize(torch.from_numpy(images.view("clean")).float())
        among, ids, _ = ours(unit, exact=0)
        agree = same(ours(unit)[1], theirs(unit)[0])
        print(
            f"| {name} | {len(unit):,} | {len(among.sizes)} | {among.probes} | "
            f"{recall(unit, ids):.3f} | {100 * agree:.2f} % |",
            flush=True,
        )


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    options.add_argument("--most", type=int, default=100_000)
    options.add_argument("--threads", type=int, default=1)
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    growth(given.most)
    real(given.data)


if __name__ == "__main__":
    main()
