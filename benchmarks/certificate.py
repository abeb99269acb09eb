"""How often the certificate is false, and how much it releases, beside the rules in use today.

`python benchmarks/certificate.py [--data FOLDER] [--labels 100 200 500] [--target 0.95]
[--audits 2000] [--kinds invented real hostile experts] [--rules …] [--results FILE]`. Each cell is
so many audits: of invented pools (5,000 rows) twenty for each of a hundred pools, of real ones 400
for each of five draws of labels, of hostile ones, built so that a single wrong row too many
decides, as many for each of the sizes. One thread. `--results` keeps each cell as a line of JSON,
and cells that are there are not made again. `experts` miss errors on the flat pool.

For each: rows released, as a share of what an oracle would (the longest prefix that is good), and
how often more rows were wrong than promised, with the exact 95 % interval of that share.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from certifying.pools import HOSTILE, INVENTED, REAL, Pool, real
from certifying.rules import FIXED, RULES

from ssl_core.measure.certificate import allowed, chain, drawn, gates
from ssl_core.measure.certificate.expert import stricter
from ssl_core.measure.proportion import interval

DELTA = 0.05
SIZE = 5000
POOLS = {"invented": 100, "real": 5, "hostile": 5}
KINDS = [*POOLS, "experts"]
HOSTILE_SIZES = (60, 200, 500, 1000, 2000, 5000)
HOSTILE_LABELS = 200
DRAWS, PLANTED = 10_000, 100  # of the experts

Cell = dict[str, object]


def pools(
    kind: str, name: str, target: float, data: Path | None
) -> Iterator[tuple[str, list[Pool]]]:
    """Each cell's pools, with what they are called."""
    count = POOLS[kind]
    if kind == "invented":
        rngs = [np.random.default_rng([seed, 1]) for seed in range(count)]
        yield name, [INVENTED[name](SIZE, rng) for rng in rngs]
    elif kind == "real":
        for labels in REAL[name]:
            found = [real(name, labels, seed, data) for seed in range(count)]
            if None in found:
                print(f"{name}: not there; give --data FOLDER.", file=sys.stderr)
            else:
                yield f"{name}, {labels} labels", found
    else:
        for size in HOSTILE_SIZES:
            rngs = [np.random.default_rng([seed, size]) for seed in range(count)]
            epsilon = round(1 - target, 4)
            yield f"{name}, {size:,} rows", [HOSTILE[name](size, epsilon, rng) for rng in rngs]


def wanted(given: argparse.Namespace) -> Iterator[tuple[str, str, list[Pool], int]]:
    """Every kind, its pools with their name, and the numbers of labels."""
    names = {"invented": INVENTED, "real": REAL, "hostile": HOSTILE}
    for kind in given.kinds:
        for name in names.get(kind, ()):
            for told, found in pools(kind, name, given.target, given.data):
                for m in [HOSTILE_LABELS] if kind == "hostile" else given.labels:
                    yield kind, told, found, m


def measure(found: list[Pool], rule: str, m: int, target: float, audits: int, alike: bool) -> Cell:
    """Play the audits of one cell, as many for each pool; pools that are `alike` share no draw."""
    epsilon = round(1 - target, 4)
    released, oracle, false, own = 0, 0, 0, 0
    each = -(-audits // len(found))
    for place, pool in enumerate(found):
        audit = RULES[rule](pool, min(m, len(pool.wrong)), epsilon, DELTA)
        counted, best = pool.counted(), pool.oracle(epsilon)
        for number in range(each):
            k = audit(number + each * place * alike)
            released, oracle = released + k, oracle + best
            false += int(counted[k] > allowed(epsilon, k))
            own += int(counted[k] > epsilon * len(pool.wrong))
    n = each * len(found)
    return {
        "accuracy": float(np.mean([1 - pool.wrong.mean() for pool in found])),
        "oracle": oracle / n / np.mean([len(pool.wrong) for pool in found]),
        "coverage": released / oracle if oracle else None,
        "false": false, "own": own, "audits": n,
    }  # fmt: skip


def experts() -> None:
    """Print how often a certificate is false on the flat pool, where the expert misses errors."""
    pool = HOSTILE["flat"](SIZE, 0.05, np.random.default_rng(0))
    at, rng = gates(SIZE, HOSTILE_LABELS, 0.05, DELTA), np.random.default_rng(1)
    print(f"\nexperts\n\n| errors missed | false | with {PLANTED} planted |\n|---|---|---|")
    for missed in (0, 0.1, 0.2, 0.3):
        plain, careful = 0, 0
        for seed in range(DRAWS):
            rows = drawn(seed, SIZE, HOSTILE_LABELS)
            wrong = rows[pool.wrong[rows]]
            told = wrong[rng.random(len(wrong)) >= missed]
            plain += chain(told, SIZE, at, 2, 4) > 0
            by = stricter(0.05, DELTA, PLANTED, int(rng.binomial(PLANTED, missed)))
            k = chain(told, SIZE, gates(SIZE, HOSTILE_LABELS, by.epsilon, by.delta), 2, 4)
            careful += k > 0
        found = [_false({"false": each, "audits": DRAWS}) for each in (plain, careful)]
        print(f"| {missed:.0%} | {' | '.join(found)} |")


def show(cells: list[Cell], kind: str, rules: list[str]) -> None:
    """Print a table of one kind: a row a pool and number of labels, a column a rule."""
    rows: dict[tuple[object, object], dict[object, Cell]] = {}
    for cell in cells:
        if cell["kind"] == kind:
            rows.setdefault((cell["pool"], cell["labels"]), {})[cell["rule"]] = cell
    if not rows:
        return
    print(f"\n{kind}\n\n| pool | right | oracle | labels | " + " | ".join(rules) + " |")
    print("|---|---|---|---|" + "---|" * len(rules))
    for (name, labels), by_rule in rows.items():
        one = next(iter(by_rule.values()))
        told = [_told(by_rule.get(rule)) for rule in rules]
        print(f"| {name} | {one['accuracy']:.1%} | {one['oracle']:.2f} | {labels} | "
              + " | ".join(told) + " |")  # fmt: skip
    for rule in rules:
        worst = max((c for c in cells if c["kind"] == kind and c["rule"] == rule),
                    key=lambda c: c["false"] / c["audits"], default=None)  # fmt: skip
        if worst:
            print(f"\n{rule}: false at worst {_false(worst)} ({worst['pool']}, {worst['labels']})")


def _told(cell: Cell | None) -> str:
    if cell is None:
        return "–"
    coverage = "–" if cell["coverage"] is None else f"{cell['coverage']:.2f}"
    return f"{coverage}; {_false(cell)}"


def _false(cell: Cell) -> str:
    low, high = interval(int(cell["false"]), int(cell["audits"]))
    return f"{cell['false'] / cell['audits']:.1%} ({100 * low:.1f}–{100 * high:.1f})"


def main() -> None:
    """Make the cells that are missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the image sets")
    parser.add_argument("--labels", nargs="*", type=int, default=[100, 200, 500])
    parser.add_argument("--target", type=float, default=0.95)
    parser.add_argument("--audits", type=int, default=2000)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--rules", nargs="*", choices=list(RULES), default=list(RULES))
    parser.add_argument("--results", type=Path, help="file to go on from")
    given = parser.parse_args()
    cells: list[Cell] = []
    if given.results and given.results.exists():
        cells = [json.loads(line) for line in given.results.read_text().splitlines()]
    keys = ("kind", "pool", "labels", "rule", "target")
    done = {tuple(cell[key] for key in keys) for cell in cells}
    for kind, told, found, m in wanted(given):
        for rule in given.rules:
            if (kind, told, m, rule, given.target) in done or (kind, rule) == ("hostile", FIXED):
                continue  # what a hostile model is sure of is anybody's guess
            start = time.perf_counter()
            played = measure(found, rule, m, given.target, given.audits, kind == "hostile")
            cell = {"kind": kind, "pool": told, "labels": m, "rule": rule, "target": given.target}
            cells.append(cell := cell | played)
            took = time.perf_counter() - start
            print(f"{took:.1f} s {json.dumps(cell)}", file=sys.stderr, flush=True)
            if given.results:
                with given.results.open("a") as file:
                    file.write(json.dumps(cell) + "\n")
    for kind in [each for each in given.kinds if each in POOLS]:
        show([cell for cell in cells if cell["target"] == given.target], kind, given.rules)
    if "experts" in given.kinds:
        experts()


if __name__ == "__main__":
    main()
