"""What settings may be: names out of the tables of ssl_core, numbers within their limits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from annotator.catalog import names
from annotator.catalog.backbones import check_backbone
from annotator.catalog.executors import check_executor
from annotator.catalog.methods import methods
from annotator.errors import AnnotatorError, SettingsError, unknown
from annotator.model import SETTINGS, Setting, Settings
from annotator.model.networks.executors import EXECUTORS
from annotator.model.settings import Table

SHARES = ("test_share", "val_share")  # of images that are kept from learning
MOST_APART = 0.95  # of both together

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


def check_settings(
    settings: Settings,
    imported: Collection[str] = (),
    first: Mapping[str, Callable[[], object]] | None = None,
) -> None:
    """Judge every setting.

    Args:
        settings: what is to hold.
        imported: the names of embeddings that were imported, which a backbone may be.
        first: by the name of a setting, what judges it before anything is looked up for it.

    Raises:
        SettingsError: names are unknown, or numbers of the wrong type or out of range.
    """
    refused: list[tuple[tuple[str, ...], str]] = []
    for each in SETTINGS.values():
        try:
            (first or {}).get(each.name, lambda: None)()
            _check(each, getattr(settings, each.name), imported)
        except AnnotatorError as problem:
            refused.append(((each.name,), str(problem)))
    if not any(name in SHARES for about, _ in refused for name in about):
        refused += [(SHARES, why) for why in _too_much_apart(settings)]
    if refused:
        raise SettingsError(refused)


def _check(each: Setting, value: Any, imported: Collection[str]) -> None:
    """Judge one.

    Raises:
        AnnotatorError: its name is unknown, or its number of the wrong type or out of range.
    """
    if each.choices is None:
        each.check(value)
    elif each.choices == "backbones":
        check_backbone(value, choices(each), imported)
    elif each.choices == "executors":
        check_executor(value)
    elif value not in (known := choices(each)):
        raise AnnotatorError(unknown(each.name, value, known))


def _too_much_apart(settings: Settings) -> Iterator[str]:
    """Say that shares which each may be so large leave nothing to learn from together."""
    (one, share), (other, more) = ((each, getattr(settings, each)) for each in SHARES)
    if share + more > MOST_APART:
        yield (
            f"{one} is {share:g} and {other} {more:g}: together they must be {MOST_APART:g} at "
            "most, so that something is left to learn from."
        )
