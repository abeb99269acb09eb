"""Where files are handed in to be read: by processes that stay for the next, or are ended."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, Any

from annotator.imaging.reading.page import Asked, Page, Span, Unread

SECONDS = 60.0  # of a page
LOADING = 120.0  # seconds until a new process is ready, on a busy machine
WHOLE = 900.0  # seconds of all pages of a file
MOST_LINE = 8 * 2**20  # bytes that tell of a page; its text is the longest part
MOST_CRASHES = 3  # pages of one file that may each end a process


class _Cut(Exception):
    """The process took too long, crashed, or said what it should not."""


class Desk:
    """Reads in as many processes as threads ask at once; close it to end them."""

    def __init__(self) -> None:
        self._idle = queue.LifoQueue[_Child]()

    def read(self, content: bytes, kind: str, asked: Asked) -> Generator[Page, None, None]:
        """Yield page after page; where one ends its process, the next goes on behind it.

        Raises:
            Unread: the file cannot be read.
        """
        began, start, crashes = time.monotonic(), asked.span.first, 0
        while True:
            try:
                for page in self._pages(content, kind, asked):
                    if page.number and time.monotonic() - began > WHOLE:
                        raise Unread(_slow(page.number))
                    yield page
                    start = max(start, page.number + 1)
                return
            except _Cut as cut:
                crashes += 1
                if start == 1 or crashes > MOST_CRASHES:  # nothing of it is known to be good
                    raise Unread(f"too costly: {cut}") from cut
                yield Page(start, fault=f"too costly: {cut}")
                start += 1
                asked = replace(asked, span=Span(start, asked.span.last))

    def _pages(self, content: bytes, kind: str, asked: Asked) -> Iterator[Page]:
        child = self._child()
        done = False
        try:
            yield from child.read(content, kind, asked)
            done = True
        except Unread:
            done = True  # it said so itself, and waits for the next
            raise
        finally:
            if done:
                self._idle.put(child)
            else:
                child.end()

    def _child(self) -> _Child:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return _Child()

    def close(self) -> None:
        """End the processes; each goes by itself when nobody writes to it any more."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()


class _Child:
    """One process that reads."""

    def __init__(self) -> None:
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each would take addresses
        self._process = subprocess.Popen(
            [sys.executable, "-m", "annotator.imaging.reading.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **threads},
        )
        self._late = False
        try:
            with self._within(LOADING):
                self._line()
        except _Cut as cut:
            self.end()
            raise Unread(f"the process that reads such files does not start: {cut}") from cut

    def read(self, content: bytes, kind: str, asked: Asked) -> Iterator[Page]:
        """Yield page after page.

        Raises:
            Unread: it says that the file cannot be read.
            _Cut: it has to be ended, or has ended.
        """
        span = [asked.span.first, asked.span.last]
        told = {"kind": kind, "span": span, "known": sorted(asked.known), "tags": list(asked.tags)}
        told["window"] = asked.window
        line = json.dumps({**told, "bytes": len(content)}).encode() + b"\n"
        with self._within(SECONDS):
            self._send(line, content)
            page = self._page()
        while page is not None:
            yield page
            with self._within(SECONDS):
                page = self._page()

    def _send(self, line: bytes, content: bytes) -> None:
        to = _pipe(self._process.stdin)
        try:
            to.write(line)
            to.write(content)
            to.flush()
        except OSError as problem:
            raise self._gone() from problem

    def _page(self) -> Page | None:
        """The next page; None after the last."""
        told = self._line()
        if "unread" in told:
            raise Unread(str(told["unread"]))
        if "page" not in told:
            return None
        content = _pipe(self._process.stdout).read(told["bytes"])
        if len(content) < told["bytes"]:
            raise self._gone()
        page = told["page"]
        if page["windows"] is not None:
            page["windows"] = tuple((center, width) for center, width in page["windows"])
        return Page(**page, content=content)

    def _line(self) -> dict[str, Any]:
        line = _pipe(self._process.stdout).readline(MOST_LINE)
        if not line.endswith(b"\n"):
            raise self._gone()
        found: dict[str, Any] = json.loads(line)
        return found

    def _gone(self) -> _Cut:
        self.end()
        if self._late:
            return _Cut(f"it takes longer than {SECONDS:.0f} seconds")
        code = self._process.returncode
        return _Cut(f"its decoder crashed (code {code})")

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """End the process if what follows takes longer; whoever waits for it then wakes up."""
        timer = threading.Timer(seconds, self._end_late)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end_late(self) -> None:
        self._late = True
        self._process.kill()

    def end(self) -> None:
        """Kill it, and see it gone."""
        self._process.kill()
        with suppress(OSError):
            _pipe(self._process.stdin).close()
        self._process.wait()
        _pipe(self._process.stdout).close()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _slow(start: int) -> str:
    return (
        f"reading it takes longer than {WHOLE / 60:.0f} minutes; `--pages {start}-` reads on, from "
        f"page {start:,}"
    )
