"""What commands print: lines as they are, mistakes, bars, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from annotator.model import (
    ClassName,
    CurvePoint,
    EmbeddingsReport,
    ImportReport,
    Job,
    MethodInfo,
    Round,
    Ways,
    counted,
    refusals,
    sentences,
)
from annotator.model.networks.backbones import OWN
from annotator.wording import (
    baseline,
    began_anew,
    could_not,
    left_out,
    may_name,
    percent,
    read_alike,
)

OPTIONS = Ways()
LISTING = Ways(rest=", which `--json` lists")  # of a command that has this option

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print a line as it is."""
    out.print(escape(text), soft_wrap=True)


def print_error(message: str) -> None:
    """Print a mistake on standard error, on one line."""
    err.print(f"[red]Error:[/red] {escape(message)}", soft_wrap=True)


def note(text: str) -> None:
    """Print a line that is no result on standard error, as it is."""
    err.print(escape(text), soft_wrap=True)


def warn_of_gaps(known: int, images: int) -> None:
    """Say on standard error that not every image can be answered."""
    if known < images:
        err.print(f"The truth knows {known:,} of {images:,} images; the others are passed over.")


def warn_of_alike(pairs: Iterable[tuple[ClassName, ClassName]], root: Path) -> None:
    """Say on standard error which classes read alike, and what makes them one."""
    for each, other in pairs:
        then = f"`certilabel classes {root} merge '{each.name}' '{other.name}'` makes them one"
        if other.removed:
            then = f"'{other.name}' was removed and keeps its labels; restored, {then}"
        note(f"{read_alike(each.name, other.name)} If they mean the same: {then}.")


@contextmanager
def counter(what: str) -> Iterator[Callable[[int], None]]:
    """A line that counts up, and the function that moves it."""
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as bar:
        task = bar.add_task(what)
        yield lambda n: bar.update(task, description=f"{what}: {n:,}")


def warn_of_new_classes(report: ImportReport) -> None:
    """Say on standard error which classes an import is about to add."""
    if report.classes:
        err.print(f"Classes to add: {escape(counted(report.classes))}.", soft_wrap=True)


def print_import(report: ImportReport, ways: Ways = OPTIONS) -> None:
    """Say what an import did, and name every file that it refused."""
    for kind, files in (("refused", report.refused), ("note", report.notes)):
        for file in files:
            say(f"{kind:8} {file.name}: {file.reason}")
    if report.personal:
        first = report.personal[0]
        say(f"warning  {may_name(len(report.personal), first.name, first.reason)}")
    for sentence in sentences(report, ways):
        say(sentence)
    in_units = report.rows or report.pages_refused
    would = "" if report.written else "Nothing was written. An import would give: "
    say(
        f"{would}{report.added:,} added, {report.duplicates:,} duplicates, "
        f"{refusals(report) if in_units else f'{len(report.refused):,} refused'}, "
        f"{report.labeled:,} labels."
    )


def print_embeddings(report: EmbeddingsReport) -> None:
    """Say which images have vectors now, and name rows and images that are left over."""
    for key in report.unknown:
        say(f"left out {key}: no image is called so")
    for name in report.missing:
        say(f"missing  {name}: has no embedding")
    say(
        f"{report.matched:,} embeddings of {report.width:,} numbers, matched {report.told}. "
        f"{report.images - len(report.missing):,} of {report.images:,} images have one."
    )
    say(f"Frozen rounds see them from now on: backbone is {OWN}{report.name}.")
    if report.missing:
        say("A round starts once every image has one, or with another backbone (Settings).")


def job_bar(*, transient: bool = False) -> Progress:
    """The bar of a job."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=transient, disable=not err.is_terminal)


def watch(jobs: Iterable[Job]) -> None:
    """Show a job as it goes on."""
    with job_bar() as bar:
        task = bar.add_task("waiting for a worker", total=1.0)
        for job in jobs:
            bar.update(task, completed=job.progress, description=job.message or job.state)


def print_round(done: Round, points: Sequence[CurvePoint]) -> None:
    """Say what a round found, and how right it is where that was measured."""
    say(
        f"Round {done.number}: {done.labels} labels, {done.pseudo_labels or 0:,} pseudo-labels "
        f"({percent(done.pseudo_ratio or 0)} of the unlabeled), {done.seconds or 0:.0f} s."
    )
    if done.details.trial:
        say(f"  {done.details.trial.words}.")
    if done.details.left_out:
        say(f"  {left_out(done.details.left_out)}")
    if done.details.anew:
        say(f"  {began_anew(done.details.anew)}")
    say(f"  {done.calibrated}")
    for words in done.details.adapted:
        say(f"  {words}")
    for point in points:
        say(f"  {measured(point)}")
    for words in done.heard:
        say(f"  {words}")
    if not points:
        say("  No test image has a label yet, so its accuracy is not known.")


def measured(point: CurvePoint) -> str:
    """One accuracy in words."""
    name = baseline(point.learner) if point.model == "baseline" else point.model
    return (
        f"{name:21} test accuracy {percent(point.accuracy)} ({percent(point.low)} to "
        f"{percent(point.high)}, n = {point.n}), balanced {percent(point.balanced_accuracy)}"
    )


def _print_unlabeled(found: Mapping[str, Any]) -> None:
    """What people said of images that somebody may want to look at."""
    meant = {"disagreements": "", "skipped": "put off; ", "unclear": "nobody can tell; "}
    for key, what in meant.items():
        if found[key]:
            say(f"{key:16} {found[key]:,} ({what}listed on the Data page)")


def print_status(found: Mapping[str, Any], points: Sequence[CurvePoint]) -> None:
    """Say where a workspace stands."""
    for key in ("images", "labeled", "pool", "pool_labeled", "test", "test_labeled", "rounds"):
        say(f"{key.replace('_', ' '):16} {found[key]:,}")
    seen = found["near_duplicates"]
    if found["val"]:
        for key in ("val", "val_labeled"):
            say(f"{key.replace('_', ' '):16} {found[key]:,}")
    say(f"near-duplicates  {seen['found']:,}, of images that measure {seen['of_test']:,}")
    for name, count in found["classes"].items():
        say(f"  {name:14} {count:,}")
    _print_unlabeled(found)
    for point in points:
        told = could_not(found["test_unjudged"], point.n)
        say(f"round {point.round} {measured(point)}{told}")
    if found["warning"]:
        out.print(f"[red]{escape(found['warning'])}[/red]", soft_wrap=True)
    for sentence in found["advice"]:
        say(sentence)
    say(f"worker           {'alive' if found['worker'] else 'none'}")
    say(f"next             {found['next']}")


def print_methods(methods: Iterable[MethodInfo]) -> None:
    """List methods with their hyper-parameters: default, what is allowed, and what for."""
    for info in methods:
        out.print(f"[bold]{escape(info.name)}[/bold]  {escape(info.summary)}")
        for each in info.parameters:
            allowed = f"({each.allowed})  " if each.allowed else ""
            say(f"    {each.name}={each.default}  {allowed}{each.help}")


def print_words(words: Mapping[str, str]) -> None:
    """List names with what each does."""
    for name, text in words.items():
        out.print(f"[bold]{escape(name)}[/bold]  {escape(text)}", soft_wrap=True)
