"""A process and all that it has started: found by its session, and ended with none left."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 10.0  # to end in order


def end(leader: subprocess.Popen[bytes]) -> None:
    """Ask a process that leads a session to end, then kill whatever is left of the session."""
    if leader.poll() is None:
        leader.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            leader.wait(GRACE_SECONDS)
    groups = set()  # it has several, so to kill the leader's is not enough
    for pid in processes(leader.pid):
        with suppress(ProcessLookupError):
            groups.add(os.getpgid(pid))
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    leader.wait()


def processes(session: int) -> list[int]:
    """The numbers of the processes of a session."""
    found = []
    for pid in _all():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == session:
                found.append(pid)
    return found


def _all() -> list[int]:
    folder = Path("/proc")
    if folder.is_dir():
        return [int(each.name) for each in folder.iterdir() if each.name.isdigit()]
    words = ["/bin/ps", "-axo", "pid="]  # where there is no such folder, as on a Mac
    listed = subprocess.run(words, capture_output=True, text=True, check=False)
    return [int(each) for each in listed.stdout.split()]
