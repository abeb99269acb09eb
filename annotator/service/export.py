"""Export: the labeled and pseudo-labeled data set, with where each label comes from."""

from __future__ import annotations

from dataclasses import asdict
from itertools import count
from pathlib import Path

from annotator.errors import AnnotatorError
from annotator.export.formats import FORMATS
from annotator.export.rows import (
    doubted,
    export_rows,
    measured,
    point_of,
    provenance,
    without_a_row,
    without_an_answer,
)
from annotator.export.write import Proof, write
from annotator.model import Doubt, ExportReport, Round
from annotator.service.auditing.certifying import Certifying


class Export(Certifying):
    """What leaves the workspace."""

    @staticmethod
    def export_formats() -> dict[str, str]:
        """The names of the formats, and what each writes in a line."""
        return {name: kind.says for name, kind in FORMATS.items()}

    def export_place(self) -> Path:
        """A new folder of the workspace that the next export may fill."""
        places = (self.workspace.exports / f"export-{number}" for number in count(1))
        return next(place for place in places if not place.exists())

    def export(
        self,
        out: Path | str,
        format: str = "csv",  # noqa: A002 - the word that users know
        *,
        threshold: float | None = None,
        pseudo: bool | None = None,
        images: bool = True,
        leave_out_damaged: bool = False,
        keep_metadata: bool = False,
        safe_cells: bool = False,
        certified: bool = False,
    ) -> ExportReport:
        """Write labels, and the newest round's pseudo-labels, into a new or empty folder.

        Args:
            out: the folder.
            format: a name in `export_formats()`.
            threshold: confidence from which a prediction is exported; the round's by default.
            pseudo: whether pseudo-labels are exported; by default unless `doubt` speaks against it.
            images: whether image files are written, or tables alone that name them.
            leave_out_damaged: go on without images whose files are gone or damaged.
            keep_metadata: whether image files keep what may name people, such as EXIF.
            safe_cells: whether text that a spreadsheet would run is marked as text.
            certified: whether exactly the pseudo-labels of the newest certificate are exported,
                with its proof; neither `threshold` nor `pseudo` is given then.

        Raises:
            AnnotatorError: the threshold is out of range or given beside a certificate, or the
                folder is not below one that this service may use.
            ExportError: an unknown format, nothing to export, a folder that is taken or cannot be
                written, or images that are gone or damaged; certified, also what `release` says.
        """
        out = self.reachable(out, self.workspace.exports)
        if certified and (threshold is not None or pseudo is not None):
            raise AnnotatorError(
                "A certificate says which pseudo-labels are released: leave the threshold, and "
                "whether there are pseudo-labels, out."
            )
        released = self._release() if certified else None
        latest = self.store.results.latest() if pseudo is not False else None
        if released:
            latest, threshold = released.round, released.least
        cut = self._cut(latest, threshold)
        warnings = []
        point = point_of(self.store, latest) if latest else None
        if latest is not None and released is None:
            doubt = doubted(self.store, latest, point, cut)
            warnings = list(doubt.said)
            if doubt.left_out and pseudo is None:
                latest = point = None
                warnings.append("So no pseudo-label was written: they are if you ask for them.")
        settings = asdict(self.store.settings.get())
        known = provenance(self.name, latest, cut, settings) | measured(self.store, point)
        with released.rows if released else export_rows(self.store, latest, cut) as rows:
            audited = released.rows.unanswered() if released else 0
            return write(
                rows,
                self.workspace,
                out,
                format,
                provenance=known,
                classes=[each.name for each in self.store.classes.active()],
                images=images,
                damaged=leave_out_damaged,
                keep_metadata=keep_metadata,
                safe_cells=safe_cells,
                warnings=warnings,
                pages_of=self.store.pages.of,
                also=(*without_a_row(*rows.unmentioned()), *without_an_answer(audited)),
                proof=Proof(released.evidence, released.frozen, released.sentences)
                if released
                else None,
            )

    def doubt(self) -> Doubt | None:
        """What speaks against the newest round's pseudo-labels; None without a round."""
        latest = self.store.results.latest()
        if latest is None:
            return None
        point = point_of(self.store, latest)
        return doubted(self.store, latest, point, latest.threshold)

    @staticmethod
    def _cut(latest: Round | None, threshold: float | None) -> float:
        """The least confidence of a pseudo-label: what is asked for, else the round's.

        Raises:
            AnnotatorError: it is out of range.
        """
        cut = threshold if threshold is not None else (latest.threshold if latest else 1.0)
        if not 0 <= cut <= 1:
            raise AnnotatorError(f"threshold is {cut}; it must lie between 0 and 1.")
        return cut
