"""Which labels of a source are taken: none that is unclear, unknown, a model's, or another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.errors import AnnotatorError
from annotator.importing.deciding.alike import Pair, slips
from annotator.importing.deciding.naming import Naming, naming
from annotator.importing.found import Telling
from annotator.model import (
    Agreed,
    Conflict,
    Differing,
    Given,
    LabelSource,
    Refused,
    Told,
)
from annotator.store import Store
from annotator.store.classes import alike, tidy

SETTLED: LabelSource = "adjudicated"
SHOWN = 120  # characters of a label that cannot be a class name


@dataclass(frozen=True, slots=True)
class Standing:
    """The label that an image has here, of a class that may be removed."""

    name: str  # of the class
    annotator: str
    source: LabelSource


@dataclass(frozen=True, slots=True)
class Chosen:
    """A label that is to be written."""

    sha256: str
    name: str  # in the source, of a class that may be merged: it keeps its labels, to be split off
    given: Given
    replaced: Differing | None = None  # another label, or that somebody could not tell

    @property
    def replaces(self) -> bool:
        """Whether it takes the place of another answer."""
        return self.replaced is not None


@dataclass(slots=True)
class Labels:
    """What becomes of each label that a source tells."""

    naming: Naming
    standing: Mapping[str, Standing]  # SHA-256 -> label
    untold: Mapping[str, str]  # SHA-256 of an image that nobody can tell -> who said so
    audited: Collection[str]  # SHA-256 of the images that the open audit asks about
    agreed: Agreed
    chosen: list[Chosen] = field(default_factory=list)
    known: int = 0
    added: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    unfit: list[Refused] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    machine: int = 0
    kept_out: int = 0  # of images that are audited
    merged: dict[str, str] = field(default_factory=dict)  # a told class -> what it counts as
    renamed: dict[str, str] = field(default_factory=dict)  # a told class -> its name by now

    def take(self, sha256: str, tellings: Sequence[Telling]) -> None:
        """Decide on what is told of one image, perhaps by several files with its bytes."""
        words = self._words(tellings)
        if len({name for name, _, _ in words}) > 1:
            files = tuple(dict.fromkeys(file for _, file, _ in words))
            self.conflicts.append(Conflict(files, tuple(sorted({name for name, _, _ in words}))))
        elif words:
            self._one(sha256, *words[0])

    def missing(self) -> set[str]:
        """The classes of labels that were chosen that are not here."""
        return {each.name for each in self.chosen if each.name not in self.naming.classes}

    def labeled(self) -> set[str]:
        """The images that have a label, or get one, by SHA-256."""
        return {each.sha256 for each in self.chosen}.union(self.standing)

    def of(self, names: Collection[str]) -> dict[str, int]:
        """How many labels of each of these classes were chosen."""
        return dict(Counter(each.name for each in self.chosen if each.name in names))

    def revise(self, stale: Collection[str], later: Labels) -> None:
        """Take over what was decided later about these images, by SHA-256, and the classes."""
        self.chosen = [each for each in self.chosen if each.sha256 not in stale] + later.chosen
        self.naming = later.naming
        self.known += later.known
        self.unknown += later.unknown
        self.removed += later.removed
        self.differing += later.differing
        self.conflicts += later.conflicts
        self.kept_out += later.kept_out
        self.merged |= later.merged
        self.renamed |= later.renamed

    def alike(self) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
        """The classes that are new or unknown and read like others, or but for one letter."""
        here = [each.name for each in self.naming.classes.values()]
        new = self.unknown + self.added
        return alike(here, new), slips(here, new)

    def _words(self, tellings: Sequence[Telling]) -> list[tuple[str, str, Told]]:
        """The class, file and telling of each label that is a person's and can be a class."""
        words = []
        for file, told in tellings:
            if not told.label:
                continue
            if told.given.source == "pseudo":
                self.machine += 1
                continue
            try:
                words.append((self._counted_as(tidy(told.label)), file, told))
            except AnnotatorError as problem:
                name = f"{file} ({told.place})" if told.place else file
                shown = f"{told.label[:SHOWN]}{'…' * (len(told.label) > SHOWN)}"
                self.unfit.append(Refused(name, f"its label '{shown}' is left out. {problem}"))
        return words

    def _counted_as(self, name: str) -> str:
        """The class as which the labels of one count: another, where it was merged into that."""
        end = self.naming.counted(name)
        if end is None:
            return name
        if now := self.naming.renamed(name):
            self.renamed[name] = now
        if end.id != self.naming.classes[name].id:
            self.merged[name] = end.name
        return end.name

    def _one(self, sha256: str, name: str, file: str, told: Told) -> None:
        own = tidy(told.label or "")
        each = self.naming.counted(own)
        here, by = self.standing.get(sha256), self.untold.get(sha256)
        if each is None and not self.agreed.add_classes:
            self.unknown[name] += 1
        elif each is not None and each.removed:
            self.removed[name] += 1
        elif here and each and here.name == each.name:
            self.known += 1
        elif sha256 in self.audited:  # a label that nobody was asked for would keep it waiting
            self.kept_out += 1
        elif here and here.source == SETTLED != told.given.source:  # it outranks what comes later
            self.differing.append(Differing(file, here.name, name, here.annotator, settled=True))
        else:
            self._choose(Chosen(sha256, own, told.given, _other(file, name, here, by)))

    def _choose(self, each: Chosen) -> None:
        """Take a label, unless it differs from what is here and nobody agreed to that."""
        if each.replaced and not self.agreed.update_labels:
            self.differing.append(each.replaced)
            return
        self.added[each.name] += int(self.naming.counted(each.name) is None)
        self.chosen.append(each)


def _other(file: str, name: str, here: Standing | None, by: str | None) -> Differing | None:
    """The answer that is here already, if there is one."""
    if here:
        return Differing(file, here.name, name, here.annotator, settled=here.source == SETTLED)
    return Differing(file, "", name, by) if by else None


def decide(
    store: Store, told: Mapping[str, Sequence[Telling]], agreed: Agreed, first: dict[str, int]
) -> Labels:
    """Decide on every label, by the classes, answers and audits that are here now.

    `first` is what names meant when they were first decided on, to which it adds; see `naming`.
    """
    ids = store.images.hashes()
    here = {ids[sha256]: sha256 for sha256 in told if sha256 in ids}
    found = Labels(
        naming(store, first),
        standing(store),
        {here[image]: each.annotator for image, each in store.beside.unclear(here).items()},
        {here[image] for image in store.audits.asked() if image in here},
        agreed,
    )
    for sha256, tellings in told.items():
        found.take(sha256, tellings)
    return found


def standing(store: Store) -> dict[str, Standing]:
    """The label of each image by SHA-256.

    What an expert said counts also where its class was removed since: restored, it is back. What
    an import said of such a class, the next one may mend.
    """
    classes = store.classes.ends()
    sha256 = {image_id: sha for sha, image_id in store.images.hashes().items()}
    return {
        sha256[each.image_id]: Standing(classes[each.class_id].name, each.annotator, each.source)
        for each in store.labels.standing()
        if each.source != "imported" or not classes[each.class_id].removed
    }
