"""The log of a workspace: a JSON object a line, with the ids of the request and job it was for."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from typing_extensions import override

from annotator.project import private

MOST_BYTES = 2_000_000  # of one file; then it gets a number and the next one begins
KEPT = 4  # files with a number
SHOWN = 40  # lines of a job

_REQUEST: ContextVar[str] = ContextVar("request", default="")
_JOB: ContextVar[int | None] = ContextVar("job", default=None)


@contextmanager
def requested(name: str = "") -> Iterator[str]:
    """Give what the body does the id of a request: the one it has, the one given, or a new one."""
    found = _REQUEST.get() or name or secrets.token_hex(4)
    token = _REQUEST.set(found)
    try:
        yield found
    finally:
        _REQUEST.reset(token)


@contextmanager
def working_on(job: int, request: str) -> Iterator[None]:
    """Say that what the body does is done for a job, and for the request that asked for it."""
    tokens = _JOB.set(job), _REQUEST.set(request)
    try:
        yield
    finally:
        _JOB.reset(tokens[0])
        _REQUEST.reset(tokens[1])


def request_id() -> str:
    """The id of the request that this is done for; empty where it is done for none."""
    return _REQUEST.get()


@dataclass(frozen=True, slots=True)
class Log:
    """One file that several processes write; it never fails and never grows for ever."""

    path: Path

    def write(
        self, event: str, *, level: Literal["info", "warning", "error"] = "info", **facts: Any
    ) -> None:
        """Append what happened. A log that cannot be written is no reason to stop."""
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        line = {"at": f"{stamp}.{int(now % 1 * 1000):03d}Z", "level": level, "event": event}
        about = {"request": _REQUEST.get() or None, "job": _JOB.get(), "process": os.getpid()}
        known = {key: value for key, value in about.items() if value is not None}
        text = json.dumps(line | known | facts, ensure_ascii=False, default=str) + "\n"
        with suppress(OSError):
            self._append(text.encode(errors="replace"))

    def failure(self, event: str, problem: BaseException) -> None:
        """Append an exception, with where it came from."""
        told = f"{type(problem).__name__}: {problem}"
        trace = "".join(traceback.format_exception(problem))
        self.write(event, level="error", error=told, trace=trace)

    def of_job(self, job: int, most: int = SHOWN) -> list[dict[str, Any]]:
        """The last lines about a job, oldest first, from this file and the ones before it."""
        mark = f'"job": {job}'  # also in the lines of others: for speed, before they are read
        found: list[dict[str, Any]] = []
        for path in (*(self._numbered(n) for n in range(KEPT, 0, -1)), self.path):
            with suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
                found += [line for text in file if mark in text and (line := _read(text))]
        return [line for line in found if line.get("job") == job][-most:]

    def _append(self, text: bytes) -> None:
        handle = self._opened()
        try:
            size = os.fstat(handle).st_size
            if size and size + len(text) > MOST_BYTES and self._turned(handle):
                os.close(handle)
                handle = self._opened()
            os.write(handle, text)  # one write at the end of the file: lines never mix
        finally:
            os.close(handle)

    def _opened(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, private.FILE)

    def _turned(self, handle: int) -> bool:
        """Begin the next file, unless another process does: nobody ever waits for a log."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if os.path.samestat(os.fstat(handle), self.path.stat()):
            self.begin_next()
        return True

    def begin_next(self) -> None:
        """Give the file a number, and those that have one the next; the last one goes."""
        for number in range(KEPT, 0, -1):
            older = self._numbered(number - 1) if number > 1 else self.path
            with suppress(FileNotFoundError):
                older.replace(self._numbered(number))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


class Lines(logging.Handler):
    """What parts of the program say by Python's own logging, as lines of a log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self.log = log

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Append a record, for the request that it was said in."""
        said, problem = record.getMessage(), record.exc_info and record.exc_info[1]
        if problem:
            self.log.failure(said, problem)
        else:
            level = "error" if record.levelno >= logging.ERROR else "warning"
            self.log.write("said", level=level, part=record.name, text=said)  # type: ignore[arg-type]


def collect(log: Log, name: str) -> None:
    """From now on write what the parts below `name` say into this log, besides standard error."""
    logger = logging.getLogger(name)
    for old in [each for each in logger.handlers if isinstance(each, Lines)]:
        logger.removeHandler(old)
    logger.addHandler(Lines(log))
    if logging.lastResort:  # which a handler of one's own puts to silence
        logger.addHandler(logging.lastResort)


def rotated(path: Path) -> None:
    """Give the next number to a file of text that has grown too long; what it held stays a while.

    For what only one process at a time writes, and has not opened yet.
    """
    with suppress(OSError):
        if path.stat().st_size > MOST_BYTES:
            Log(path).begin_next()


def _read(text: str) -> dict[str, Any] | None:
    """A line as it was written; None for one that a full disk has cut short."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
