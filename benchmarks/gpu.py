"""Is a graphics card right, how fast is it, and what when its memory runs out: one table.

`python benchmarks/gpu.py` begins nothing after six and a half minutes, so that it ends in eight;
what did not fit in is named. Its status is 0 if all that is wanted holds, 1 if something does not,
and 77 if there is no card. `--device cpu --small` takes the same path where there is none, with
sizes that say nothing.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when a card is first used

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from cards import correct, memory, speed
from cards.speed import Size
from cards.table import HEAD, Rows, Table

SECONDS = 6.5 * 60  # after which no part is begun
NO_CARD = 77  # what test drivers take for "not run"
PARTS = ("correctness", "speed", "memory")
SIZES = {  # rows, side, labeled rows a step, unlabeled ones a labeled one, repetitions
    "wide_resnet": Size(4_096, 32, 64, 7, 7),
    "efficientnet_lite0": Size(1_024, 224, 8, 7, 5),
    "embedding": Size(2_048, 224, 0, 0, 1),
    "round": Size(5_000, 96, 0, 0, 300),
    "memory": Size(1_024, 224, 32, 7, 3),
}
SMALL = {
    "wide_resnet": Size(80, 16, 4, 2, 1, judged=False),
    "efficientnet_lite0": Size(40, 32, 4, 2, 1, judged=False),
    "embedding": Size(24, 64, 0, 0, 1, judged=False),
    "round": Size(160, 16, 0, 0, 10, judged=False),
    "memory": Size(40, 32, 8, 2, 2, judged=False),
}


def parts(
    device: torch.device, sizes: dict[str, Size], compiled: bool
) -> list[tuple[str, str, Callable[[], Rows]]]:
    """Everything in its order: which part it is of, what it is called, and what runs it."""
    timed = [
        (
            "speed",
            f"a step of {name}, {'compiled' if each else 'not compiled'}",
            partial(speed.steps, name, sizes[name], device, compiled=each),
        )
        for each in ((False, True) if compiled else (False,))
        for name in ("wide_resnet", "efficientnet_lite0")
    ]
    script = Path(__file__)
    return [
        ("correctness", "card against CPU", partial(correct.as_a_cpu, device)),
        ("correctness", "after a kill", partial(correct.after_a_kill, device, script)),
        ("correctness", "every method and recipe", partial(correct.everything, device)),
        (
            "memory",
            "training",
            partial(memory.training, "efficientnet_lite0", sizes["memory"], device),
        ),
        ("memory", "embedding", partial(memory.embedding, sizes["embedding"], device)),
        *timed[:2],
        ("speed", "embedding", partial(speed.embedding, sizes["embedding"], device)),
        ("speed", "a whole round", partial(speed.whole_round, sizes["round"], device)),
        *timed[2:],
    ]


def described(device: torch.device) -> str:
    """The card, or what stands in for it, in words."""
    if device.type != "cuda":
        return "the CPU, in place of a card"
    found = torch.cuda.get_device_properties(device)
    return f"{found.name}, {found.total_memory / 2**30:.0f} GiB, CUDA {torch.version.cuda}"


def main() -> int:
    """Print the table; return the status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--small", action="store_true", help="sizes that only try the path")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.device == "cuda" and not torch.cuda.is_available():
        print(
            "There is no card here that torch can use, so nothing was measured. Run it on a "
            "machine with one and a torch for CUDA, or try the path with: "
            "python benchmarks/gpu.py --device cpu --small",
            file=sys.stderr,
        )
        return NO_CARD
    device = torch.device(chosen.device)
    if chosen.child:
        correct.child(chosen.child, device)
        return 0
    sizes = SMALL if chosen.small else SIZES
    print(f"{described(device)}; torch {torch.__version__}; {time.strftime('%Y-%m-%d')}\n")
    print(HEAD)
    table = Table(SECONDS)
    for part, name, run in parts(device, sizes, compiled=device.type == "cuda"):
        if part in chosen.only:
            table.run(f"{part}: {name}", run)
    print(f"\n{SECONDS - table.left:.0f} s in all; {table.failed} of what is wanted does not hold.")
    return int(table.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
