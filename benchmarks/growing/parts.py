"""The parts that are measured, each of which runs in a process of its own."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from secrets import token_hex
from statistics import median
from typing import Any

from annotator.importing.writing import pieces
from annotator.importing.writing.plan import plan
from annotator.model import Agreed
from annotator.service import Service
from annotator.worker.loop import Worker
from growing import made
from growing.clock import Cost, measured
from growing.pages import CLICKED, PAGES

Told = dict[str, Cost]  # what was measured, by its name
NUMBER = re.compile(r"\d[\d,]*")
LEASES = 20
ENDING = "writing it down"  # what a job does after its last word


def bring(folder: Path, n: int) -> Told:
    """Write images that were read and checked."""
    service = made.empty(folder)
    found = made.found(n)
    with measured() as cost:
        pieces.write(service.store, plan(service.store, service.workspace, found, Agreed()))
    service.prepare_first()
    return {"import, rows": cost}


def fill(folder: Path, n: int) -> Told:
    """Leave what decoding and importing embeddings would; not measured."""
    made.fill(Service.open(folder), n)
    return {}


def prepare(folder: Path, _n: int) -> Told:
    """The job after an import."""
    service = Service.open(folder)
    with worked(service) as told:
        pass
    return {"near-duplicates": told["looking for near-duplicates"], "first look": told["in all"]}


def label(folder: Path, n: int) -> Told:
    """Answer some images; not measured."""
    made.label(Service.open(folder), n)
    return {}


def train(folder: Path, _n: int, name: str = "round") -> Told:
    """A frozen round of the default method."""
    service = Service.open(folder)
    service.start_round("ensemble", "frozen")
    from annotator.rounds import questions  # with torch
    from annotator.store.results import Results

    with (
        timed(questions, "pick") as picking,
        timed(Results, "finish") as storing,
        worked(service) as told,
    ):
        pass
    whole = told.pop("in all")
    parts = {f"{name}: {part}": cost for part, cost in told.items()}
    return {
        name: whole,
        f"{name}: choosing what is asked": picking,
        f"{name}: storing predictions": storing,
    } | parts


def draw(folder: Path, _n: int) -> Told:
    """What each page asks of the service first."""
    told = {}
    service = Service.open(folder)
    asked = {f"page {name}": page for name, page in PAGES.items()} | CLICKED
    for name, ask in asked.items():
        with measured() as cost:
            ask(service)
        told[name] = cost
    return told


def lease(folder: Path, _n: int) -> Told:
    """The next batch for a page that has answered all it had, and an answer stored."""
    service = Service.open(folder)
    costs = []
    for _ in range(LEASES):
        with measured() as cost:
            service.lease(token_hex(4), "somebody")
        costs.append(cost)
    return {"next batch": Cost(*(median(getattr(c, f) for c in costs) for f in Cost.__slots__))}


def export(folder: Path, _n: int) -> Told:
    """Labels and pseudo-labels as CSV, without images."""
    service = Service.open(folder)
    with measured() as cost:
        service.export(service.export_place(), "csv", threshold=0.0, pseudo=True, images=False)
    return {"export": cost}


PARTS: dict[str, Callable[[Path, int], Told]] = {
    "bring": bring,
    "fill": fill,
    "prepare": prepare,
    "label": label,
    "train": train,
    "again": partial(train, name="next round"),
    "draw": draw,
    "lease": lease,
    "export": export,
}


@contextmanager
def worked(service: Service) -> Iterator[Told]:
    """Do the job that waits, once the body has run; tell what took how long, and stood how long.

    What lies before a word of the job goes to what that word says. The wall time of "longest
    silence" is the longest between two words.
    """
    told: Told = defaultdict(Cost)
    yield told
    worker = Worker(service.workspace)
    last = [time.perf_counter(), time.process_time()]
    report = worker.store.parts.report

    def note(message: str) -> None:
        now = [time.perf_counter(), time.process_time()]
        part = told[NUMBER.sub("…", message)]
        part.wall, part.cpu = part.wall + now[0] - last[0], part.cpu + now[1] - last[1]
        silence = told["longest silence"]
        silence.wall = max(silence.wall, now[0] - last[0])
        last[:] = now

    def heard(fence: Any, parts: Any, share: float, message: str, **more: Any) -> None:
        note(message)
        report(fence, parts, share, message, **more)

    worker.store.parts.report = heard  # type: ignore[method-assign]
    with measured() as whole:
        assert worker.run(once=True)
    note(ENDING)
    told["in all"] = whole
    job = service.last_job()
    assert job
    assert job.state == "done", job.error


@contextmanager
def timed(owner: Any, name: str) -> Iterator[Cost]:
    """Measure all calls of a function of a module or class."""
    inner, cost = getattr(owner, name), Cost()

    @wraps(inner)
    def outer(*given: Any, **named: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return inner(*given, **named)
        finally:
            cost.wall += time.perf_counter() - wall
            cost.cpu += time.process_time() - cpu

    setattr(owner, name, outer)
    try:
        yield cost
    finally:
        setattr(owner, name, inner)
