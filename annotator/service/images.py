"""Images: bringing them in, and listing those that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from annotator.errors import AnnotatorError, PartlyInError, RoundError, StoreError
from annotator.importing import run
from annotator.importing.embeddings.take import take
from annotator.importing.fetching import Fetcher
from annotator.importing.found import Found
from annotator.importing.source import Wanted
from annotator.model import Agreed, EmbeddingsReport, Image, ImageKind, ImportReport
from annotator.model.networks.backbones import OWN
from annotator.project import Workspace
from annotator.project.log import requested
from annotator.service.bringing.bringing import Bringing, Underway
from annotator.service.opened import Opened

NOT_ASKED = Agreed()


class Images(Opened):
    """What there is to label."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._underway = Underway()

    @property
    def bringing(self) -> Bringing:
        """The verbs of an import that runs beside the pages, for this person."""
        return Bringing(self, self._underway)

    def images_of(self, ids: Iterable[int]) -> dict[int, Image]:
        """The images of these ids, by id, in one read; ids without an image are left out."""
        return self.store.images.many(ids)

    def images(
        self,
        *,
        kind: ImageKind = "all",
        offset: int = 0,
        limit: int = 60,
    ) -> list[Image]:
        """A page of the images, by id."""
        return self.store.images.page(kind, offset, limit)

    def read_source(
        self,
        source: Path | str,
        *,
        labels: str | None = None,
        links: bool = False,
        group: str | None = None,
        keep_splits: bool = False,
        pages: str = "all",
        tags: tuple[str, ...] = (),
        documents: bool = False,
        fetch: bool = False,
        path: str | None = None,
        window: str = "",
        progress: Callable[[int], None] | None = None,
    ) -> Found:
        """Read and check a source: the first step of an import, of which a person sees what it is.

        Args:
            source: a folder, a CSV file or an image.
            labels: "folders", or the column of a CSV that holds the class.
            links: whether links that lead out of the source are followed.
            group: what belongs together: a column, "parent" (the folder) or a pattern for names.
            keep_splits: whether the source's own test set is to be kept.
            pages: of files that have several: "all", "first", "3", "3-9" or "3-".
            tags: of DICOM files, by keyword: their values are kept as facts of the images.
            documents: whether a file of several pages is one thing to label, with all of them.
            fetch: whether images that a table names by address are fetched from there.
            path: of a table, the column of paths, where its name does not tell.
            window: of DICOM files that have several, by its name or number; else the first.
            progress: called now and then with how many files have been read.

        Raises:
            AnnotatorError: the source is not in a folder that this service may use, or this one
                may not fetch.
            ImportingError: nothing can be read from the source, or the workspace cannot be
                written. Nothing is in then; importing again takes up what was copied.
        """
        source = self.reachable(source, self.workspace.root)
        fetcher = self._fetcher() if fetch else None
        wanted = Wanted(labels, links, group or None, keep_splits, pages, tags, documents)
        wanted = replace(wanted, fetch=fetcher, path=path, window=window)
        return run.read(self.store, self.workspace, source, wanted, progress)

    def _fetcher(self) -> Fetcher:
        """What fetches for this workspace: for its owner, not for whoever uses the pages.

        A request from here may reach what a browser cannot, such as other services of the host.
        """
        if self.restricted:
            raise AnnotatorError(
                "Pages fetch nothing. Import the table with `certilabel import --fetch`, or put "
                "the images beside it."
            )
        return Fetcher(self.workspace.root / "fetched")

    def foresee(self, found: Found, agreed: Agreed = NOT_ASKED) -> ImportReport:
        """What it would do to take in what was read; nothing is written."""
        return run.foresee(self.store, self.workspace, found, agreed)

    @requested()
    def take_in(
        self,
        found: Found,
        agreed: Agreed = NOT_ASKED,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Write what was read, a few images at a time; a background job prepares first questions.

        `progress` is called now and then with how many images are in.

        Raises:
            ImportingError: the workspace cannot be written, or lost what was copied; nothing is in.
            StoreError: the database cannot be written; nothing is in.
            PartlyInError: likewise in the middle; it says how much is in, which is prepared, as
                after Ctrl-C.
        """
        try:
            report = run.write(self.store, self.workspace, found, agreed, progress)
        except (PartlyInError, KeyboardInterrupt):
            self.prepare_first()
            raise
        self._log.write(
            "imported",
            added=report.added,
            refused=len(report.refused),
            labels=report.labeled + report.updated,
            classes=list(report.classes),
        )
        if report.added:
            self.prepare_first()
        return report

    @requested()
    def import_source(
        self,
        source: Path | str,
        *,
        labels: str | None = None,
        links: bool = False,
        group: str | None = None,
        pages: str = "all",
        tags: tuple[str, ...] = (),
        documents: bool = False,
        agreed: Agreed = NOT_ASKED,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Import a folder or a CSV in one step: read it, and take it in as far as was agreed.

        Raises:
            AnnotatorError: as `read_source`.
            ImportingError: as `read_source` and `take_in`.
        """
        found = self.read_source(
            source,
            labels=labels,
            links=links,
            group=group,
            keep_splits=agreed.keep_splits,
            pages=pages,
            tags=tags,
            documents=documents,
            progress=progress,
        )
        return self.take_in(found, agreed)

    @requested()
    def import_embeddings(self, file: Path | str, name: str = "own") -> EmbeddingsReport:
        """Import embeddings and make them what frozen rounds see; see `features_in_use`.

        Args:
            file: `.npy`, `.npz`, `.csv` or `.parquet`.
            name: of the set; rows are added to one of that name.

        Raises:
            AnnotatorError: the file is not in a folder that this service may use.
            ImportingError: rows cannot be matched, or do not fit; nothing is kept then.
            WorkspaceError: what is there is damaged, or the workspace cannot be written.
        """
        path = self.reachable(file, self.workspace.root)
        report = take(self.workspace, self.store.images.names(), path, name)
        self._log.write("embeddings imported", name=name, matched=report.matched)
        settings = self.store.settings.get()
        self.store.settings.save(replace(settings, backbone=f"{OWN}{name}"))
        if not report.missing and not self.store.results.latest():
            self.prepare()
        return report

    def prepare_first(self) -> None:
        """Have images prepared unless a round asks already; a disk that is full is left alone."""
        with suppress(StoreError):
            if self.store.images.count() and not self.store.results.latest():
                self.prepare()

    def prepare(self) -> None:
        """Queue the job that looks at the images and picks the first ones to ask."""
        with suppress(RoundError):  # one waits or runs already
            self.store.jobs.add("prepare", {})
