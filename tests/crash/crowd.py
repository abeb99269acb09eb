"""A server with many experts at once: `python -m tests.crash.crowd ROOT SOURCES SECONDS EXPERTS`.

Each expert is a thread with a page of its own, as in the app: it asks for images, answers one after
the other at a person's pace, sends some answers twice, undoes some, and looks at the progress. A
worker trains rounds beside them, and folders are imported one after the other. Once a round has
ended it prints what was called saved, how long each answer took, and the memory on the way.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from annotator.model import LabelEvent
from annotator.service import Service

PACE = 1.0  # seconds that an expert looks at an image, on average
SAMPLE = 0.25  # seconds between looks at the memory
PATIENCE = 500.0  # seconds for the round that was asked for first, on a machine that is busy
COMMAND = "from annotator.cli import main; main()"


@dataclass
class Seen:
    """What came of it all."""

    saved: list[tuple[str, int, str, int]] = field(default_factory=list)  # client, seq, kind, image
    took: list[float] = field(default_factory=list)  # seconds from sent to saved
    memory: list[float] = field(default_factory=list)  # MiB of this process, now and then
    wrong: list[str] = field(default_factory=list)
    imports: int = 0


def expert(service: Service, number: int, seen: Seen, end: float) -> None:
    """Label until the end; whatever goes wrong is written down."""
    rng, client, seq = Random(number), f"tab-{number}", 0
    classes = {each.name: each.id for each in service.classes()}
    last: list[LabelEvent] = []
    others = service.images(limit=1_000)
    try:
        while time.monotonic() < end:
            asked = [each.image for each in service.lease(client, f"expert {number}", 5)[:5]]
            for image in asked or rng.sample(others, 5):  # all are answered: they are looked over
                time.sleep(rng.expovariate(1 / PACE))
                if time.monotonic() > end:
                    return
                seq += 1
                truth = classes[image.name.removesuffix(".png").split()[-1]]
                undo = rng.random() < 0.05 and last
                event = LabelEvent(
                    client,
                    seq,
                    "undo" if undo else "label",
                    last[-1].image_id if undo else image.id,
                    last[-1].sha256 if undo else image.sha256,
                    None if undo else truth,
                    time.time(),
                    0.5,
                )
                repeated = last[-1:] if rng.random() < 0.1 else []
                start = time.monotonic()
                told = service.record([*repeated, event], f"expert {number}")
                seen.took.append(time.monotonic() - start)
                if told.ack != {client: seq} or told.refused or told.written != (event,):
                    seen.wrong.append(repr(told))
                seen.saved.append((client, seq, event.kind, event.image_id))
                last = [event]
            service.progress()
    except Exception as error:
        seen.wrong.append(repr(error))


def importer(root: Path, sources: list[Path], seen: Seen, end: float) -> None:
    """Import one folder after the other with the command, spread over the time."""
    pause = max(0.0, end - time.monotonic()) / (len(sources) + 1)
    for source in sources:
        time.sleep(pause)
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "import", str(root), str(source)],
            capture_output=True,
            text=True,
            check=False,
        )
        seen.imports += 1
        if done.returncode:
            seen.wrong.append(done.stderr)


def memory() -> float:
    """MiB that this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main(root: Path, sources: Path, seconds: float, experts: int) -> None:
    """Let them work, and print what came of it."""
    service, seen = Service.open(root), Seen()
    service.ensure_worker()
    end = time.monotonic() + seconds
    given = [(expert, (service, number, seen, end)) for number in range(experts)]
    given += [(importer, (root, sorted(sources.iterdir()), seen, end))]  # type: ignore[list-item]
    threads = [threading.Thread(target=target, args=args) for target, args in given]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.memory.append(memory())
        time.sleep(SAMPLE)
    while time.monotonic() < end + PATIENCE and not any(
        r.state == "done" for r in service.rounds()
    ):
        time.sleep(SAMPLE)
    print(json.dumps(vars(seen)), flush=True)
    service.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
