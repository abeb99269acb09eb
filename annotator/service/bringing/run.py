"""One import from its source to its report: it runs in a thread, and anybody may look at it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path

from annotator.errors import AnnotatorError, PartlyInError
from annotator.importing.found import Found
from annotator.importing.looking.watch import Watch
from annotator.model import Agreed, Going, ImportReport
from annotator.project.log import Log
from annotator.service.bringing.trace import Trace
from annotator.service.bringing.writing import Usual, Writing

WRITING = 60.0  # seconds that the end of a server waits for what is being written

Read = Callable[[Watch], Found]
Foresee = Callable[[Found], ImportReport]
Write = Callable[[Found, Agreed, Callable[[int], None]], ImportReport]


class Run:
    """An import under way.

    Args:
        first: what is known of it.
        path: what is read: a folder or a file.
        held: what is let go at the end, such as files that were sent.
        trace: of its workspace.
        log: likewise.
        usual: how long earlier imports of this process took to write.
        leave: called by each of its threads at the end.
    """

    def __init__(
        self,
        first: Going,
        path: Path,
        held: ExitStack,
        trace: Trace,
        log: Log,
        usual: Usual,
        leave: Callable[[], None],
    ) -> None:
        self.path, self.found = path, Found()
        self._going, self._watch, self._usual = first, Watch(), usual
        self._writing = Writing(0, usual)
        self._held, self._trace, self._log, self._leave = held, trace, log, leave
        self._thread: threading.Thread | None = None
        self._foresee: Foresee
        self._ended = False

    @property
    def going(self) -> Going:
        """How far it is."""
        now = self._going
        if now.stage == "reading":
            watch = self._watch
            now = replace(
                now,
                files=watch.files,
                skipped=watch.skipped,
                seconds=watch.left(),
                stopping=watch.stopping,
            )
        if now.stage == "writing":
            now = replace(now, taken=self._writing.images, seconds=self._writing.left())
        return now

    def leave_trace(self) -> None:
        """Write how far it is; for the thread that reads."""
        if not self._ended:
            self._trace.leave(self.going)

    def change(self, **told: object) -> None:
        """Say what is new."""
        self._going = replace(self._going, **told)  # type: ignore[arg-type]

    def begin(self, read: Read, foresee: Foresee, write: Write) -> None:
        """Read; then write, if nothing is asked and nobody has stopped it."""
        looked = self._going.looked
        self._watch = Watch(looked.kinds if looked else None, writing=self._usual.seconds)
        self._foresee = foresee
        self.change(stage="reading", total=self._watch.total)
        self._beside(lambda: self._read(read, write))

    def finish(self, write: Write, agreed: Agreed) -> None:
        """Write what was read."""
        self.change(stage="writing", error="")
        self._beside(lambda: self._write(write, agreed))

    def stop(self) -> None:
        """Have no further file read; what was read waits for an answer."""
        self._watch.stop()

    def wait(self, seconds: float) -> None:
        """Wait until it needs somebody, but not longer."""
        if self._thread:
            self._thread.join(seconds)

    def close(self) -> None:
        """Let go of what was sent, and of what was read."""
        self._ended = True
        self._trace.clear()
        self._held.close()
        self.found = Found()

    def abandon(self) -> None:
        """Leave it as it is, for the process ends: the next one finds its trace."""
        self._ended = True
        self._watch.stop()
        if self._going.stage == "writing":  # what is in by then is whole, 250 images at a time
            self.wait(WRITING)
        self._held.close()

    def _beside(self, work: Callable[[], None]) -> None:
        self._trace.leave(self.going, now=True)
        context = copy_context()  # the id of the request that this is done for
        self._thread = threading.Thread(
            target=context.run, args=(self._safely, work), name="import", daemon=True
        )
        self._thread.start()

    def _safely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except AnnotatorError as problem:
            self._fail(str(problem))
        except OSError as problem:
            told = f"The disk says: {problem.strerror or problem}."
            self._fail(f"{told} Make room, or look after its rights.")
        except Exception as problem:
            self._log.failure("import failed", problem)
            self._fail(
                f"The import ended by a fault of the program ({type(problem).__name__}); the log "
                "of the workspace has more. Whole images come in with their labels, 250 at a time; "
                "importing again brings in the rest."
            )
        finally:
            self._leave()

    def _read(self, read: Read, write: Write) -> None:
        self.found = read(self._watch)
        self.change(files=self._watch.files, stopping=self._watch.stopping)
        if self._ended:
            return
        report = self._foresee(self.found)
        self.change(report=report)
        if report.asks or self._watch.stopping:
            self.change(stage="read")
            self._trace.leave(self._going, now=True)
            return
        self.change(stage="writing")
        self._write(write, Agreed())

    def _write(self, write: Write, agreed: Agreed) -> None:
        self._trace.leave(self._going, now=True)
        try:
            expected = self._going.report.added if self._going.report else 0
            self._writing = Writing(expected, self._usual)
            report = write(self.found, agreed, self._writing.tell)
            self._writing.end()
        except AnnotatorError as problem:  # what was read can be taken in once that is mended
            self._foresee_again(problem)
            return
        self.close()
        self.change(stage="done", report=report)

    def _foresee_again(self, problem: AnnotatorError) -> None:
        """Wait for an answer once more, about what is left: some of it may be in."""
        written = self._going.written or isinstance(problem, PartlyInError)
        with suppress(AnnotatorError):  # what was foreseen before stays, then
            self.change(report=self._foresee(self.found))
        self.change(stage="read", error=str(problem), written=written)

    def _fail(self, why: str) -> None:
        if not self._ended:
            self.close()
            self.change(stage="failed", error=why)
