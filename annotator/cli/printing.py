"""What the command line prints: bars while work goes on, tables when it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from annotator.model import CurvePoint, ImportReport, Job, MethodInfo, Round
from annotator.simulating.compare import Mean, Played, area, means, rounds_of_all
from annotator.simulating.loop import Lap
from annotator.wording import percent

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print a line as it is."""
    out.print(escape(text), soft_wrap=True)


def print_error(message: str) -> None:
    """Print a mistake on standard error, on one line."""
    err.print(f"[red]Error:[/red] {escape(message)}", soft_wrap=True)


def warn_of_gaps(known: int, images: int) -> None:
    """Say on standard error that not every image can be answered."""
    if known < images:
        err.print(f"The truth knows {known:,} of {images:,} images; the others are passed over.")


@contextmanager
def counter(what: str) -> Iterator[Callable[[int], None]]:
    """A line that counts up, and the function that moves it."""
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as bar:
        task = bar.add_task(what)
        yield lambda n: bar.update(task, description=f"{what}: {n:,}")


def print_import(report: ImportReport) -> None:
    """Say what an import did, and name every file that it refused."""
    for kind, files in (("refused", report.refused), ("note", report.notes)):
        for file in files:
            say(f"{kind:8} {file.name}: {file.reason}")
    say(
        f"{report.added:,} added, {report.duplicates:,} duplicates, "
        f"{len(report.refused):,} refused, {report.labeled:,} labels."
    )


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
    for point in points:
        say(f"  {measured(point)}")
    if not points:
        say("  No test image has a label yet, so its accuracy is not known.")


def measured(point: CurvePoint) -> str:
    """One accuracy in words."""
    return (
        f"{point.model:8} test accuracy {percent(point.accuracy)} ({percent(point.low)} to "
        f"{percent(point.high)}, n = {point.n}), balanced {percent(point.balanced_accuracy)}"
    )


def print_json(played: Iterable[Job | Lap]) -> None:
    """Print one object a simulated round, as it comes."""
    for news in played:
        if isinstance(news, Lap):
            print(json.dumps(asdict(news)), flush=True)


def print_laps(played: Iterable[Job | Lap]) -> None:
    """Show the job that runs, then the learning curve as a table."""
    table = Table(title="Test accuracy")
    for name in ("round", "labels", "baseline", "SSL", "95 % interval", "balanced",
                 "pseudo-labels", "of them right", "seconds"):  # fmt: skip
        table.add_column(name, justify="right")
    with job_bar(transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        for news in played:
            if isinstance(news, Job):
                bar.update(task, completed=news.progress, description=news.message or news.state)
            else:
                table.add_row(*_cells(news))
                bar.console.print(
                    f"round {news.round}: {news.labels} labels, {news.test_accuracy:.1%}"
                )
    out.print(table)


def watch_runs(played: Iterable[Played], runs: int) -> None:
    """Show which of the runs is under way, and a line for every round that is done."""
    begun: list[tuple[str, int]] = []
    with job_bar(transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        for each in played:
            if (each.policy, each.seed) not in begun:
                begun.append((each.policy, each.seed))
            where = f"run {len(begun)} of {runs}: {each.policy}, seed {each.seed}"
            if isinstance(each.news, Job):
                told = f"{where}: {each.news.message or each.news.state}"
                bar.update(task, completed=each.news.progress, description=told)
            else:
                lap = each.news
                err.print(
                    f"{where}: round {lap.round}, {lap.labels} labels, {lap.test_accuracy:.1%}"
                )


def print_means(played: Sequence[Played]) -> None:
    """Print the mean curves side by side, with standard deviations where seeds differ."""
    curves: dict[str, list[Mean]] = {}
    for mean in means(played):
        curves.setdefault(mean.policy, []).append(mean)
    seeds = max((each.seeds for curve in curves.values() for each in curve), default=0)
    spread = f"mean ± sd of {seeds} seeds" if seeds > 1 else "one seed"
    table = Table(title=f"Test accuracy, {spread}")
    for name in ("labels", *curves):
        table.add_column(name, justify="right")
    for number in sorted({each.round for curve in curves.values() for each in curve}):
        found = [next((each for each in c if each.round == number), None) for c in curves.values()]
        labels = fmean(each.labels for each in found if each)
        table.add_row(f"{labels:,.0f}", *("–" if each is None else _mean(each) for each in found))
    table.add_section()
    table.add_row("mean height", *(f"{area(curve):.1%}" for curve in curves.values()))
    out.print(table)
    longest = max((each.news.round for each in played if isinstance(each.news, Lap)), default=0)
    if longest > (shared := rounds_of_all(played)):
        say(f"Some runs ended early; compared is up to round {shared}, which all runs reached.")


def _mean(mean: Mean) -> str:
    return f"{mean.accuracy:.1%}" + (f" ± {mean.sd:.1%}" if mean.seeds > 1 else "")


def print_means_json(played: Sequence[Played]) -> None:
    """Print one object: every round of every run, and the mean curves."""
    laps = [
        {"policy": each.policy, "seed": each.seed, **asdict(each.news)}
        for each in played
        if isinstance(each.news, Lap)
    ]
    print(json.dumps({"laps": laps, "means": [asdict(each) for each in means(played)]}))


def _cells(lap: Lap) -> tuple[str, ...]:
    low, high = lap.test_interval
    right = "–" if lap.pseudo_precision is None else f"{lap.pseudo_precision:.1%}"
    return (
        str(lap.round),
        str(lap.labels),
        f"{lap.baseline_accuracy:.1%}",
        f"{lap.test_accuracy:.1%}",
        f"{low:.1%}–{high:.1%} (n = {lap.test_labels})",
        f"{lap.test_balanced_accuracy:.1%}",
        f"{lap.pseudo_labels:,} ({lap.pseudo_ratio:.0%})",
        right,
        f"{lap.seconds:.0f}",
    )


def print_status(found: Mapping[str, Any], points: Sequence[CurvePoint]) -> None:
    """Say where a workspace stands."""
    for key in ("images", "labeled", "pool", "pool_labeled", "test", "test_labeled", "rounds"):
        say(f"{key.replace('_', ' '):16} {found[key]:,}")
    seen = found["near_duplicates"]
    say(f"near-duplicates  {seen['found']:,}, of test images {seen['of_test']:,}")
    for name, count in found["classes"].items():
        say(f"  {name:14} {count:,}")
    for point in points:
        say(f"round {point.round} {measured(point)}")
    for sentence in found["advice"]:
        say(sentence)
    say(f"worker           {'alive' if found['worker'] else 'none'}")


def print_methods(methods: Iterable[MethodInfo]) -> None:
    """List methods with their hyper-parameters."""
    for info in methods:
        out.print(f"[bold]{escape(info.name)}[/bold]  {escape(info.summary)}")
        for each in info.parameters:
            say(f"    {each.name}={each.default}  {each.help}")


def print_words(words: Mapping[str, str]) -> None:
    """List names with what each does."""
    for name, text in words.items():
        out.print(f"[bold]{escape(name)}[/bold]  {escape(text)}", soft_wrap=True)
