"""What an import comes to by what the workspace holds: worked out by reads, so nobody waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.importing.deciding import beside, groups, splits
from annotator.importing.deciding.beside import Beside
from annotator.importing.deciding.labels import Labels, decide, standing
from annotator.importing.found import Found
from annotator.importing.source import PAGE
from annotator.model import Agreed, ImportReport, NewImage, Refused, Split
from annotator.project import Workspace
from annotator.store import Store
from annotator.store.arriving import since
from annotator.store.arriving.since import Moment
from annotator.store.columns.names import called_of
from annotator.store.dividing.draw import SPLITS

Windows = tuple[tuple[float, float], ...]  # (center, width) of each


@dataclass(slots=True)
class Plan:
    """What is to be written, and what is to be said of it."""

    found: Found
    agreed: Agreed
    new: list[NewImage]
    splits: Mapping[str, Split]  # SHA-256 -> split, of each new image
    seed: int  # of the draw that divided them
    groups: Mapping[str, str]  # SHA-256 -> what it is called here, of what belongs together
    joining: list[str]  # SHA-256 of images that are here, and of no group yet
    labels: Labels
    moment: Moment  # at which the labels were decided
    divided: Divided
    others: Beside  # what is said beside labels
    made: set[str] = field(default_factory=set)  # classes that were added
    copies: tuple[tuple[str, str], ...] = ()  # files, and the images that they are copies of
    overtaken: set[str] = field(default_factory=set)  # new, but another import was faster

    def outdated(self, store: Store, images: Collection[str]) -> set[str]:
        """Those of some images, by SHA-256, whose labels were decided by what has changed."""
        now = since.now(store.db)
        if (now.change, now.draw) != (self.moment.change, self.moment.draw):
            return set(images)
        return since.touched(store.db, self.moment, images)

    def decide_again(self, store: Store, left: Collection[str]) -> None:
        """Decide anew on what is outdated."""
        with store.db.reading():
            moment, stale = since.now(store.db), self.outdated(store, left)
            told = {sha: self.found.told[sha] for sha in self.found.told if sha in stale}
            self.labels.revise(stale, decide(store, told, self.agreed, self.found.classes))
        self.moment = moment

    def say_again(self, store: Store) -> Beside:
        """Decide anew on what is said beside labels, by what is here now."""
        told = {sha: self.found.told[sha] for sha, *_ in self.others.said}
        later = beside.decide(store, told, standing(store))
        self.others = replace(
            later,
            outweighed=self.others.outweighed + later.outweighed,
            kept_out=self.others.kept_out + later.kept_out,
        )
        return later

    def report(self, *, written: bool) -> ImportReport:
        """What to say of it."""
        found, labels, divided = self.found, self.labels, self.divided
        new = [each.sha256 for each in self.new if each.sha256 not in self.overtaken]
        paged = [len(found.images[sha].pages) for sha in new if found.images[sha].pages]
        alike, slips = labels.alike()
        return ImportReport(
            added=len(new),
            documents=len(paged),
            pages=sum(paged),
            **_by_page(name for sha in new if PAGE in (name := found.images[sha].name)),
            duplicates=found.files - len(found.refused) - len(new),
            repeated=found.repeated,
            copies=self.copies,
            counted=found.pages,
            counted_of=len(found.paged),
            by_name=tuple(found.by_name),
            **_shown([found.images[sha].windows for sha in new]),
            refused=tuple(found.refused),
            notes=(*found.notes, *divided.several),
            personal=tuple(found.personal),
            labeled=sum(not each.replaces for each in labels.chosen),
            replaced=tuple(each.replaced for each in labels.chosen if each.replaced),
            updated=sum(each.replaces for each in labels.chosen),
            known=labels.known,
            classes=labels.of(self.made if written else labels.missing()),
            unknown=dict(labels.unknown),
            removed=dict(labels.removed),
            alike=alike,
            slips=slips,
            merged=labels.merged,
            renamed=labels.renamed,
            unfit=tuple(labels.unfit),
            differing=tuple(labels.differing),
            conflicts=tuple(labels.conflicts),
            machine=labels.machine,
            parts=divided.parts,
            keeps=self.agreed.keep_splits,
            kept=divided.kept,
            kept_val=divided.kept_val,
            validates=divided.validates,
            validating=divided.validating,
            stayed=divided.stayed,
            test=sum(self.splits[sha] == "test" for sha in new),
            val=sum(self.splits[sha] == "val" for sha in new),
            grouped=found.grouped,
            groups=len(set(self.groups.values())),
            alone=sum(sha not in self.groups for sha in new) if found.grouped else 0,
            elsewhere=divided.elsewhere,
            both=divided.both,
            odd=divided.odd,
            unclear=len(self.others.unclear),
            outweighed=self.others.outweighed,
            marked=self.others.marked,
            audited=labels.kept_out + self.others.kept_out,
            written=written,
        )


def _copies(store: Store, found: Found) -> Iterator[tuple[str, str]]:
    """The files that are copies of images of other names, and those that are there twice."""
    others = {sha for _, sha in found.copies if sha not in found.images}
    here = called_of(store.db, others)
    for name, sha in found.copies:
        if sha in found.images:
            yield name, found.images[sha].name
        elif here.get(sha, name) != name:
            yield name, here[sha]


def _by_page(names: Iterable[str]) -> dict[str, Any]:
    """How many images are single pages, by their names, and of how many files."""
    files = Counter(name.rsplit(PAGE, 1)[0] for name in names)
    return {"single": files.total(), "paged": len(files)}


def _shown(windows: Sequence[Windows | None]) -> dict[str, Any]:
    """How many images have several windows, and how many none; and those of one with most."""
    told = [each for each in windows if each is not None]
    return {
        "windowed": sum(map(bool, told)),
        "windowless": told.count(()),
        "windows": max(told, key=len, default=()),
    }


@dataclass(frozen=True, slots=True)
class Divided:
    """What is to be said of how images are divided."""

    parts: Mapping[str, int]  # of the source -> its images
    several: list[Refused]  # images that are in more than one of them
    kept: int  # new images that stay in the test set in which the source has them
    kept_val: int  # likewise, in the validation set
    validates: bool  # whether images are kept for validation here
    validating: int  # validation images, once all is written
    stayed: int  # images that are here, in another split than the source has them
    elsewhere: int  # images that are in another group here
    both: int  # groups with images in several splits, once all is written
    odd: bool  # whether groups were called with several secrets


def plan(store: Store, workspace: Workspace, found: Found, agreed: Agreed) -> Plan:
    """Work out what writing it would do; nothing is written, and no writer waits."""
    called = groups.salted(found.told, workspace.secret) if found.grouped else {}
    with store.db.reading():
        here = store.images.hashes()
        new = [image for sha, image in found.images.items() if sha not in here]
        settings = store.settings.get()
        validates = settings.val_share > 0
        kept = splits.kept(found.told, agreed.keep_splits, validates=validates)
        parted = store.images.divided(
            [image.sha256 for image in new],
            test_share=settings.test_share,
            val_share=settings.val_share,
            seed=settings.seed,
            kept=kept,
            groups=called,
        )
        before = store.images.groups()
        joining = [sha for sha in called if sha in here and sha not in before]
        apart: dict[int, Split] = {
            each: which for which in SPLITS[1:] for each in store.images.ids(which)
        }
        split: dict[str, Split] = {
            sha: apart.get(here[sha], "pool") for sha in (*joining, *kept) if sha in here
        }
        validating = store.images.count("val") + sum(each == "val" for each in parted.values())
        sides = store.images.sides()
        labels = decide(store, found.told, agreed, found.classes)
        moment = since.now(store.db)
        others = beside.decide(store, found.told, labels.labeled())
        copies = tuple(_copies(store, found))
    for sha in (*parted, *joining):
        if sha in called:
            sides.setdefault(called[sha], set()).add(parted.get(sha) or split[sha])
    parts, several = splits.parts(found.told)
    divided = Divided(
        parts,
        several,
        kept=sum(wanted == "test" and sha in parted for sha, wanted in kept.items()),
        kept_val=sum(wanted == "val" and sha in parted for sha, wanted in kept.items()),
        validates=validates,
        validating=validating,
        stayed=sum(sha in split and split[sha] != wanted for sha, wanted in kept.items()),
        elsewhere=sum(before.get(sha, group) != group for sha, group in called.items()),
        both=sum(len(each) > 1 for each in sides.values()),
        odd=groups.unlike(before.values(), called.values()),
    )
    return Plan(
        found,
        agreed,
        new,
        parted,
        settings.seed,
        called,
        joining,
        labels,
        moment,
        divided,
        others,
        copies=copies,
    )
