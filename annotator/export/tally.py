"""What is counted while rows are written, and what is said of it in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from annotator.export.about import About
from annotator.export.copying import Copied
from annotator.model import ExportRow
from annotator.wording import many

NAMED = 10  # classes that a sentence names


@dataclass(slots=True)
class Tally:
    """Counts of the rows that were written, and the names of the images that were not."""

    cells: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # class, split, source
    converted: Counter[tuple[str, str]] = field(default_factory=Counter)  # (suffix, what is lost)
    changed: int = 0  # files that are not byte for byte what was imported
    lost: list[str] = field(default_factory=list)
    documents: int = 0  # of several pages, each in one file
    pages: int = 0  # that these have
    round: int | None = None
    likely: set[str] = field(default_factory=set)  # classes that probabilities name
    unsaid: int = 0  # pseudo-labels without probabilities

    def add(self, row: ExportRow, copied: Copied | None) -> None:
        """Count a row that was written, with its image or without."""
        self.cells[row.label, row.split, row.source] += 1
        if row.round is not None:
            self.round = max(row.round, self.round or 0)
        if row.source == "pseudo":
            self.likely.update(row.probabilities or ())
            self.unsaid += row.probabilities is None
        if copied is None:
            return
        self.changed += int(copied.sha256 != row.image.sha256)
        if copied.pages > 1:
            self.documents += 1
            self.pages += copied.pages
        if copied.converted is not None:
            self.converted[copied.converted, copied.lost] += 1

    @property
    def rows(self) -> int:
        """How many were written."""
        return self.cells.total()

    @property
    def sources(self) -> Counter[str]:
        """Rows by source."""
        return self._by(2)

    @property
    def unclear(self) -> int:
        """How many rows have no label, as nobody can tell."""
        return self.sources["unclear"]

    @property
    def pseudo(self) -> int:
        """How many rows are a model's."""
        return self.sources["pseudo"]

    def facts(self) -> dict[str, object]:
        """For provenance.json."""
        return {
            "rows": self.rows,
            "sources": self.sources,
            "classes": Counter({name: n for name, n in self._by(0).items() if name}),
            "splits": self._by(1),
            "left_out": self.lost,
        }

    def _by(self, place: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for cell, n in self.cells.items():
            found[cell[place]] += n
        return found


def notes(tally: Tally, about: About, reader: str) -> list[str]:
    """Sentences on what was converted and what is missing, for the report and the card."""
    said = [
        f"{many(count, f'{suffix} file was', f'{suffix} files were')} converted to PNG, which "
        f"{reader} reads, without metadata: {lost or 'each pixel as it was'}."
        for (suffix, lost), count in sorted(tally.converted.items())
    ]
    if tally.documents:
        said.append(
            f"{many(tally.documents, 'document is', 'documents are')} in TIFF files, all pages of "
            f"one in one file ({tally.pages:,} in all): what reads images shows the first."
        )
    if tally.lost:
        said.append(
            f"{len(tally.lost):,} left out, as their files are gone or damaged: "
            "provenance.json names each."
        )
    if tally.unclear:
        rows = many(tally.unclear, "row is of an image", "rows are of images")
        said.append(
            f"{rows} that nobody can tell: without a label, with 'unclear' as source. Leave them "
            "out where you need labels."
        )
    if missing := about.missing():
        said.append(f"No image is labeled {listed(missing)}: this data set cannot teach it.")
    return [*said, *_of_probabilities(tally, about)]


def _of_probabilities(tally: Tally, about: About) -> list[str]:
    """What the column lacks, and whom it names that no label does."""
    said = []
    if gone := sorted(tally.likely - set(about.classes)):
        was = "which was" if len(gone) == 1 else "which were"
        said.append(
            f"Probabilities name {listed(gone)} as well, {was} removed since the round: those of "
            "the other classes do not add up to 1."
        )
    if tally.unsaid:
        said.append(
            f"{many(tally.unsaid, 'pseudo-label has', 'pseudo-labels have')} no probabilities: "
            "those of the two newest rounds alone are kept, and none of a round that a version "
            "trained which did not keep them. Train another to have them."
        )
    return said


def only_elsewhere(about: About) -> list[str]:
    """Which classes a split lacks, for readers that number classes by the folders they see."""
    nowhere, said = about.missing(), []
    for split, folder in (("pool", "train"), ("val", "val"), ("test", "test")):
        there = about.of_split(split)
        absent = [each for each in about.classes if each not in there and each not in nowhere]
        if there and absent:
            said.append(
                f"The folder `{folder}` has no image of {listed(absent)}: a reader that numbers "
                "classes by their folders numbers them otherwise there. Go by their names."
            )
    return said


def listed(names: Sequence[str]) -> str:
    """The names, in quotes, the first of many."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(f"'{name}'" for name in names[:NAMED]) + more
