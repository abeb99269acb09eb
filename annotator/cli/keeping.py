"""The commands that keep a workspace: back it up, bring it back, and look it through."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli import printing, stopping
from annotator.cli.options import Json, Root
from annotator.service import Service
from annotator.wording import many

LEFT = 1  # how a command ends that did what it should and found something that you must mend


def backup(
    root: Root,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, or an old backup.")],
    images: Annotated[
        bool, typer.Option("--images", help="Put the images in too, not only their names.")
    ] = False,
) -> None:
    """Write a backup, also while the app and a worker run. It is read again before it counts."""
    service = Service.open(root)
    told = stopping.whole(file)
    with stopping.telling(told), printing.counter("reading images") as seen:
        done = service.backup(file, images=images, progress=seen)
    kept = f"{done.included:,} of them in it" if images else "none of them in it"
    printing.say(f"{done.path}: {done.size:,} bytes, {done.images:,} images, {kept}.")
    _end_with(done.lost, "not in the backup")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, or a database.")],
    root: Annotated[Path, typer.Argument(metavar="WORKSPACE", help="A new or empty folder.")],
    images: Annotated[
        Path | None, typer.Option(help="Workspace to take images from that are not in the file.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the workspace that is there aside.")
    ] = False,
) -> None:
    """Make a workspace of a backup. One that is there is never touched without --replace."""
    told = stopping.whole(root)
    with stopping.telling(told), printing.counter("bringing images back") as seen:
        done = Service.restore(file, root, images=images, replace=replace, progress=seen)
    if done.aside:
        printing.say(f"The workspace from before lies in {done.aside}.")
    printing.say(f"Restored {done.root} with {done.images:,} images.")
    _end_with(done.lost, "nowhere as imported: import their source again, or name --images")


def doctor(
    root: Root,
    mend: Annotated[
        bool, typer.Option("--mend", help="Put right what nothing can be lost by.")
    ] = False,
    json_: Json = False,
) -> None:
    """Look a workspace through; the status is 1 if something is left to mend."""
    with printing.counter("reading images") as seen:
        found = Service.examine(root, mend=mend, progress=seen)
    if json_:
        print(json.dumps([asdict(each) for each in found]))
    else:
        for each in found:
            printing.say(f"{each.state:8}  {each.text}")
    if any(each.state in ("can mend", "left") for each in found):
        raise typer.Exit(LEFT)


def _end_with(lost: tuple[str, ...], what: str) -> None:
    """Name the images that did not make it, if any; the status says so too."""
    for name in lost:
        printing.say(f"lost      {name}")
    if lost:
        printing.say(f"{many(len(lost), 'image is', 'images are')} {what}.")
        raise typer.Exit(LEFT)
