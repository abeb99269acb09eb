"""What `simulate` prints: the curve of one run as it grows, or the mean curves of several."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import fmean

from rich.table import Table

from annotator.cli.printing import err, job_bar, out, say
from annotator.model import Job
from annotator.simulating.compare import Mean, Played, area, means, rounds_of_all
from annotator.simulating.loop import Lap


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
        table.add_column(name, justify="right", no_wrap=name == "baseline")  # with its name
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
        f"{lap.baseline_accuracy:.1%} ({lap.baseline_method})",
        f"{lap.test_accuracy:.1%}",
        f"{low:.1%}–{high:.1%} (n = {lap.test_labels})",
        f"{lap.test_balanced_accuracy:.1%}",
        f"{lap.pseudo_labels:,} ({lap.pseudo_ratio:.0%})",
        right,
        f"{lap.seconds:.0f}",
    )
