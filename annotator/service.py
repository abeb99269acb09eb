"""Every verb of the product: the only thing that pages and command line may call."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from annotator import accuracy, catalog, export, intake, labelling, pixels, signing
from annotator.advice import Advice, advise
from annotator.checks import check_new, check_settings, round_params
from annotator.errors import AnnotatorError, RoundError
from annotator.explore import Explorer
from annotator.launch import Launcher
from annotator.model import (
    Acknowledged,
    ClassName,
    ClassRatio,
    Confusion,
    CurvePoint,
    EpochPoint,
    ExportReport,
    Image,
    ImportReport,
    Job,
    LabelEvent,
    MethodInfo,
    Prediction,
    Progress,
    Question,
    Round,
    Settings,
)
from annotator.rows import export_rows, provenance
from annotator.store import Store
from annotator.workspace import Workspace

THUMBNAIL_SIDE = 160  # pixels


class Service:
    """One workspace, opened. Threads may share it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = Store(workspace.database)
        self.name = workspace.root.resolve().name
        self.explore = Explorer(self.store, workspace)
        self._launcher = Launcher(workspace.root, self.store)
        self._secret = workspace.secret

    @classmethod
    def open(cls, root: Path | str) -> Service:
        return cls(Workspace.open(Path(root)))

    @classmethod
    def create(
        cls, root: Path | str, classes: Sequence[str], settings: Settings | None = None
    ) -> Service:
        check_new(classes, settings := settings or Settings())
        service = cls(Workspace.create(Path(root)))
        service.save_settings(settings)
        for name in classes:
            service.add_class(name)
        return service

    # classes and settings --------------------------------------------------------------------

    def classes(self, *, removed: bool = False) -> list[ClassName]:
        return self.store.classes.all() if removed else self.store.classes.active()

    def add_class(self, name: str) -> ClassName:
        return self.store.classes.add(name)

    def remove_class(self, class_id: int) -> None:
        """Hide a class: its labels stay in the log, its images are asked again."""
        self.store.classes.remove(class_id)

    def restore_class(self, class_id: int) -> None:
        self.store.classes.restore(class_id)

    def settings(self) -> Settings:
        return self.store.classes.settings()

    def save_settings(self, settings: Settings) -> None:
        check_settings(settings)
        self.store.classes.save(settings)

    # labelling -------------------------------------------------------------------------------

    def lease(self, client: str, annotator: str, n: int = 30) -> list[Question]:
        """What this client holds unanswered, topped up to `n`, in asking order."""
        del annotator  # leases are per open page; who answers is written with the answer
        return labelling.lease(self.store, client, n)

    def record(self, events: Sequence[LabelEvent], annotator: str) -> Acknowledged:
        """Write what is new, safely on disk on return; a round starts once enough came in."""
        done = labelling.record(self.store, events, annotator)
        if labelling.round_due(self.store):
            with suppress(RoundError):  # one runs, or one class only: the next label asks again
                self.start_round()
        return done

    def progress(self) -> Progress:
        return labelling.progress(self.store)

    # images ----------------------------------------------------------------------------------

    def image(self, image_id: int) -> Image:
        found = self.store.images.get(image_id)
        if found is None:
            raise AnnotatorError(
                f"There is no image {image_id}; ids go from 1 to {self.store.images.count()}."
            )
        return found

    def image_url(self, image_id: int, *, thumbnail: bool = False) -> str:
        variant = "thumb" if thumbnail else ""
        return signing.address(self._secret, image_id, variant)

    def picture(
        self, image_id: int, until: str, sig: str, thumbnail: bool
    ) -> tuple[bytes, str] | None:
        """Bytes and media type behind a signed address; None if it was not made here."""
        variant = "thumb" if thumbnail else ""
        if not signing.allows(self._secret, image_id, until, sig, variant):
            return None
        path = self.workspace.image_path(self.image(image_id).stored)
        return pixels.thumbnail(path, THUMBNAIL_SIDE) if thumbnail else pixels.for_browser(path)

    def images(
        self,
        *,
        kind: Literal["all", "labelled", "unlabelled", "test"] = "all",
        offset: int = 0,
        limit: int = 60,
    ) -> list[Image]:
        return self.store.images.page(kind, offset, limit)

    def count_by_class(self) -> dict[str, int]:
        """How many current labels each class has, in the order of the classes."""
        counts = Counter(self.store.labels.by_class())
        return {each.name: counts[each.id] for each in self.classes()}

    def import_source(
        self,
        source: Path | str,
        *,
        labels: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Import a folder or a CSV; afterwards a background job prepares the first questions."""
        report = intake.take_in(self.store, self.workspace, Path(source), labels, progress)
        if report.added and not self.store.results.latest():
            self.prepare()
        return report

    def prepare(self) -> None:
        """Queue the job that looks at the images and picks the first ones to ask."""
        try:
            self.store.jobs.add("prepare", {})
        except RoundError:  # one waits or runs already
            return

    # rounds ----------------------------------------------------------------------------------

    def start_round(
        self,
        method: str | None = None,
        regime: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Job:
        """Queue a round on the labels there are; say what is missing if it cannot learn."""
        return self.store.jobs.add("round", round_params(self.store, method, regime, params or {}))

    def cancel(self, job_id: int) -> None:
        self.store.jobs.cancel(job_id)

    def active_job(self) -> Job | None:
        return self.store.jobs.active()

    def job(self, job_id: int) -> Job | None:
        return self.store.jobs.get(job_id)

    def last_job(self) -> Job | None:
        return self.store.jobs.last()

    def eta(self, job: Job) -> float | None:
        """Seconds left if the rest goes as the part that is done; None while nobody can tell."""
        if job.state != "running" or job.started is None or job.progress < 0.02:
            return None
        return (time.time() - job.started) * (1 - job.progress) / job.progress

    def rounds(self) -> list[Round]:
        return self.store.results.rounds()

    def epochs(self, round_id: int) -> list[EpochPoint]:
        return self.store.results.epochs(round_id)

    def curve(self) -> list[CurvePoint]:
        """Both models of every finished round, all measured on the test labels there are now."""
        return accuracy.points(self.store.results.judged())

    def advice(self) -> list[Advice]:
        """What speaks for and against labelling on."""
        done = [each for each in self.rounds() if each.state == "done"]
        ssl = [each for each in self.curve() if each.model == "ssl"]
        agreements = [each.details.get("agreement") for each in done]
        return advise(ssl, agreements, self.settings().goal)

    def ratios(self) -> list[ClassRatio]:
        names = {each.id: each.name for each in self.classes()}
        return [
            ClassRatio(row["round"], names[row["class_id"]], row["predicted"], row["pseudo"])
            for row in self.store.results.ratios()
            if row["class_id"] in names
        ]

    def confidences(self, round_id: int) -> list[tuple[float, float, int]]:
        """Histogram of the round's confidences over the unlabelled pool: (low, high, images)."""
        found = self.store.results.get(round_id)
        counts: list[int] = found.details.get("histogram", []) if found else []
        return [(i / len(counts), (i + 1) / len(counts), n) for i, n in enumerate(counts)]

    def confusion(self, round_id: int) -> Confusion | None:
        names = {each.id: each.name for each in self.classes()}
        return accuracy.confusion(self.store.results.judged(), round_id, names)

    def pseudo_labels(
        self,
        round_id: int,
        *,
        class_id: int | None = None,
        order: Literal["confidence", "uncertain"] = "confidence",
        offset: int = 0,
        limit: int = 24,
    ) -> list[Prediction]:
        found = self.store.results.get(round_id)
        return self.store.results.pseudo_labels(
            round_id,
            found.threshold if found else 1.0,
            class_id=class_id,
            least_first=order == "uncertain",
            offset=offset,
            limit=limit,
        )

    def methods(self) -> list[MethodInfo]:
        return list(catalog.methods())

    def policies(self) -> dict[str, str]:
        return catalog.asks()

    def presets(self) -> list[str]:
        return list(catalog.presets())

    def backbones(self) -> list[str]:
        return ["auto", *catalog.backbones()]

    # worker and export -----------------------------------------------------------------------

    def worker_alive(self) -> bool:
        return self._launcher.running()

    def ensure_worker(self) -> None:
        self._launcher.ensure()

    def close(self) -> None:
        """Close the database and end the worker started here; the next one resumes its job."""
        self._launcher.stop()
        self.store.db.close()

    def export(
        self,
        out: Path | str,
        format: str = "csv",  # noqa: A002 - the word that users know
        *,
        threshold: float | None = None,
        pseudo: bool = True,
    ) -> ExportReport:
        """Write labels, and the newest round's pseudo-labels, with where each comes from."""
        latest = self.store.results.latest() if pseudo else None
        cut = threshold if threshold is not None else (latest.threshold if latest else 1.0)
        if not 0 <= cut <= 1:
            raise AnnotatorError(f"threshold is {cut}; it must lie between 0 and 1.")
        rows = export_rows(self.store, latest, cut)
        return export.write(
            rows,
            self.workspace,
            Path(out),
            format,
            provenance=provenance(self.name, latest, cut, asdict(self.settings())),
        )

    def export_formats(self) -> list[str]:
        return list(export.FORMATS)
