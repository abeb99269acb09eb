"""Classes and settings: what the owner of a workspace decides, and the choices there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from annotator.catalog import names
from annotator.catalog.executors import check_on_pages, named
from annotator.catalog.settings import check_settings, choices
from annotator.errors import AnnotatorError, unknown
from annotator.model import ClassChange, ClassName, Setting, Settings
from annotator.model.networks.backbones import OWN, weights_of
from annotator.project import own
from annotator.service.opened import Opened
from annotator.store.classes import folded, tidy


class Classes(Opened):
    """What images may be labeled as, and how the workspace asks and learns."""

    def classes(self, *, removed: bool = False) -> list[ClassName]:
        """The classes in their order; with `removed`, also those removed or merged."""
        return self.store.classes.all() if removed else self.store.classes.active()

    def class_named(self, name: str) -> ClassName:
        """The class of this name, whether shown or hidden.

        Raises:
            AnnotatorError: there is none.
        """
        known = {each.name: each for each in self.store.classes.all()}
        if (tidied := tidy(name)) not in known:
            raise AnnotatorError(unknown("class", tidied, known))
        return known[tidied]

    def alike_classes(self) -> list[tuple[ClassName, ClassName]]:
        """Classes that read alike: one that is shown, and one before it or removed with labels."""
        known = [each for each in self.store.classes.all() if each.merged_into is None]
        shown: dict[str, list[ClassName]] = {}
        for each in sorted(known, key=lambda each: not each.removed):
            shown.setdefault(folded(each.name), []).append(each)
        pairs = [
            (each, other)
            for same in shown.values()
            for place, each in enumerate(same)
            for other in same[:place]
            if each.active
        ]
        if not any(other.removed for _, other in pairs):
            return pairs
        ends = self.store.classes.ends()
        held = {ends[each.class_id].id for each in self.store.labels.standing()}
        return [(each, other) for each, other in pairs if other.active or other.id in held]

    def add_class(self, name: str) -> ClassName:
        """Add a class, or bring back a removed one of that name.

        Raises:
            AnnotatorError: the name is empty, too long or taken.
        """
        with self.store.db.immediate():  # one that comes back brings its labels
            added = self.store.classes.add(name, by=self.person.name)
            self.store.queue.drop_answered(added.id)
        self._tell("added", added)
        return added

    def rename_class(self, class_id: int, name: str) -> ClassName:
        """Call a class by another name: its labels, old and new, are then of that name.

        Raises:
            AnnotatorError: there is no such class, or the name is empty, too long or taken.
        """
        renamed = self.store.classes.rename(class_id, name, by=self.person.name)
        self._tell("renamed", renamed)
        return renamed

    def merge_class(self, class_id: int, into: int) -> None:
        """From now on count a class's labels as another's; `split_class` takes that back.

        Raises:
            AnnotatorError: there is no such class, it is hidden, or the two are one.
        """
        self.store.classes.merge(class_id, into, by=self.person.name)
        self._tell("merged", self.store.classes.get(class_id))

    def split_class(self, class_id: int) -> None:
        """Make a merged class one of its own again, with the labels that it was given.

        Raises:
            AnnotatorError: there is no such class, or it is not merged into another.
        """
        with self.store.db.immediate():
            self.store.classes.split(class_id, by=self.person.name)
            self.store.queue.drop_answered(class_id)
        self._tell("split", self.store.classes.get(class_id))

    def order_classes(self, class_ids: Sequence[int]) -> None:
        """Put the classes into this order; pages that are open keep their keys until a reload.

        Raises:
            AnnotatorError: one is missing, named twice, or none of them.
        """
        self.store.classes.order(class_ids, by=self.person.name)
        self._log.write("classes ordered")

    def describe_class(
        self,
        class_id: int,
        *,
        name: str | None = None,
        color: str | None = None,
        description: str | None = None,
        example_id: int | None = None,
    ) -> ClassName:
        """Change a class's name, color (`#rrggbb`), words, or the image that shows it; all or none.

        What is None stays as it is; an empty text takes it away, and so does the example 0.

        Raises:
            AnnotatorError: there is no such class or image, the name is empty, too long or taken,
                or the color or words are none.
        """
        with self.store.db.immediate():
            now = self.store.classes.get(class_id)
            example = now.example_id if example_id is None else example_id or None
            described = self.store.classes.describe(
                class_id,
                color=now.color if color is None else color,
                description=now.description if description is None else description,
                example_id=example,
                by=self.person.name,
            )
            if name is not None:
                described = self.store.classes.rename(class_id, name, by=self.person.name)
        self._tell("described", described)
        return described

    def class_log(self, limit: int = -1) -> list[ClassChange]:
        """What was done to classes, by whom and when, the newest first."""
        return self.store.classes.log.newest(limit)

    def remove_class(self, class_id: int) -> None:
        """Hide a class: its labels stay in the log, its images are asked again.

        Raises:
            AnnotatorError: there is no such class, or it is merged into another.
        """
        self.store.classes.remove(class_id, by=self.person.name)
        self._tell("removed", self.store.classes.get(class_id))

    def restore_class(self, class_id: int) -> None:
        """Bring back a removed class and all its labels.

        Raises:
            AnnotatorError: there is no such class.
        """
        with self.store.db.immediate():
            restored = self.store.classes.restore(class_id, by=self.person.name)
            self.store.queue.drop_answered(class_id)
        self._tell("restored", restored)

    def _tell(self, what: str, each: ClassName) -> None:
        """A line in the log of what happened; the database has who did it, and what was before."""
        self._log.write(f"class {what}", id=each.id)

    def count_by_class(self) -> dict[str, int]:
        """How many current labels each class has, in the order of the classes."""
        counts = Counter(self.store.labels.by_class())
        return {each.name: counts[each.id] for each in self.classes()}

    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.store.settings.get()

    def check_settings(self, settings: Settings) -> None:
        """Judge settings before they are saved.

        Raises:
            SettingsError: names are unknown or numbers out of range, or a file of weights or a
                cluster is none that this service may use.
        """
        now = self.settings()
        first: dict[str, Callable[[], object]] = {}
        file = weights_of(settings.backbone)
        if file and settings.backbone != now.backbone:
            first["backbone"] = partial(self.reachable, file, self.workspace.root)
        if self.restricted and settings.executor != now.executor:
            first["executor"] = partial(check_on_pages, settings.executor)
        check_settings(settings, own.names(self.workspace.own), first)

    def save_settings(self, settings: Settings) -> None:
        """Save all settings; a round that was asked for already keeps its own.

        Raises:
            SettingsError: as `check_settings`.
        """
        self.check_settings(settings)
        now = self.settings()
        shares = ("second_opinions", "opinions", "repeats")
        with self.store.db.immediate():
            self.store.settings.save(settings)
            if any(getattr(now, each) != getattr(settings, each) for each in shares):
                self.store.twice.rebuild(settings)

    @staticmethod
    def policies() -> dict[str, str]:
        """The acquisition policies, and what each asks first."""
        return names.asks()

    @staticmethod
    def choices(setting: Setting) -> Mapping[str, str]:
        """The names that a setting may be, and what each does; none if it is a number."""
        return choices(setting)

    def offered(self, setting: Setting) -> Mapping[str, str]:
        """The names that a setting may be here: also what holds, and embeddings that are here."""
        if setting.choices == "executors":
            return {self.settings().executor: "", **choices(setting), **named()}
        if setting.choices != "backbones":
            return choices(setting)
        now = self.settings().backbone
        return {**choices(setting), **self._imported(), now: self._imported().get(now, "")}

    def features_in_use(self) -> str:
        """What frozen rounds see of the images, in words; empty where that is a network's work."""
        return self._imported().get(self.settings().backbone, "")

    def _imported(self) -> dict[str, str]:
        """Backbone -> what it holds, for each set of embeddings that was imported."""
        found = {}
        for name in own.names(self.workspace.own):
            rows, width = own.size(self.workspace.own, name)
            found[f"{OWN}{name}"] = (
                f"imported embeddings, {width:,} numbers each of {rows:,} images"
            )
        return found
