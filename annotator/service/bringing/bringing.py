"""Bringing images in beside the pages: look, read, agree, write; one import at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.importing import run as importing
from annotator.importing import uploads
from annotator.importing.containers.folder import FOLDERS
from annotator.importing.deciding.matching import Known
from annotator.importing.found import Found
from annotator.importing.looking import ahead, tables
from annotator.importing.looking.watch import Watch
from annotator.importing.source import Wanted
from annotator.importing.tables import TABLES
from annotator.model import Agreed, Going, How, ImportReport, TableOutcome
from annotator.project.leftovers import temporary
from annotator.service.bringing.run import Run
from annotator.service.bringing.trace import Trace
from annotator.service.bringing.writing import Usual
from annotator.service.people.roles import guarded
from annotator.store.columns.names import called
from annotator.wording import many

if TYPE_CHECKING:
    from annotator.service.images import Images

AT_ONCE = 0.7  # seconds in which a small import is done before the page is drawn anew


class Underway:
    """The one import of an open workspace, shared by all who use it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.run: Run | None = None
        self.usual = Usual()


@guarded("bringing.")
class Bringing:
    """The verbs of an import, for one person; other people see the same import."""

    def __init__(self, images: Images, underway: Underway) -> None:
        self.person = images.person
        self._images, self._underway = images, underway
        self._trace = Trace.of(images.workspace)

    def state(self) -> Going | None:
        """The import that runs, waits or has ended; None if there is nothing to say of any."""
        run = self._underway.run
        return run.going if run else self._trace.found()

    def places(self) -> tuple[str, ...]:
        """The folders of the server that may be named; none where all may."""
        return tuple(str(each) for each in self._images.places)

    def look(self, source: Path | str, how: How) -> Going:
        """Look at a source; where nothing about it would be a guess, the import begins.

        Raises:
            AnnotatorError: another import is under way, or the source is not in a folder that may
                be used.
            ImportingError: nothing can be read from it.
        """
        path = self._images.reachable(source, self._images.workspace.root)
        return self._look(
            Going("looked", str(source), self.person.name, how=how), path, ExitStack()
        )

    def look_at_uploads(self, files: Iterable[tuple[str, bytes]], how: How) -> Going:
        """Likewise for files that a browser has sent, each (name, content).

        Raises:
            AnnotatorError: as `look`.
            OSError: the disk is full.
        """
        with ExitStack() as held:
            folder = held.enter_context(temporary(self._images.workspace.root / "uploads"))
            sent = list(files)
            path = uploads.to_look_at(sent, folder)
            source = many(len(sent), "file") + " from a browser"
            going = Going("looked", source, self.person.name, sent=True, how=how)
            return self._look(going, path, held.pop_all())

    def _look(self, going: Going, path: Path, held: ExitStack) -> Going:
        with self._underway.lock, ExitStack() as undo:
            undo.enter_context(held)
            self._check_free()
            looked = ahead.look(path, going.how, self._images.workspace.root, self._known())
            run = Run(
                replace(going, looked=looked),
                path,
                held,
                self._trace,
                self._images.workspace.log,
                self._underway.usual,
                self._images.store.db.close,
            )
            self._underway.run = run
            undo.pop_all()
        if not looked.asks:
            self.read(going.how)
        return run.going

    def _check_free(self) -> None:
        now = self.state()
        if now and now.stage not in ("done", "failed", "cut"):
            what = "runs" if now.active else "waits for an answer"
            raise AnnotatorError(
                f"An import of {now.source} {what}, begun by {now.by}. Let it end, or stop it, "
                "then begin another."
            )

    def outcome(self, table: str, how: How) -> TableOutcome:
        """What would come of a table of the source that was looked at, were it read so.

        Raises:
            AnnotatorError: nothing waits to be read, or the table has no such column.
        """
        return tables.outcome(self._path(self._waiting("looked"), table), how, self._known())

    def _known(self) -> Known:
        """The images that are here already, which a row without a file may name."""
        store = self._images.store
        return Known(store.images.hashes(), partial(called, store.db))

    def read(self, how: How, table: str = "") -> Going:
        """Begin to read what was looked at, or a table in it.

        Raises:
            AnnotatorError: nothing waits to be read.
        """
        with self._underway.lock:
            run = self._waiting("looked")
            path = self._path(run, table, how.labels)
            looked = run.going.looked
            besides = run.path if how.others and path != run.path else None
            if looked and table and path != run.path and not besides:
                looked = replace(looked, kinds=tables.kinds(path, how.path or "path"))
            run.change(how=how, looked=looked)

            def read(watch: Watch) -> Found:
                images = self._images
                asked = replace(wanted(how), others=besides)
                return importing.read(images.store, images.workspace, path, asked, seen, watch)

            def seen(_files: int) -> None:
                run.leave_trace()

            run.begin(read, self._images.foresee, self._images.take_in)
        run.wait(AT_ONCE)
        return run.going

    def stop(self) -> None:
        """Have no further file read. What was read is whole, and waits for an answer."""
        if self._underway.run:
            self._underway.run.stop()

    def foresee(self, agreed: Agreed) -> ImportReport:
        """What taking in what was read would do; nothing is written.

        Raises:
            AnnotatorError: nothing waits for an answer.
        """
        return self._images.foresee(self._waiting("read").found, agreed)

    def finish(self, agreed: Agreed) -> Going:
        """Take in what was read: whole images with their labels, 250 at a time.

        Where that ends in the middle, it waits for an answer again: to bring in the rest, or none.

        Raises:
            AnnotatorError: nothing waits for an answer.
        """
        with self._underway.lock:
            run = self._waiting("read")
            run.finish(self._images.take_in, agreed)
        run.wait(AT_ONCE)
        return run.going

    def drop(self) -> None:
        """Forget an import that waits for an answer or has ended; one that runs is left alone."""
        with self._underway.lock:
            now = self.state()
            if now is None or now.stage in ("reading", "writing"):
                return
            if self._underway.run:
                self._underway.run.close()
            self._underway.run = None
            self._trace.clear()
        if now.written:  # some of it is in, and there may not have been room for the job
            self._images.prepare_first()

    def abandon(self) -> None:
        """Leave an import as it is, for the server ends; the next one says what became of it."""
        if self._underway.run:
            self._underway.run.abandon()

    def _waiting(self, stage: str) -> Run:
        run = self._underway.run
        if run is None or run.going.stage != stage:
            raise AnnotatorError(
                "This import does not wait for an answer any more: somebody else gave one, or the "
                "server was started anew. Reload the page."
            )
        return run

    def _path(self, run: Run, table: str, labels: str | None = None) -> Path:
        """The table itself, where the source is one; else the one of this name in the folder.

        Without one it is the source, or the folder in it whose folders are the labels. A data set
        of Hugging Face is read as a folder, though a table in it was shown.
        """
        looked = run.going.looked
        if not table and looked and labels == FOLDERS:
            return run.path / looked.top
        shown = looked.table if looked else None
        of_folder = shown is not None and shown.fixed and table == shown.name
        if not table or of_folder or run.path.suffix.lower() in TABLES:
            return run.path
        if looked is None or table not in [each.name for each in looked.beside]:
            raise AnnotatorError(f"'{table}' is no table of {run.going.source}.")
        return run.path / table


def wanted(how: How) -> Wanted:
    """How a container is to be read, of what somebody said."""
    return Wanted(
        how.labels,
        group=how.group or None,
        pages=how.pages or "all",
        tags=how.tags,
        path=how.path or None,
        window=how.window,
        documents=how.documents,
    )
