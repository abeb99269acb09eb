"""How long a round takes: the demo's 5,000 digits, from the claim of the job to the stored results.

`python benchmarks/rounds.py [--regime frozen finetune]` labels 100 images in a workspace of its
own, fills the caches, then times rounds of each regime and method through the real store. A round
is baseline, method, prediction of all images, storing and choosing the next questions. It is set
beside the same trainings alone, called from Python on data in memory.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import csv
import statistics
import tempfile
import time
from pathlib import Path

from annotator.cli import demo
from annotator.model import LabelEvent, Settings
from annotator.rounds.features import Features
from annotator.rounds.learn import learn, rows_of
from annotator.rounds.plan import decide
from annotator.rounds.snapshot import take
from annotator.rounds.train import BESIDE
from annotator.service import Service
from annotator.worker.loop import Worker
from ssl_core.training.trainer import pick_device
from ssl_core.types import finish

REPETITIONS = 3
ROUNDS = (  # regime, method, limit in seconds on two cores
    ("frozen", "fixmatch", 20),
    ("frozen", "ensemble", 60),
    ("finetune", "fixmatch", 60),
    ("finetune", "ensemble", 120),
)


def make(folder: Path) -> Service:
    """A demo workspace with 100 pool labels and all test labels."""
    truth_file = demo.write_demo(folder / "source")
    with truth_file.open(newline="") as file:
        truth = {Path(row["path"]).name: row["label"] for row in csv.DictReader(file)}
    settings = Settings(preset="handwriting", round_every=0)
    service = Service.create(folder / "ws", [str(digit) for digit in range(10)], settings)
    service.import_source(folder / "source" / "digits")
    ids = {each.name: each.id for each in service.classes()}
    chosen = service.store.queue.unasked("pool", 100) + service.store.queue.unasked("test", -1)
    images = service.store.images.many(chosen)
    events = [
        LabelEvent("bench", n, "label", i, images[i].sha256, ids[truth[images[i].name]], n, 1.0)
        for n, i in enumerate(chosen, 1)
    ]
    service.record(events, "bench")
    return service


def round_seconds(service: Service, regime: str, method: str) -> float:
    """Seconds of one round, done by a worker in this process."""
    service.start_round(method, regime)
    start = time.perf_counter()
    assert Worker(service.workspace).run(once=True)
    took = time.perf_counter() - start
    assert service.rounds()[-1].state == "done", service.last_job()
    return took


def training_seconds(service: Service, regime: str, method: str) -> float:
    """Seconds of the two trainings of such a round, and nothing else."""
    store, workspace = service.store, service.workspace
    side, device = store.images.median_side(), pick_device("auto")
    plan = decide(service.settings(), regime, side, device)
    classes = [each.id for each in service.classes()]
    snapshot = take(workspace, store, store.labels.watermark(), classes, store.images.newest())
    features = Features(workspace.features, snapshot.files, plan.device)
    data = finish(rows_of(plan, features, method, {}))
    start = time.perf_counter()
    for trained in (BESIDE, method):
        with tempfile.TemporaryDirectory() as folder:
            finish(
                learn(
                    plan, data, snapshot, which="ssl", method=trained, params={}, seed=0,
                    folder=Path(folder), warm=None,
                )
            )  # fmt: skip
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regime", nargs="*", default=["frozen", "finetune"])
    wanted = parser.parse_args().regime
    with tempfile.TemporaryDirectory() as folder:
        service = make(Path(folder))
        service.store.jobs.cancel(service.active_job().id)
        print("Seconds on 5,000 digits, 100 labels, 300 steps, median of", REPETITIONS)
        print("\n| regime | method | round | its trainings alone | ratio | limit | test accuracy |")
        print("|---|---|---|---|---|---|---|")
        for regime, method, limit in (each for each in ROUNDS if each[0] in wanted):
            round_seconds(service, regime, method)  # embeddings exist from here on
            pairs = [
                (round_seconds(service, regime, method), training_seconds(service, regime, method))
                for _ in range(REPETITIONS)
            ]
            whole, training = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(a / b for a, b in pairs)
            point = [each for each in service.curve() if each.model == "ssl"][-1]
            print(
                f"| {regime} | {method} | {whole:.1f} | {training:.1f} | {ratio:.2f} | {limit} "
                f"| {point.accuracy:.1%} |",
                flush=True,
            )
        service.close()


if __name__ == "__main__":
    main()
