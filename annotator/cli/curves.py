"""What `simulate` prints: the curve of one run as it grows, or of several, and their audits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import fmean

from rich.markup import escape
from rich.table import Table

from annotator.cli.printing import err, job_bar, out, say
from annotator.model import Job
from annotator.simulating.compare import Mean, Played, area, means, rounds_of_all
from annotator.simulating.loop import Lap
from annotator.simulating.proving import Proof
from annotator.wording import deferred, percent


def print_json(played: Iterable[Job | Lap | Proof]) -> None:
    """Print one object a simulated round or audit, as it comes."""
    for news in played:
        if isinstance(news, Lap | Proof):
            print(json.dumps(asdict(news)), flush=True)


def print_laps(played: Iterable[Job | Lap | Proof]) -> None:
    """Show the job that runs, then the learning curve as a table, and what an audit proved."""
    proofs: list[Proof] = []
    laps: list[Lap] = []
    table = Table(title="Test accuracy")
    for name in ("round", "labels", "baseline", "SSL", "95 % interval", "balanced",
                 "pseudo-labels", "of them right", "seconds"):  # fmt: skip
        table.add_column(name, justify="right", no_wrap=name == "baseline")  # with its name
    with job_bar(transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        for news in played:
            if isinstance(news, Job):
                bar.update(task, completed=news.progress, description=news.message or news.state)
            elif isinstance(news, Proof):
                proofs.append(news)
            else:
                table.add_row(*_cells(news))
                laps.append(news)
                bar.console.print(
                    f"round {news.round}: {news.labels} labels, {news.test_accuracy:.1%}"
                )
    out.print(table)
    for line in _given(laps):
        say(line)
    for proof in proofs:
        for line in told(proof):
            say(line)


def _given(laps: Iterable[Lap]) -> list[str]:
    """Which rounds give the classes of their baseline, and why."""
    rounds: dict[str, list[str]] = defaultdict(list)
    for each in laps:
        if each.answered_by:
            rounds[each.answered_by].append(str(each.round))
    return [
        f"Round{'s' * (len(numbers) > 1)} {', '.join(numbers)}: {deferred(learner)}"
        for learner, numbers in rounds.items()
    ]


def told(proof: Proof) -> list[str]:
    """What an audit says, and what is true."""
    said = [f"Audit of round {proof.round}, {proof.answered:,} of {proof.asked:,} answered."]
    if proof.unknown:
        said.append(f"The truth does not tell {proof.unknown:,} of them: they counted as wrong.")
    said += proof.told
    if not proof.released:
        return said
    said.append(
        f"In truth {_share(proof.precision)} of the {proof.released:,} are right, and "
        f"{_share(proof.unseen_precision)} of those that nobody looked at: the promise of "
        f"{percent(proof.target)} {'holds' if proof.holds else 'DOES NOT HOLD'}. "
        f"Its export {'proves' if proof.verified else 'DOES NOT PROVE'} what it says."
    )
    return said


def _share(share: float | None) -> str:
    return "an unknown share" if share is None else percent(share)


def _print_proofs(played: Sequence[Played]) -> None:
    """Print a line for the audit of each run, and one for all of them."""
    proofs = [(each, each.news) for each in played if isinstance(each.news, Proof)]
    for each, proof in proofs:
        say(
            f"{each.policy}, seed {each.seed}: {proof.released:,} of {proof.rows:,} pseudo-labels "
            f"certified at {percent(proof.target)} by {proof.answered:,} answers"
            + (f", {_share(proof.precision)} of them right." if proof.released else ".")
        )
    if proofs:
        share = fmean(proof.released / proof.rows for _, proof in proofs)
        false = sum(not proof.holds for _, proof in proofs)
        say(
            f"Released on the mean: {percent(share)}. The promise was false in {false:,} of "
            f"{len(proofs):,} audits."
        )


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
                doing = f"{where}: {each.news.message or each.news.state}"
                bar.update(task, completed=each.news.progress, description=doing)
            elif isinstance(each.news, Proof):
                err.print(f"{where}: {escape(each.news.told[0])}", soft_wrap=True)
            else:
                lap = each.news
                err.print(
                    f"{where}: round {lap.round}, {lap.labels} labels, {lap.test_accuracy:.1%}"
                    + (f" by its baseline ({lap.answered_by})" if lap.answered_by else "")
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
    _print_proofs(played)


def _mean(mean: Mean) -> str:
    return f"{mean.accuracy:.1%}" + (f" ± {mean.sd:.1%}" if mean.seeds > 1 else "")


def print_means_json(played: Sequence[Played]) -> None:
    """Print one object: every round of every run, the mean curves, and the audits if any."""
    laps, audits = (
        [
            {"policy": each.policy, "seed": each.seed, **asdict(each.news)}
            for each in played
            if isinstance(each.news, kind)
        ]
        for kind in (Lap, Proof)
    )
    found = {"laps": laps, "means": [asdict(each) for each in means(played)]}
    print(json.dumps(found | ({"audits": audits} if audits else {})))


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
