"""The commands about a workspace: make one, look at it, take the data set out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli import printing, stopping
from annotator.cli.options import Json, Root, SettingValues, settings_from
from annotator.model import Settings
from annotator.service import Service
from annotator.service.starting.steps import Step
from annotator.wording import many

BY_APP = "`certilabel serve {root}` opens the page for it."
WAYS = {  # by what is to be done next, the command for it
    "classes": "`certilabel classes {root} add NAME` adds one.",
    "images": "`certilabel import {root} SOURCE` does it.",
    "failed": "`certilabel round {root}` starts another.",
    "stuck": "`certilabel serve {root}` or `certilabel work {root}` starts one.",
    "audit answered": f"`certilabel audit close {{root}}` closes it; {BY_APP}",
    "disagreements": BY_APP,
    "audit open": BY_APP,
    "all answered": "`certilabel export {root} OUT` does it.",
    "training": BY_APP,
    "certified": "`certilabel export {root} OUT --certified` does it.",
    "goal reached": "`certilabel certify {root}` says what that takes.",
    "no labels": BY_APP,
    "too few classes": BY_APP,
    "round due": "`certilabel round {root}` does it.",
    "labeling": BY_APP,
}


def init(
    root: Root,
    classes: Annotated[str, typer.Option(help="Class names, with commas between.")],
    set_: SettingValues = None,
) -> None:
    """Make an empty workspace. `--set preset=xray` and the like change its settings."""
    names = [name.strip() for name in classes.split(",") if name.strip()]
    settings = settings_from(Settings(), set_)
    with stopping.telling(stopping.made(root)):
        service = Service.create(root, names, settings)
    printing.say(f"Made {root} with {many(len(service.classes()), 'class', 'classes')}.")
    printing.warn_of_alike(service.alike_classes(), root)
    if len(service.classes()) < 2:
        printing.say(_next(service.next_step(), root))


def status(root: Root, json_: Json = False) -> None:
    """Say where a workspace stands."""
    service = Service.open(root)
    progress, job = service.progress(), service.active_job()
    found: dict[str, Any] = {
        **asdict(progress),
        "classes": service.count_by_class(),
        "rounds": len([each for each in service.rounds() if each.state == "done"]),
        "job": {"kind": job.kind, "state": job.state, "progress": job.progress} if job else None,
        "worker": service.worker_alive(),
        "curve": [asdict(point) for point in service.curve()],
        "disagreements": service.disagreements(),
        "near_duplicates": asdict(service.explore.near_duplicates()),
        "warning": service.below_baseline(),
        "health": asdict(service.health()),
        "advice": [each.text for each in service.advice()],
        "next": _next(service.next_step(), root),
    }
    if json_:
        print(json.dumps(found))
        return
    printing.print_status(found, service.curve()[-2:])


def _next(step: Step, root: Path) -> str:
    """What to do next, and the command by which it is done."""
    way = WAYS.get(step.state, "")
    if step.state == "stuck" and (root / "worker.log").exists():
        way += " Its log is {root}/worker.log."
    return f"{step.said} {way.format(root=root)}".rstrip()


def export(
    root: Root,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; new or empty.")],
    format_: Annotated[
        str, typer.Option("--format", help=f"One of: {', '.join(Service.export_formats())}.")
    ] = "csv",
    threshold: Annotated[
        float | None, typer.Option(help="Confidence of pseudo-labels; default the round's.")
    ] = None,
    pseudo: Annotated[
        bool | None,
        typer.Option(
            help="With pseudo-labels, or human labels only; by default with them, unless the test "
            "images say that too many are wrong."
        ),
    ] = None,
    images: Annotated[
        bool, typer.Option(help="With the image files, or tables alone that name them.")
    ] = True,
    leave_out_damaged: Annotated[
        bool,
        typer.Option("--leave-out-damaged", help="Go on without images whose files are damaged."),
    ] = False,
    keep_metadata: Annotated[
        bool, typer.Option("--keep-metadata", help="With EXIF, XMP and the like of image files.")
    ] = False,
    safe_cells: Annotated[
        bool, typer.Option("--safe-cells", help="Mark text that a spreadsheet would run.")
    ] = False,
    certified: Annotated[
        bool, typer.Option("--certified", help="What the newest audit certified, with its proof.")
    ] = False,
) -> None:
    """Write the labeled and pseudo-labeled data set, with where each label comes from."""
    with stopping.telling(stopping.whole(target)):
        report = Service.open(root).export(
            target,
            format_,
            threshold=threshold,
            pseudo=pseudo,
            images=images,
            leave_out_damaged=leave_out_damaged,
            keep_metadata=keep_metadata,
            safe_cells=safe_cells,
            certified=certified,
        )
    for name in report.left_out:
        printing.say(f"left out {name}: its file is gone or damaged")
    for note in report.notes:
        printing.say(note)
    unclear = f", {report.unclear:,} that nobody can tell" if report.unclear else ""
    printing.say(
        f"{report.path}: {report.human:,} human labels, {report.pseudo:,} pseudo-labels{unclear}."
    )
