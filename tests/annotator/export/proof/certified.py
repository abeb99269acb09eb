"""A certified export that is made up: 240 images, an audit of 60, and labels by hand."""

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from annotator.export.line import COLUMNS
from annotator.export.proof import record
from annotator.export.proof.record import Frozen
from annotator.export.proof.verify import verify
from ssl_core.measure.certificate import chain, claims, drawn, gates
from ssl_core.measure.certificate.attempts import Again
from ssl_core.measure.certificate.expert import stricter

N, M, m = 200, 180, 60
TARGET, EPSILON, DELTA = "0.9", "0.1", "0.05"
MODEL = "0123456789abcdef"
SEED = 2**100 + 7
TIME = "2026-01-0{}T12:00:00+00:00"


# What an exported row has of who said it
BY_HAND = {"annotator": "al", "at": TIME.format(3), "round": "", "model": "", "confidence": ""}


def by_model(row):
    """What an exported row has of a model that said it."""
    return {"round": "1", "model": MODEL, "confidence": row.score}


def content(number):
    """The bytes of an image file."""
    return f"image {number}".encode() * 9


def sha256(number):
    return hashlib.sha256(content(number)).hexdigest()


def truth(number):
    return "cat" if number % 2 else "dog, =1+1"


def frozen_rows():
    """200 rows of the pool in their order, 20 that were labeled before, 20 test images."""
    scores = [f"{1 - place / 500:.3f}" for place in range(0, N, 2) for _ in range(2)]
    keys = sorted((-float(score), sha256(number), number) for number, score in enumerate(scores))
    order = []
    for rank, (score, digest, number) in enumerate(keys):
        wrong = rank in (150, 170, 190, 191)
        pseudo = truth(number + 1) if wrong else truth(number)
        order.append(Frozen(digest, "pool", rank, str(-score), pseudo))
    rest = [Frozen(sha256(n), "test" if n % 2 else "pool") for n in range(N, N + 40)]
    return [*order, *rest]


def plans_before(spent, **same):
    """The plans of the attempts before the last, by what an attempt after them needs of each."""
    return [same | {"spent": list(spent[: place + 1]), "turn": min(place + 1, same["turn"])}
            for place in range(len(spent) - 1)]  # fmt: skip


def evidence_of(frozen, *, strict=False, planted=0, known=(), spent=(DELTA,), declared=()):
    """What an honest tool writes, by the science itself."""
    order = [row for row in frozen if row.rank is not None]
    number = {sha256(n): n for n in range(N + 40)}
    is_wrong = {row.rank: row.pseudo != truth(number[row.id]) for row in order}
    bound = stricter(EPSILON, spent[-1], planted, 1) if planted else None
    epsilon, delta = (bound.epsilon, bound.delta) if bound else (EPSILON, spent[-1])
    less = m + len(known) if strict else 0
    again = Again(M, m, epsilon, delta, known=known, less=less,
                  wrong=[rank for rank in known if is_wrong[rank]])  # fmt: skip
    ranks = again.ranks(drawn(SEED, again.population, m).tolist())
    errors = [rank for rank in ranks if is_wrong[rank]]
    k = again.chain(errors, 1, 2)
    if not known:
        assert k == chain(errors, M, gates(M, m, epsilon, delta, less), 1, 2)
    seen, bad = [*ranks, *known], [*errors, *(rank for rank in known if is_wrong[rank])]
    n, x = sum(rank < k for rank in seen), sum(rank < k for rank in bad)
    told = claims(k, n, x, EPSILON, less) if k else None
    series = {"target": TARGET, "strict": strict, "class": None,
              "declared": list(declared or spent[-1:]),
              "turn": len(spent) if declared else 1}  # fmt: skip
    earlier = plans_before(spent, **series)
    plan = {
        "task": "all", "attempt": len(spent), "spent": list(spent), **series,
        "earlier": [record.plan_hash(each) for each in earlier],
        "population": len(order), "pilot": 25, "M": M, "m": m, "c0": 1, "cf": 2,
        "order_hash": record.order_hash(order), "labels_hash": record.labels_hash(order),
        "splits_hash": record.splits_hash(frozen), "model_hash": MODEL,
        "known": [{"id": order[rank].id, "wrong": is_wrong[rank]} for rank in known],
        "planned_at": TIME.format(1),
        "planted": [{"id": sha256(n), "answer": truth(n), "how": "agreed"}
                    for n in range(N, N + 2 * planted, 2)],
    }  # fmt: skip
    rows = []
    for place, rank in enumerate(ranks):
        row, given = order[rank], truth(number[order[rank].id])
        at = TIME.format(3).replace(":00:00", f":00:{place:02}")
        # Every tenth first says something else, and looks again
        blind = truth(number[row.id] + 1) if place % 10 == 4 else given
        second = [{"by": "bo", "answer": given, "at": TIME.format(4)}] if blind != given else []
        rows.append(
            {"id": row.id, "rank": rank, "pseudo": row.pseudo, "adjudicated": given,
             "blind": [{"by": "al", "answer": blind, "at": at}], "second": second,
             "wrong": given != row.pseudo}
        )  # fmt: skip
    return {
        "version": 1, "plan": plan, "plan_hash": record.plan_hash(plan), "seed": str(SEED),
        "numpy": np.__version__, "seeded_at": TIME.format(2), "closed_at": TIME.format(5),
        "expert": {"repeats": 0, "differed": 0, "planted": planted, "missed": int(planted > 0),
                   "beta": str(bound.missed) if bound else None,
                   "answers": [{"id": sha256(n), "passed": False, "blind": [
                       {"by": "al", "answer": truth(n + (n == N)), "at": TIME.format(4)}]}
                       for n in range(N, N + 2 * planted, 2)]},
        "earlier": earlier, "extends": None,
        "gates": again.gates(), "rows": rows, "n": n, "x": x, "k": k,
        "claims": told and {
            "proposed": str(told.proposed), "corrected": str(told.corrected),
            "unseen": None if told.unseen is None else str(told.unseen),
            "false_at_most": str(again_sum(spent)),
        },
    }  # fmt: skip


def again_sum(spent):
    from fractions import Fraction

    return sum(Fraction(each) for each in spent)


def make(folder: Path, **options) -> Path:
    """Write an export with its images, its table and its evidence; return its folder."""
    frozen = frozen_rows()
    evidence = evidence_of(frozen, **options)
    number = {sha256(n): n for n in range(N + 40)}
    human = {row["id"]: row["adjudicated"] for row in evidence["rows"]}
    human |= {each["id"]: truth(number[each["id"]]) for each in evidence["plan"]["known"]}
    human |= {row.id: truth(number[row.id]) for row in frozen if row.rank is None}
    (folder / "images").mkdir(parents=True)
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in frozen:
            released = row.rank is not None and row.rank < evidence["k"]
            if row.id not in human and not released:
                continue
            path = f"images/{row.id}.png"
            (folder / path).write_bytes(content(number[row.id]))
            source = "human" if row.id in human else "pseudo"
            writer.writerow(
                {"path": path, "name": f"{number[row.id]}.png", "sha256": row.id,
                 "file_sha256": row.id, "label": human.get(row.id, row.pseudo), "source": source,
                 "split": row.split, **(BY_HAND if source == "human" else by_model(row))}
            )  # fmt: skip
    record.write(folder, evidence, frozen)
    return folder


def edit(folder, change):
    """Change the evidence as JSON."""
    path = folder / record.EVIDENCE
    evidence = json.loads(path.read_text())
    change(evidence)
    path.write_text(json.dumps(evidence))


def replan(folder, **changes):
    """Change the plan, and its hash along."""

    def change(evidence):
        evidence["plan"].update(changes)
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(folder, change)


def edit_lines(folder, change):
    """Change the exported table: `change` gets all lines and gives those to write."""
    path = folder / "labels.csv"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(change(lines))


def edit_frozen(folder, change):
    """Change the frozen rows: `change` gets them all and gives those to write."""
    found = record.read(folder)
    record.write(folder, found.evidence, change(list(found.frozen)))


def swapped(rows, one, other):
    """Two rows that change their ranks."""
    at = {row.rank: place for place, row in enumerate(rows) if row.rank is not None}
    first, second = rows[at[one]], rows[at[other]]
    rows[at[one]], rows[at[other]] = replace(first, rank=other), replace(second, rank=one)
    return rows


def a_rank(folder):
    """Change places of two rows of the order, and keep all else."""
    edit_frozen(folder, lambda rows: swapped(rows, 20, 21))


def the_seed(folder):
    """Claim that another one was drawn."""
    edit(folder, lambda evidence: evidence.update(seed="12345"))


def first(lines, source, **wanted):
    """The first exported line of that source with such values."""
    return next(
        line for line in lines
        if line["source"] == source and all(line[key] == value for key, value in wanted.items())
    )  # fmt: skip


def told(check, folder):
    """What one check complains of."""
    return " ".join(check(record.read(folder)))


def failed(folder):
    """The steps that do not hold, with what they say."""
    return {step.name: step.told for step in verify(folder) if not step.holds}
