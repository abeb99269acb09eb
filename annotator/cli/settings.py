"""The command about settings: list those of a workspace, and change them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from annotator.cli import printing
from annotator.cli.options import Json, Root, may_be, settings_from
from annotator.errors import AnnotatorError
from annotator.model import SETTINGS
from annotator.service import Service

SHARES = ("test_share", "val_share")  # drawn as images come in
LATER = "Images that are in keep what they are for; {} counts for later imports."


def set_(
    root: Root,
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help="What to change, such as threshold=0.9; without it, settings are listed.",
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """List the settings of a workspace, or change them: all that are named, or none."""
    service = Service.open(root)
    if not values:
        _show(service, json_)
        return
    if json_:
        raise AnnotatorError("--json lists settings: leave it out, or what is to be changed.")
    before = asdict(service.settings())
    changed = settings_from(service.settings(), values, service.check_settings)
    service.save_settings(changed)
    named = dict.fromkeys(each.partition("=")[0].strip() for each in values)
    for name in named:
        was, now = before[name], getattr(changed, name)
        printing.say(f"{name}: {was} before, {now} now" if was != now else f"{name}: {now} already")
    if drawn := [name for name in SHARES if before[name] != getattr(changed, name)]:
        printing.say(LATER.format(" and ".join(drawn)))


def _show(service: Service, json_: bool) -> None:
    """List every setting with what it may be."""
    found = asdict(service.settings())
    if json_:
        print(json.dumps(found))
        return
    for name, each in SETTINGS.items():
        printing.say(f"{name:16} {found[name]}  ({may_be(each)})")
