"""The command that brings images in, or embeddings of those that are here."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli import printing, stopping
from annotator.cli.options import Json, Root
from annotator.errors import AnnotatorError
from annotator.model import Agreed, Progress, sentences
from annotator.service import Service
from annotator.wording import many

NOTHING_IN = (
    "Stopped before anything was written. Give the command again: copies of images that were made "
    "until now are taken up."
)
WHOLE_SETS = (
    "Stopped; embeddings come in all at once or not at all. Give the command again: what is in "
    "already stays as it is."
)
WITH_EMBEDDINGS = {"root", "--embeddings", "--as", "--json"}  # what may be given with them


def import_(
    context: typer.Context,
    root: Root,
    source: Annotated[
        Path | None, typer.Argument(help="A folder, a file, or a table with a column `path`.")
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(help="`folders`: the first folder is the class; or a column of the CSV."),
    ] = None,
    add_classes: Annotated[
        bool, typer.Option("--add-classes", help="Add classes that are new here.")
    ] = False,
    update_labels: Annotated[
        bool,
        typer.Option("--update-labels", help="Take over labels that differ from those here."),
    ] = False,
    keep_splits: Annotated[
        bool,
        typer.Option(
            "--keep-splits", help="Keep the source's test set; val too if val_share is set."
        ),
    ] = False,
    group: Annotated[
        str | None,
        typer.Option(
            help="What belongs together: a column, `parent` (the folder), or a pattern for names."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what an import would do.")
    ] = False,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Take what links outside SOURCE lead to.")
    ] = False,
    pages: Annotated[
        str, typer.Option(help="Of a PDF, TIFF or DICOM file: all, first, or as 3, 3-9, 3-.")
    ] = "all",
    tags: Annotated[
        str, typer.Option(help="DICOM tags to keep, as Modality,BodyPartExamined; others stay out.")
    ] = "",
    documents: Annotated[
        bool,
        typer.Option("--documents", help="A file of several pages is one image, with all of them."),
    ] = False,
    path: Annotated[
        str | None, typer.Option(help="The column of paths, where a table has another for them.")
    ] = None,
    window: Annotated[
        str, typer.Option(help="Of DICOM files with several windows: a name or a number.")
    ] = "",
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch what a table names by address, such as https.")
    ] = False,
    json_: Json = False,
    embeddings: Annotated[
        Path | None,
        typer.Option(help="Instead of SOURCE: vectors of the images here, for frozen rounds."),
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="What these vectors are called.")] = "own",
) -> None:
    """Bring images in. It can be run again: what is there already is not added twice."""
    _check_together(context)
    service = Service.open(root)
    if embeddings is not None:
        _import_embeddings(service, embeddings, as_, json_)
        return
    assert source is not None
    agreed = Agreed(add_classes, update_labels, keep_splits)
    with stopping.telling(lambda: NOTHING_IN):
        with printing.counter("reading images") as seen:
            found = service.read_source(
                source,
                labels=labels,
                links=follow_links,
                group=group,
                keep_splits=keep_splits,
                pages=pages,
                tags=tuple(filter(None, tags.split(","))),
                documents=documents,
                fetch=fetch,
                path=path,
                window=window,
                progress=seen,
            )
        if dry_run or add_classes:
            report = service.foresee(found, agreed)
            printing.warn_of_new_classes(report)
    if not dry_run:
        before = service.progress()
        with stopping.telling(lambda: _came_in(before, service.progress())):
            report = service.take_in(found, agreed)
    if json_:
        print(json.dumps({**asdict(report), "said": sentences(report)}))
    else:
        printing.print_import(report, printing.LISTING)
    if report.nothing:
        raise typer.Exit(1)


def _came_in(before: Progress, now: Progress) -> str:
    """How much of an import is in that Ctrl-C ended."""
    return (
        f"Stopped; {many(now.images - before.images, 'image')} and "
        f"{many(now.labeled - before.labeled, 'label')} came in. Give the command again for the "
        "rest."
    )


def _check_together(context: typer.Context) -> None:
    """See to it that no option is given that would be passed over.

    Raises:
        AnnotatorError: an option of images is given with embeddings, or the other way round.
    """
    given = {
        each.opts[0]
        for each in context.command.params
        if (said := context.get_parameter_source(str(each.name))) and said.name == "COMMANDLINE"
    }
    if "--embeddings" not in given:
        if "source" not in given:
            raise AnnotatorError("Name what to import: a SOURCE of images, or --embeddings FILE.")
        if "--as" in given:
            raise AnnotatorError("`--as` names embeddings; give it with --embeddings FILE.")
        return
    if "source" in given:
        raise AnnotatorError(
            "Import the images first (`certilabel import WORKSPACE SOURCE`), then their "
            "embeddings (`certilabel import WORKSPACE --embeddings FILE`)."
        )
    if others := sorted(given - WITH_EMBEDDINGS):
        raise AnnotatorError(
            f"{', '.join(others)} says nothing of embeddings: beside --embeddings FILE there are "
            "only --as NAME and --json."
        )


def _import_embeddings(service: Service, file: Path, name: str, json_: bool) -> None:
    """Import vectors that were computed elsewhere."""
    with stopping.telling(lambda: WHOLE_SETS):
        report = service.import_embeddings(file, name)
    if json_:
        print(json.dumps(asdict(report)))
    else:
        printing.print_embeddings(report)
