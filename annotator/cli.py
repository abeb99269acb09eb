"""The command line: `certilabel init | import | serve | work | round | export | status | …`."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator import catalog, compare, curves, demo, scratch, serving, simulate, terminal, worker
from annotator.errors import AnnotatorError, unknown
from annotator.model import Settings
from annotator.service import Service
from annotator.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Label images; let models label the rest."
)
Root = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="Folder of the project.")]
Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Values = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A hyper-parameter; may be repeated."),
]
Method = Annotated[str | None, typer.Option(help="See `certilabel methods`.")]


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and exit code 2."""
    try:
        app()
    except AnnotatorError as error:
        terminal.print_error(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        terminal.say("Stopped.")
        sys.exit(130)


@app.command("demo")
def demo_(
    data: Annotated[
        Path | None, typer.Option(help="Your own folder of images instead of the digits.")
    ] = None,
    port: Port = 8501,
    root: Annotated[Path, typer.Option("--workspace", help="Where the demo lives.")] = Path("demo"),
) -> None:
    """Make the demo workspace if there is none, and serve it."""
    if data is not None and root == Path("demo"):
        root = Path(f"demo-{data.resolve().name}")
    if not (root / "workspace.json").exists():
        _make_demo(root, data)
    _serve(root, port)


def _make_demo(root: Path, data: Path | None) -> None:
    """Create next to the place and rename: a demo that was interrupted is made again."""
    if data is not None and not data.is_dir():
        raise AnnotatorError(f"{data} is no folder. Give the folder that holds your images.")
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as made:
        fresh = Path(made) / "workspace"
        if data is None:
            images = Path(made) / "images"
            truth = demo.write_demo(images)
            settings = Settings(preset="handwriting")
            service = Service.create(fresh, [str(digit) for digit in range(10)], settings)
            _import(service, images / "digits", None)
            shutil.move(truth, root.with_name(f"{root.name}.truth.csv"))
        else:
            folders = sorted(
                each.name for each in data.iterdir() if each.is_dir() and each.name[0] != "."
            )
            names = folders if len(folders) > 1 else ["yes", "no"]
            service = Service.create(fresh, names)
            _import(service, data, None)
            terminal.say(f"Classes: {', '.join(names)}. Change them on the Settings page.")
        service.close()  # SQLite must not be open while its folder moves
        fresh.rename(root)


@app.command()
def init(
    root: Root,
    classes: Annotated[str, typer.Option(help="Class names, with commas between.")],
    set_: Values = None,
) -> None:
    """Make an empty workspace. `--set preset=xray` and the like change its settings."""
    names = [name.strip() for name in classes.split(",") if name.strip()]
    service = Service.create(root, names, _settings(Settings(), set_))
    terminal.say(f"Made {root} with {len(service.classes())} classes.")


def _settings(settings: Settings, values: list[str] | None) -> Settings:
    known = {field.name: type(getattr(settings, field.name)) for field in fields(settings)}
    for name, text in _pairs(values).items():
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


def _pairs(values: Iterable[str] | None) -> dict[str, str]:
    pairs = {}
    for value in values or ():
        name, equals, text = value.partition("=")
        if not equals:
            raise AnnotatorError(f"'{value}' is no NAME=VALUE, such as threshold=0.9.")
        pairs[name.strip()] = text.strip()
    return pairs


@app.command("import")
def import_(
    root: Root,
    source: Annotated[Path, typer.Argument(help="A folder, or a CSV with a column `path`.")],
    labels: Annotated[
        str | None,
        typer.Option(help="`folders`: the first folder is the class; or a column of the CSV."),
    ] = None,
) -> None:
    """Bring images in. It can be run again: what is there already is not added twice."""
    _import(Service.open(root), source, labels)


def _import(service: Service, source: Path, labels: str | None) -> None:
    with terminal.counter("reading images") as seen:
        report = service.import_source(source, labels=labels, progress=seen)
    terminal.print_import(report)


@app.command()
def serve(root: Root, port: Port = 8501) -> None:
    """Serve the app, with a worker beside it."""
    _serve(root, port)


def _serve(root: Path, port: int) -> None:
    Workspace.open(root)  # say at once if it is none
    terminal.say(f"Certilabel is on http://localhost:{port}. Ctrl-C ends it.")
    serving.serve(root, port)


@app.command()
def work(
    root: Root,
    once: Annotated[bool, typer.Option("--once", help="One job, then exit.")] = False,
) -> None:
    """Do background jobs until Ctrl-C."""
    did = worker.Worker(Workspace.open(root)).run(once=once)
    if once:
        terminal.say("One job is done." if did else "Nothing to do.")


@app.command("round")
def round_(
    root: Root,
    method: Method = None,
    regime: Annotated[str | None, typer.Option(help="auto, frozen or finetune.")] = None,
    set_: Values = None,
) -> None:
    """Train one round on the labels there are, and wait for it."""
    service = Service.open(root)
    try:
        job = service.start_round(method, regime, _pairs(set_))
        service.ensure_worker()
        terminal.watch(simulate.wait(service))
    finally:
        service.close()
    done = next(each for each in service.rounds() if each.job_id == job.id)
    terminal.print_round(done, [each for each in service.curve() if each.round == done.id])


@app.command("simulate")
def simulate_(
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
    chart: Annotated[
        Path | None, typer.Option(help="Draw the mean curves into this .svg or .html file.")
    ] = None,
    json_: Json = False,
) -> None:
    """Play an annotator who knows the answers, on copies, and print the learning curves."""
    service = Service.open(root)
    policies = [service.settings().policy] if policy is None else compare.named(policy)
    several = len(policies) * seeds > 1
    if chart is not None:
        curves.check(chart)
    if keep is not None and several:
        raise AnnotatorError("--keep holds one run: name one policy and one seed, or omit it.")
    params = catalog.check(method or service.settings().method, _pairs(set_))
    known = simulate.answers(service, truth)
    terminal.warn_of_gaps(len(known), service.progress().images)
    options = {
        "rounds": rounds,
        "batch": batch,
        "method": method,
        "params": params,
        "test_labels": test_labels,
    }
    with scratch.folder(root) as copies:
        done: list[compare.Played] = []
        played = compare.remembered(
            compare.play(
                service,
                known,
                policies=policies,
                seeds=range(seed, seed + seeds),
                folder=copies,
                keep=keep,
                **options,
            ),
            done,
        )
        if several:
            terminal.watch_runs(played, len(policies) * seeds)
        else:
            news = (each.news for each in played)
            (terminal.print_json if json_ else terminal.print_laps)(news)
    if several:
        (terminal.print_means_json if json_ else terminal.print_means)(done)
    if chart is not None:
        curves.write(compare.means(done), chart)


@app.command()
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
        "near_duplicates": asdict(service.explore.twins()),
        "advice": [each.text for each in service.advice()],
    }
    if json_:
        print(json.dumps(found))
        return
    terminal.print_status(found, service.curve()[-2:])


@app.command()
def export(
    root: Root,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; new or empty.")],
    format_: Annotated[str, typer.Option("--format", help="csv, parquet or folder.")] = "csv",
    threshold: Annotated[
        float | None, typer.Option(help="Confidence of pseudo-labels; default the round's.")
    ] = None,
    pseudo: Annotated[bool, typer.Option(help="With pseudo-labels, or human labels only.")] = True,
) -> None:
    """Write the labeled and pseudo-labeled data set, with where each label comes from."""
    report = Service.open(root).export(target, format_, threshold=threshold, pseudo=pseudo)
    terminal.say(f"{report.path}: {report.human:,} human labels, {report.pseudo:,} pseudo-labels.")


@app.command()
def methods() -> None:
    """List the methods and recipes of a round, with their hyper-parameters."""
    terminal.print_methods(catalog.methods())


@app.command()
def policies() -> None:
    """List the policies, and what each asks first."""
    terminal.print_words(catalog.asks())
