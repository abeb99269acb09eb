"""The commands about rounds: train one, play many, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli import curves, printing, stopping
from annotator.cli.options import Json, Method, Regime, Root, Values, pairs
from annotator.errors import AnnotatorError
from annotator.model import Job
from annotator.model.auditing.plans import Terms
from annotator.service import Service
from annotator.simulating import chart, compare
from annotator.simulating.loop import Lap, wait
from annotator.simulating.proving import Asked
from annotator.wording import many


def round_(
    root: Root,
    method: Method = None,
    regime: Regime = None,
    set_: Values = None,
) -> None:
    """Train one round on the labels there are, and wait for it. Ctrl-C cancels it."""
    service = Service.open(root)
    try:
        job = service.start_round(method, regime, pairs(set_))
        with stopping.telling(lambda: _give_up(service, job)):
            service.ensure_worker()
            printing.watch(wait(service))
    finally:
        service.close()
    done = service.round_of(job)
    assert done
    printing.print_round(done, [each for each in service.curve() if each.round == done.number])


def _give_up(service: Service, job: Job) -> str:
    """Cancel the round that a command has started, and say what became of it."""
    service.cancel(job.id)
    service.close()  # the worker that was started here ends now, not at its next safe point
    return f"Stopped. {_canceled(service, job)}"


def _canceled(service: Service, job: Job) -> str:
    """What became of a job that was to be canceled."""
    service.worker_alive()  # who looks frees the jobs of workers that died
    what = "The round" if job.kind == "round" else "Looking at the images"
    found = service.round_of(job)
    if found and found.state == "done":
        return f"{what} was done just before, and counts: see `certilabel status`."
    active = service.active_job()
    if active and active.id == job.id:
        return f"{what} is canceled: the worker that has it stops at its next safe point."
    return f"{what} is canceled{', and nothing of it is kept' if job.kind == 'round' else ''}."


def cancel(root: Root) -> None:
    """Cancel the round that waits or runs; where there is none, another job that does."""
    service = Service.open(root)
    known = (service.last_job(), service.active_job())  # a round may wait behind another job
    jobs = sorted((each for each in known if each and each.active), key=lambda job: job.kind)
    if not jobs:
        printing.say("Nothing waits or runs.")
        return
    service.cancel(jobs[-1].id)
    printing.say(_canceled(service, jobs[-1]))


def simulate(
    root: Root,
    truth: Annotated[Path, typer.Option(help="CSV with path,label or sha256,label.")],
    rounds: Annotated[int, typer.Option(min=1, help="Rounds to play.")] = 8,
    batch: Annotated[int, typer.Option(min=1, help="Labels before each round.")] = 20,
    method: Method = None,
    policy: Annotated[
        str | None, typer.Option(help="See `certilabel policies`; several with commas.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the test set, the questions and training.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, help="Play this many seeds, from --seed on.")] = 1,
    test_labels: Annotated[
        int | None, typer.Option(min=1, help="Test images labeled beforehand; default all.")
    ] = None,
    set_: Values = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the simulated workspace here, to look at it.")
    ] = None,
    chart_: Annotated[
        Path | None,
        typer.Option("--chart", help="Draw the mean curves into this .svg or .html file."),
    ] = None,
    certify: Annotated[
        str | None,
        typer.Option(help="End with an audit: share of what it releases that is right at least."),
    ] = None,
    confidence: Annotated[
        str, typer.Option(help="Of the audit: 1 minus the chance that its promise is false.")
    ] = "0.95",
    budget: Annotated[
        int | None,
        typer.Option(min=1, help="Labels of the audit at most; by default what is worth it."),
    ] = None,
    json_: Json = False,
) -> None:
    """Play an annotator who knows the answers, on copies, and print the learning curves."""
    service = Service.open(root)
    policies = (
        [service.settings().policy] if policy is None else compare.named(policy, service.policies())
    )
    several = len(policies) * seeds > 1
    if chart_ is not None:
        chart.check(chart_)
    if keep is not None and several:
        raise AnnotatorError("--keep holds one run: name one policy and one seed, or omit it.")
    audit = _audit(service, certify, confidence, budget)
    params = service.check_params(method, pairs(set_))
    known = service.truth(truth)
    printing.warn_of_gaps(len(known), service.progress().images)
    options = {
        "rounds": rounds,
        "batch": batch,
        "method": method,
        "params": params,
        "test_labels": test_labels,
    }
    done: list[compare.Played] = []
    with (
        stopping.telling(lambda: _broken_off(done, root, keep, chart_)),
        service.scratch_folder() as copies,
    ):
        played = compare.remembered(
            compare.play(
                service,
                known,
                policies=policies,
                seeds=range(seed, seed + seeds),
                folder=copies,
                keep=keep,
                audit=audit,
                **options,
            ),
            done,
        )
        if several:
            curves.watch_runs(played, len(policies) * seeds)
        else:
            news = (each.news for each in played)
            (curves.print_json if json_ else curves.print_laps)(news)
    if several:
        (curves.print_means_json if json_ else curves.print_means)(done)
    if chart_ is not None:
        chart.write(compare.means(done), chart_)


def _broken_off(
    done: Sequence[compare.Played], root: Path, keep: Path | None, chart_: Path | None
) -> str:
    """What is left of a simulation that Ctrl-C ended."""
    laps = sum(isinstance(each.news, Lap) for each in done)
    said = [f"Stopped after {many(laps, 'round')}; {root} is as it was."]
    if keep is not None and keep.exists():
        said.append(f"What was played lies in {keep}.")
    else:
        said.append("The copy that was played on is removed.")
    if chart_ is not None:
        said.append("No chart was drawn.")
    return " ".join(said)


def _audit(
    service: Service, target: str | None, confidence: str, budget: int | None
) -> Asked | None:
    """The audit that ends a simulation; refused before hours are spent where it cannot be."""
    if target is None:
        if budget is not None:
            raise AnnotatorError("--budget is that of an audit: say its target, --certify 0.95.")
        return None
    asked = Asked(Terms(target, confidence), budget)
    service.certify.check(asked.terms)
    return asked


def methods() -> None:
    """List the methods and recipes of a round, with their hyper-parameters."""
    printing.print_methods(Service.methods())


def policies() -> None:
    """List the policies, and what each asks first."""
    printing.print_words(Service.policies())
