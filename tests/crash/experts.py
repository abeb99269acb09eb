"""Two experts who answer as fast as the store takes it, and write down what it called saved."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from annotator.model import LabelEvent
from annotator.service import Service

EXPERTS = 2


def answer(root: Path, said: Path, run: str) -> None:
    """Answer until killed. A line of `said` is an event that the store has acknowledged.

    Lines are `client seq kind image class`, each written at once: a kill loses none of them.
    """
    service = Service.open(root)
    file = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    threads = [
        threading.Thread(target=_expert, args=(service, file, f"{run}-{number}"))
        for number in range(EXPERTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _expert(service: Service, file: int, client: str) -> None:
    for event in _events(service, client):
        told = service.record([event], client)
        assert told.ack == {client: event.seq}
        line = f"{client} {event.seq} {event.kind} {event.image_id} {event.class_id}\n"
        os.write(file, line.encode())


def _events(service: Service, client: str) -> Iterator[LabelEvent]:
    """Labels of any image, some undone, some skipped; now and then the expert asks for more."""
    rng = Random(client)
    images = service.images(limit=1_000)
    classes = [each.id for each in service.classes()]
    for seq in range(1, 1_000_000):
        if seq % 10 == 1:
            service.lease(client, client, 5)
        kind = rng.choices(["label", "undo", "skip"], [8, 1, 1])[0]
        image = rng.choice(images)
        class_id = rng.choice(classes) if kind == "label" else None
        now = time.time()
        yield LabelEvent(client, seq, kind, image.id, image.sha256, class_id, now, 0.5)  # type: ignore[arg-type]
