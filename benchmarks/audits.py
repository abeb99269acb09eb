"""A certificate as the app gives it, on the demo: 60 labels, a round, and audits of it on copies.

What an audit releases depends on its draw, so the round is audited many times, each on a copy of
the database. Whoever answers knows the truth.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from annotator.asking import answers
from annotator.auditing.auditor import Auditor
from annotator.cli.demo import write_demo
from annotator.model import LabelEvent, Settings
from annotator.service import Service
from annotator.simulating.loop import wait
from annotator.store import Store

LABELS = 60  # before the round, those of test images among them
DIGITS = [str(digit) for digit in range(10)]
BATCH = 10  # answers between two looks at the audit


class Audited(NamedTuple):
    """What one audit released."""

    rows: int  # of the order
    released: int
    right: float  # share of the released


def main() -> None:
    """Print a line for each number of labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, nargs="+", default=[124, 200])
    parser.add_argument("--audits", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "demo"
        truth = made(root)
        print("| labels | audits | released nothing | released, mean | of them right |")
        print("|---|---|---|---|---|")
        for labels in given.labels:
            found = [audited(root, truth, labels) for _ in range(given.audits)]
            print(told(labels, found), flush=True)


def made(root: Path) -> dict[str, str]:
    """Make the demo with a round; return the true digit of each image by name."""
    settings = Settings(preset="handwriting", round_every=0, least_look=0)
    service = Service.create(root, DIGITS, settings)
    with tempfile.TemporaryDirectory() as folder:
        with write_demo(Path(folder)).open(newline="") as file:
            truth = {Path(row["path"]).name: row["label"] for row in csv.DictReader(file)}
        service.import_source(Path(folder) / "digits")
    service.ensure_worker()
    list(wait(service))
    answer(service.store, truth, LABELS)
    service.start_round()
    service.ensure_worker()
    list(wait(service))
    latest = service.store.results.latest()
    assert latest
    said = service.store.results.pseudo_labels(latest.number, 0.0)
    images = service.store.images.many(each.image_id for each in said)
    names = {each.id: each.name for each in service.classes()}
    right = statistics.mean(
        names[each.class_id] == truth[Path(images[each.image_id].name).name] for each in said
    )
    print(f"{len(said):,} pseudo-labels, {right:.1%} of them right\n", flush=True)
    service.close()
    return truth


def answer(store: Store, truth: dict[str, str], n: int) -> None:
    """Answer the next n questions truly."""
    ids = {each.name: each.id for each in store.classes.active()}
    first = store.labels.acknowledged("bench") + 1
    events = [
        LabelEvent(
            "bench",
            first + place,
            "label",
            each.image.id,
            each.image.sha256,
            ids[truth[Path(each.image.name).name]],
            time.time(),
            1.0,
        )
        for place, each in enumerate(answers.lease(store, "bench", "bench", n)[:n])
    ]
    answers.record(store, events, "bench")


def audited(root: Path, truth: dict[str, str], labels: int) -> Audited:
    """Audit the round at 95 % with a confidence of 95 %, on a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "certilabel.db"
        Store(root / "certilabel.db").db.run("VACUUM INTO :copy", {"copy": str(copy)})
        store = Store(copy)
        auditor = Auditor(store, "demo", "bench")
        number = auditor.begin(labels).number
        while (progress := auditor.status()) and progress.waiting and not progress.hopeless:
            answer(store, truth, BATCH)
        result = auditor.close()
        rows = list(store.orders.rows(number, 0, result.released))
        images = store.images.many(each.image_id for each in rows)
        names = {each.id: each.name for each in store.classes.all()}
        right = [
            names[each.class_id] == truth[Path(images[each.image_id].name).name] for each in rows
        ]
        store.db.close()
    return Audited(result.rows, result.released, statistics.mean(right) if right else 1.0)


def told(labels: int, found: list[Audited]) -> str:
    """A line of the table."""
    some = [each.right for each in found if each.released]
    share = statistics.mean(each.released / each.rows for each in found)
    right = f"{min(some):.1%}–{max(some):.1%}" if some else ""
    return f"| {labels} | {len(found)} | {len(found) - len(some)} | {share:.0%} | {right} |"


if __name__ == "__main__":
    main()
