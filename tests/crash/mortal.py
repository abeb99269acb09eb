"""Commands that are killed at a chosen step on disk: a real process, a real SIGKILL, every time.

A step is a file below the folder that is opened for writing, flushed, linked, renamed or removed,
or a statement that SQLite runs. Counting them first makes every moment that matters reachable, and
a moment that found a fault can be gone back to: a seed names it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 180  # a command that takes longer is stuck
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.truncate"}
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Mortal:
    """A process that has loaded the program and starts a copy of itself for each command."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.mortal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            text=True,
        )

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        with self._process:  # both pipes are closed, and it is waited for
            self._process.stdin.close()

    def live(self, folder: Path, *words: object) -> int:
        """Run a command to its end; return how many steps it took."""
        told = self._ask(folder, words)
        assert told["status"] == 0, told
        return int(told["steps"])

    def die(self, folder: Path, step: int, *words: object) -> bool:
        """Run a command that is killed at a step; return whether it came that far."""
        told = self._ask(folder, words, step=step)
        assert told["status"] in (0, signal.SIGKILL), told
        return bool(told["status"])

    def die_after(self, seconds: float, folder: Path, *words: object) -> bool:
        """Run a command that is killed at a moment; return whether it ran for so long."""
        told = self._ask(folder, words, after=seconds)
        assert told["status"] in (0, signal.SIGKILL), told
        return bool(told["status"])

    def _ask(
        self, folder: Path, words: tuple[object, ...], *, step: int = 0, after: float = SECONDS
    ) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        asked = {
            "folder": str(folder),
            "words": list(map(str, words)),
            "step": step,
            "after": after,
        }
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        told = dict(json.loads(self._process.stdout.readline()))
        assert after < SECONDS or told["seconds"] < SECONDS, f"stuck: {asked}"
        return told


def spread(rng: Random, steps: int, most: int) -> list[int]:
    """At most `most` of the steps 1 to `steps`, one drawn from each of as many equal parts."""
    parts = min(most, steps)
    edges = [round(part * steps / parts) for part in range(parts + 1)]
    return [rng.randint(low + 1, high) for low, high in pairwise(edges)]


def count(folder: Path, step: Callable[[], None]) -> None:
    """Call `step` before each step that this process takes from now on."""

    def below(path: object) -> bool:
        named = isinstance(path, (str, bytes, os.PathLike))  # else an open file
        return named and Path(os.fsdecode(path)).is_relative_to(folder)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = given
            if below(path) and (set(mode or "") & set("wxa+") or (flags or 0) & WRITES):
                step()
        elif event in CHANGES and any(below(each) for each in given[:2]):
            step()

    flush, connect = os.fsync, sqlite3.connect

    def flushed(file: Any) -> None:
        step()
        flush(file)

    def connected(*given: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*given, **options)
        connection.set_trace_callback(lambda _sql: step())
        return connection

    sys.addaudithook(hook)
    os.fsync, sqlite3.connect = flushed, connected


def _obey(folder: Path, last: int, words: list[str], told: int) -> None:
    """In the copy: run the command; be killed at the last step, or write how many there were."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == last:
            os.kill(os.getpid(), signal.SIGKILL)

    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    count(folder, step)
    code = 0
    try:
        _run(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    os.write(told, str(taken).encode())
    os._exit(code)


def _run(words: list[str]) -> None:
    from annotator.cli import main
    from tests.crash import experts

    if words[0] == "experts":
        experts.answer(Path(words[1]), Path(words[2]), words[3])
    else:
        sys.argv = ["certilabel", *words]
        main()


def _serve() -> None:
    """Read a command a line; start a copy of this process for it; say how it ended."""
    import_module("annotator.cli.commands")  # loaded once, for all copies
    import_module("tests.crash.experts")

    for line in sys.stdin:
        asked = json.loads(line)
        out, told = os.pipe()
        start = time.monotonic()
        copy = os.fork()
        if not copy:
            _obey(Path(asked["folder"]), asked["step"], asked["words"], told)
        os.close(told)
        if not select.select([out], [], [], asked["after"])[0]:  # it neither ended nor was killed
            os.kill(copy, signal.SIGKILL)
        steps = os.read(out, 99).decode()
        os.close(out)
        status = abs(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]))
        seconds = time.monotonic() - start
        told_back = {"status": status, "steps": int(steps or 0), "seconds": seconds}
        print(json.dumps(told_back), flush=True)


if __name__ == "__main__":
    _serve()
