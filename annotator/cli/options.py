"""Arguments and options that several commands share, and how `--set` is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated

import typer

from annotator.errors import AnnotatorError, unknown
from annotator.model import Settings

Root = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="Folder of the project.")]

Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)]

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

Values = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A hyper-parameter; may be repeated."),
]

Method = Annotated[str | None, typer.Option(help="See `certilabel methods`.")]


def pairs(values: Iterable[str] | None) -> dict[str, str]:
    """Read what `--set` was given, NAME=VALUE each."""
    pairs = {}
    for value in values or ():
        name, equals, text = value.partition("=")
        if not equals:
            raise AnnotatorError(f"'{value}' is no NAME=VALUE, such as threshold=0.9.")
        pairs[name.strip()] = text.strip()
    return pairs


def settings_from(settings: Settings, values: list[str] | None) -> Settings:
    """Change settings by what `--set` was given."""
    known = {field.name: type(getattr(settings, field.name)) for field in fields(settings)}
    for name, text in pairs(values).items():
        if name not in known:
            raise AnnotatorError(unknown("setting", name, known))
        try:
            settings = replace(settings, **{name: known[name](text)})
        except ValueError:
            raise AnnotatorError(
                f"{name} is '{text}'; it must be {known[name].__name__}, such as "
                f"{getattr(Settings(), name)!r}."
            ) from None
    return settings
