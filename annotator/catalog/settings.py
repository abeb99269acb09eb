"""What settings may be: names out of the tables of ssl_core, numbers within their limits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from annotator.catalog import names
from annotator.catalog.backbones import check_backbone
from annotator.catalog.executors import check_executor
from annotator.catalog.methods import methods
from annotator.errors import AnnotatorError, unknown
from annotator.model import SETTINGS, Setting, Settings
from annotator.model.networks.executors import EXECUTORS
from annotator.model.settings import Table

MOST_APART = 0.95  # of images that are kept from learning

TABLES: dict[Table, Callable[[], Mapping[str, str]]] = {
    "methods": lambda: dict.fromkeys((info.name for info in methods()), ""),
    "policies": lambda: dict.fromkeys(names.policies(), "") | names.asks(),
    "presets": lambda: dict.fromkeys(names.presets(), ""),
    "backbones": lambda: dict.fromkeys(("auto", *names.backbones()), ""),
    "executors": lambda: EXECUTORS,
}


def choices(setting: Setting) -> Mapping[str, str]:
    """The names that a setting may be, and what each does where that fits into a few words."""
    named = setting.choices
    if named is None:
        return {}
    return TABLES[named]() if isinstance(named, str) else named


def check_settings(settings: Settings, imported: Collection[str] = ()) -> None:
    """Judge every setting.

    Args:
        settings: what is to hold.
        imported: the names of embeddings that were imported, which a backbone may be.

    Raises:
        AnnotatorError: a name is unknown, or a number of the wrong type or out of range.
    """
    for each in SETTINGS.values():
        value = getattr(settings, each.name)
        if each.choices is None:
            each.check(value)
        elif each.choices == "backbones":
            check_backbone(value, choices(each), imported)
        elif each.choices == "executors":
            check_executor(value)
        elif value not in (known := choices(each)):
            raise AnnotatorError(unknown(each.name, value, known))
    if settings.test_share + settings.val_share > MOST_APART:
        raise AnnotatorError(
            f"test_share is {settings.test_share:g} and val_share {settings.val_share:g}: together "
            f"they must be {MOST_APART:g} at most, so that something is left to learn from."
        )
