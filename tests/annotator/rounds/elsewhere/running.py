"""Clusters for tests: started, a node of theirs killed, and ended with all that is left."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

import pytest

from annotator.rounds.elsewhere import quiet, session

needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed: pip install 'certilabel[ray]'"
)
NODES = Path(__file__).with_name("nodes.py")
SLOW = "tests.annotator.rounds.elsewhere.slow_driver"
LISTENS = "0A"  # the state, in the system's table of sockets
TRIES = 3  # a node may not be there in the time that Ray gives it
FEW = 4  # images that are computed together: many pieces of few images


class Running:
    """A cluster that others have started."""

    def __init__(self, process: subprocess.Popen, address: str) -> None:
        self.process = process
        self.address = address

    def kill_node(self) -> None:
        """End one of its nodes with all its processes."""
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == "killed"


@contextmanager
def cluster():
    """Two nodes, and what a process of this machine must know to be let in."""
    temporary = tempfile.mkdtemp(prefix="r", dir="/tmp")
    secret = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    # Its workers are nice otherwise, and get next to nothing beside other tests
    given = {"RAY_TMPDIR": temporary, "RAY_worker_niceness": "0", **secret}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in secret.items():
            patch.setenv(name, value)
        try:
            for _ in range(TRIES):
                with _nodes(given) as process:
                    if address := process.stdout.readline().strip():
                        yield Running(process, address)
                        return
            raise AssertionError("no cluster could be started; its words are above")
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _nodes(given):
    process = subprocess.Popen(
        [sys.executable, str(NODES)],
        env={**os.environ, **quiet.SILENT, **quiet.UNASKED, **quiet.LOOPBACK, **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.stdin.close()
        session.end(process)
        process.stdout.close()


def of_few(patch: pytest.MonkeyPatch) -> None:
    """Compute few images together in this process, and slowly elsewhere."""
    patch.setattr("annotator.project.rows.CHUNK", FEW)
    patch.setattr("annotator.rounds.elsewhere.shards.CHUNK", FEW)
    patch.setattr("annotator.rounds.elsewhere.shards.MOST", 1)
    patch.setattr("annotator.rounds.elsewhere.child.MODULE", SLOW)


@contextmanager
def worker(root: Path):
    """A real worker that does one job, few images together; it is gone in the end."""
    told = (
        "import sys, pytest\n"
        "from tests.annotator.rounds.elsewhere.running import of_few\n"
        "from annotator.worker.__main__ import main\n"
        "of_few(pytest.MonkeyPatch())\n"
        "main()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", told, str(root), "--once"])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def drivers(pid: int) -> list[int]:
    """The processes that a worker has started."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def listening(pid: int) -> set[str]:
    """Addresses at which drivers of a worker, and all that they have started, wait for others."""
    sockets = set()
    for each in (every for driver in drivers(pid) for every in session.processes(driver)):
        with suppress(OSError):  # it ends meanwhile
            sockets |= {str(link.readlink()) for link in Path(f"/proc/{each}/fd").iterdir()}
    found = set()
    for kind in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]:
            row = line.split()
            if row[3] == LISTENS and f"socket:[{row[9]}]" in sockets:
                words = bytes.fromhex(row[1].partition(":")[0])
                turned = b"".join(words[i : i + 4][::-1] for i in range(0, len(words), 4))
                address = ip_address(turned)
                found.add(str(getattr(address, "ipv4_mapped", None) or address))
    return found
