"""Classes and settings: what the owner of a workspace decides, and the choices there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from annotator.catalog import names
from annotator.catalog.settings import check_settings, choices
from annotator.model import ClassName, Setting, Settings
from annotator.model.networks.backbones import OWN, weights_of
from annotator.project import own
from annotator.service.opened import Opened


class Classes(Opened):
    """What images may be labeled as, and how the workspace asks and learns."""

    def classes(self, *, removed: bool = False) -> list[ClassName]:
        """The classes in their order; with `removed`, also those that are hidden."""
        return self.store.classes.all() if removed else self.store.classes.active()

    def add_class(self, name: str) -> ClassName:
        """Add a class, or bring back a removed one of that name.

        Raises:
            AnnotatorError: the name is empty, too long or taken.
        """
        return self.store.classes.add(name)

    def remove_class(self, class_id: int) -> None:
        """Hide a class: its labels stay in the log, its images are asked again.

        Raises:
            AnnotatorError: there is no such class.
        """
        self.store.classes.remove(class_id)

    def restore_class(self, class_id: int) -> None:
        """Bring back a removed class and all its labels.

        Raises:
            AnnotatorError: there is no such class.
        """
        self.store.classes.restore(class_id)

    def count_by_class(self) -> dict[str, int]:
        """How many current labels each class has, in the order of the classes."""
        counts = Counter(self.store.labels.by_class())
        return {each.name: counts[each.id] for each in self.classes()}

    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.store.settings.get()

    def save_settings(self, settings: Settings) -> None:
        """Save all settings; a round that was asked for already keeps its own.

        Raises:
            AnnotatorError: a name is unknown or a number out of range, or a file of weights is
                not in a folder that this service may use.
        """
        file = weights_of(settings.backbone)
        if file and settings.backbone != self.settings().backbone:
            self.reachable(file, self.workspace.root)
        check_settings(settings, own.names(self.workspace.own))
        self.store.settings.save(settings)

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
