"""Arguments and options that several commands share, and how `--set` is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.errors import AnnotatorError, SettingsError, unknown
from annotator.model import REGIMES, SETTINGS, Setting, Settings
from annotator.service import Service

Root = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="Folder of the project.")]

Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)]

Admins = Annotated[
    list[str] | None,
    typer.Option("--admin", metavar="NAME", help="Who is admin, by login; may be repeated."),
]

Reviewers = Annotated[
    list[str] | None,
    typer.Option("--reviewer", metavar="NAME", help="Who is reviewer, by login; may be repeated."),
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

Values = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A hyper-parameter; may be repeated."),
]

Method = Annotated[str | None, typer.Option(help="See `certilabel methods`.")]

Regime = Annotated[
    str | None,
    typer.Option(help="; ".join(f"`{name}`, {does}" for name, does in REGIMES.items()) + "."),
]

LISTED = ("methods", "policies")  # commands that explain the names of these tables


def may_be(setting: Setting) -> str:
    """What a setting may be, in words."""
    if setting.choices is None:
        return setting.span
    if setting.choices in LISTED:
        return f"see `certilabel {setting.choices}`"
    return ", ".join(Service.choices(setting))


SettingValues = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A setting; may be repeated. "
        + "; ".join(f"{name}: {may_be(each)}" for name, each in SETTINGS.items())
        + ".",
    ),
]


def pairs(values: Iterable[str] | None) -> dict[str, str]:
    """Read what `--set` was given, NAME=VALUE each.

    Raises:
        AnnotatorError: one of them is no NAME=VALUE.
    """
    pairs = {}
    for value in values or ():
        name, equals, text = value.partition("=")
        if not equals:
            raise AnnotatorError(f"'{value}' is no NAME=VALUE, such as threshold=0.9.")
        pairs[name.strip()] = text.strip()
    return pairs


def settings_from(
    settings: Settings,
    values: Iterable[str] | None,
    check: Callable[[Settings], None] = lambda _: None,
) -> Settings:
    """Change settings by what `--set` was given.

    Raises:
        SettingsError: there is no such setting, or a number is none, or `check` refuses what can
            be read; all of it is told at once.
    """
    changed: dict[str, Any] = {}
    refused: list[tuple[tuple[str, ...], str]] = []
    for name, text in pairs(values).items():
        try:
            changed[name] = _read(name, text)
        except AnnotatorError as problem:
            refused.append(((name,), str(problem)))
    found = replace(settings, **changed)
    try:
        check(found)
    except SettingsError as problem:
        refused += problem.refused
    if refused:
        raise SettingsError(refused)
    return found


def _read(name: str, text: str) -> str | int | float:
    if name not in SETTINGS:
        raise AnnotatorError(unknown("setting", name, SETTINGS))
    return SETTINGS[name].read(text)
