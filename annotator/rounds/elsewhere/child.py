"""A driver as a process of its own: started, watched, and ended with all that it has started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

from annotator.errors import RoundError
from annotator.model.networks.executors import EXECUTORS
from annotator.rounds.elsewhere.order import DONE, NOT_STARTED, WRONG, Order
from annotator.rounds.elsewhere.quiet import environment
from annotator.rounds.elsewhere.session import end

MODULE = "annotator.rounds.elsewhere.driver"
LOG = "driver.log"
POLL_SECONDS = 0.3
STARTS = 3  # of a cluster of this machine, which is not there in time where much else runs
CONNECT_SECONDS = 120.0  # until the cluster has answered
SILENT_SECONDS = 900.0  # from one shard to the next; the first waits for a free node
SHORT = 40  # characters of a folder: Ray makes sockets in it, whose paths have 107 at most


def carried_out(order: Order, folder: Path) -> Generator[None]:
    """Have an order done; yield every moment until it is. Close it to end the driver.

    Raises:
        RoundError: the cluster does not answer, makes nothing for too long, or cannot do it.
    """
    order.write(folder)
    (folder / LOG).unlink(missing_ok=True)
    for start in range(1, STARTS + 1):
        if (yield from _driven(order, folder, last=start == STARTS)):
            return


def _driven(order: Order, folder: Path, *, last: bool) -> Generator[None, None, bool]:
    """Have it done by one driver; return whether it was, or raise where none comes after it."""
    for name in (DONE, WRONG):
        (folder / name).unlink(missing_ok=True)
    temporary = tempfile.mkdtemp(prefix="r", dir=_short_folder())
    with (folder / LOG).open("ab") as log:
        driver = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(folder), str(os.getpid())],
            env=environment(order.executor, temporary),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield from _watched(driver, order, folder)
        if driver.returncode and (last or driver.returncode != NOT_STARTED):
            why = _why(folder, driver.returncode)
            raise RoundError(f"{why} {_way_out(order.executor)}")
        return not driver.returncode
    finally:
        end(driver)
        shutil.rmtree(temporary, ignore_errors=True)


def _watched(driver: subprocess.Popen[bytes], order: Order, folder: Path) -> Iterator[None]:
    far, since = 0, time.monotonic()
    while driver.poll() is None:
        if (now := _how_far(folder)) != far:
            far, since = now, time.monotonic()
        limit = SILENT_SECONDS if far else CONNECT_SECONDS
        if time.monotonic() - since > limit:
            raise RoundError(_late(order.executor, far > 0, limit))
        yield
        time.sleep(POLL_SECONDS)


def _how_far(folder: Path) -> int:
    """A number that grows with all that the driver has done; 0 before the cluster answers."""
    try:
        return (folder / DONE).stat().st_size
    except OSError:
        return 0


def _late(executor: str, connected: bool, seconds: float) -> str:
    if not connected:
        return f"Ray ({executor}) did not answer in {seconds:.0f} s. {_way_out(executor)}"
    return (
        f"Ray ({executor}) has made nothing for {seconds:.0f} s: its nodes may be busy with "
        f"other work. What was made is kept. {_way_out(executor)}"
    )


def _why(folder: Path, code: int) -> str:
    with suppress(OSError):
        return (folder / WRONG).read_text(encoding="utf-8").strip()
    return f"The process that speaks with Ray ended with {code}; {folder / LOG} says more."


def _way_out(executor: str) -> str:
    again = "Start the round again" if executor in EXECUTORS else f"See that {executor} runs"
    return f"{again}, or set executor to local on Settings."


def _short_folder() -> str:
    found = tempfile.gettempdir()
    # A folder of its own is made there
    return found if len(found) <= SHORT else "/tmp"  # noqa: S108 # nosec B108
