"""The driver: brings the shards of an order to the nodes of a Ray cluster. It alone knows Ray.

It runs as `python -m annotator.rounds.elsewhere.driver FOLDER PARENT`, in a session of its own,
and ends when its parent is gone. It never opens a database.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import ray
from ray.cluster_utils import Cluster
from ray.exceptions import ObjectLostError, RayActorError, RayTaskError

from annotator.errors import RoundError
from annotator.model.networks.executors import RAY
from annotator.project import private
from annotator.project.files import replacing
from annotator.rounds.elsewhere.maker import Maker, Told
from annotator.rounds.elsewhere.order import DONE, NOT_STARTED, WRONG, Order, Shard
from annotator.rounds.elsewhere.work import version, wanted
from ssl_core.errors import SSLError

# Given beforehand: a node waits 15 seconds for those that its parts choose, and dies on a busy
# machine, where they need longer to begin
PORTS = (
    "dashboard_agent_listen_port",
    "metrics_agent_port",
    "metrics_export_port",
    "runtime_env_agent_port",
)
# Two processes that only serve whoever watches a cluster or lets it grow
ALONE = {"include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
STORE = 256 << 20  # bytes of memory that a cluster of this machine shares
TRIES = 4  # of a shard whose workers died, and of workers that died before they were ready
WAIT_SECONDS = 0.5
GRACE_SECONDS = 10.0
LINES = 6  # of what went wrong on a node


class NotStartedError(Exception):
    """Ray's processes were not there in the time that Ray gives them, as on a busy machine."""


@contextmanager
def joined(executor: str) -> Iterator[None]:
    """Join a running cluster, or make one of this machine's cores, without a page of its own."""
    made = None
    if executor == RAY:
        node = {"num_cpus": os.cpu_count(), "object_store_memory": STORE, **free_ports()}
        try:
            made = Cluster(initialize_head=True, head_node_args=ALONE | node)
        except (TypeError, ValueError, OSError):
            raise  # no other try would help
        except Exception as problem:  # Ray raises a bare one, 30 seconds after it began
            raise NotStartedError(last_lines(problem)) from problem
    try:
        address = made.address if made else executor
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        yield
    finally:
        ray.shutdown()
        if made:
            made.shutdown()


def free_ports() -> dict[str, int]:
    """Ports for the parts of a node."""
    with ExitStack() as held:
        found = [held.enter_context(socket.socket()) for _ in PORTS]
        for each in found:
            each.bind(("127.0.0.1", 0))
        numbers = [each.getsockname()[1] for each in found]
    return dict(zip(PORTS, numbers, strict=True))


class Crew:
    """The workers on all nodes. A lost one is replaced, and its shard is made by another."""

    def __init__(self, order: Order, write: Callable[[Shard, Any], None]) -> None:
        self.write = write
        shape = (order.rows, order.channels, order.size, order.size)
        self.pixels = np.memmap(order.pixels, np.uint8, "r", shape=shape)
        self.work = ray.put(wanted(order))
        self.todo = deque(order.shards)
        gpus = int(ray.cluster_resources().get("GPU", 0))
        cores = int(ray.cluster_resources().get("CPU", 1))
        self.needs = {"num_cpus": 1, "num_gpus": 1 if gpus else 0}
        self.device = "cuda" if gpus else "cpu"
        self.size = min(gpus or cores, len(self.todo))
        self.booting: dict[Any, Any] = {}  # a promise to be ready -> worker
        self.busy: dict[Any, tuple[Any, Shard]] = {}  # a promised shard -> worker, shard
        self.idle: list[Any] = []
        self.tries: dict[str, int] = {}
        self.stillborn = 0

    def run(self) -> None:
        """Have every shard made.

        Raises:
            RoundError: the nodes cannot; the message says why.
        """
        for _ in range(self.size):
            self._hire()
        while self.todo or self.busy:
            while self.todo and self.idle:
                self._give(self.idle.pop(), self.todo.popleft())
            promises = [*self.busy, *self.booting]
            for each in ray.wait(promises, timeout=WAIT_SECONDS)[0]:
                if each in self.booting:
                    self._begun(each)
                else:
                    self._made(each)

    def _hire(self) -> None:
        """Ask for a worker. It waits until some node has room, and does nothing before."""
        # It is neither restarted nor asked again: a restarted one could wait forever for a node
        kind = ray.remote(max_restarts=0, max_task_retries=0, **self.needs)(Maker)
        worker = kind.remote(self.work, self.device)
        self.booting[worker.ready.remote()] = worker

    def _begun(self, promise: Any) -> None:
        worker = self.booting.pop(promise)
        try:
            told: Told = ray.get(promise)
        except RayActorError as problem:
            self.stillborn += 1
            if self.stillborn >= TRIES:
                raise RoundError(
                    "No worker could be started on the nodes of the Ray cluster. Install the same "
                    f"version of Certilabel there. A node says: {last_lines(problem)}"
                ) from problem
            self._hire()
            return
        if told.version != version():
            raise RoundError(
                f"The node {told.host} of the Ray cluster has another version of Certilabel. "
                "Install the one of this machine there."
            )
        self.stillborn = 0
        self.idle.append(worker)

    def _give(self, worker: Any, shard: Shard) -> None:
        images = [np.array(self.pixels[start:stop]) for start, stop in shard.pieces]
        self.busy[worker.make.remote(shard, images)] = worker, shard

    def _made(self, promise: Any) -> None:
        worker, shard = self.busy.pop(promise)
        try:
            self.write(shard, ray.get(promise))
            self.idle.append(worker)
        except RayTaskError as problem:
            raise RoundError(
                f"A node of the Ray cluster could not make its part: {last_lines(problem)}"
            ) from problem
        except (RayActorError, ObjectLostError) as problem:  # the worker's process or node is gone
            self.tries[shard.name] = self.tries.get(shard.name, 0) + 1
            if self.tries[shard.name] >= TRIES:
                raise RoundError(
                    f"{TRIES} workers on nodes of the Ray cluster died over the same images, which "
                    f"may take more memory than they have: {last_lines(problem)}"
                ) from problem
            self.todo.appendleft(shard)
            self._hire()


def last_lines(problem: Exception) -> str:
    """The end of what a node reports: there is what went wrong."""
    return " ".join(str(problem).strip().splitlines()[-LINES:])


class Written:
    """The folder of an order, as the driver fills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, line: str) -> None:
        """Say that it is further: who waits goes by how long this file is."""
        with (self.folder / DONE).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def shard(self, shard: Shard, rows: Any) -> None:
        """Keep the rows of a shard, whole or not at all."""
        with replacing(self.folder / shard.name) as file:
            np.save(file, rows)
        self.note(shard.name)

    def wrong(self, why: str) -> None:
        with replacing(self.folder / WRONG) as file:
            file.write(why.encode())


def ends_with(parent: int) -> None:
    """End in order when the process that waits for this one is gone, and at once if that hangs."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WAIT_SECONDS)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="watch", daemon=True).start()


def main() -> int:
    """Do the order in the folder that is named; say what went wrong there, if anything did."""
    folder, parent = Path(sys.argv[1]), int(sys.argv[2])
    ends_with(parent)
    written = Written(folder)
    order = Order.read(folder)
    with private.everything():
        try:
            with joined(order.executor):
                written.note("joined")
                Crew(order, written.shard).run()
        except (RoundError, SSLError) as problem:
            written.wrong(str(problem))
            return 1
        except NotStartedError as problem:
            traceback.print_exc()
            written.wrong(f"Ray did not start on this machine, which may be busy: {problem}")
            return NOT_STARTED
        except Exception as problem:  # Ray raises bare ones
            traceback.print_exc()
            written.wrong(f"Ray says: {last_lines(problem)}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
