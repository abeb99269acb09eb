"""Which arrays of a file are images, which are their labels, and what the labels' numbers mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.errors import ImportingError
from annotator.importing.containers.arrays import picture
from annotator.importing.containers.arrays.stack import Stack, one, several
from annotator.importing.source import Source, Wanted
from annotator.model import Refused, Told

PARTS = ("train", "val", "test")
# (images, their labels, which part they are), as MedMNIST, Keras and others call them
PAIRS: tuple[tuple[str, str, str], ...] = (
    *((f"{part}_images", f"{part}_labels", part) for part in PARTS),
    *((f"x_{part}", f"y_{part}", part) for part in PARTS),
    ("images", "labels", ""),
    ("x", "y", ""),
    ("X", "y", ""),
    ("arr_0", "arr_1", ""),  # what `np.savez` calls arrays without a name
)
NAMES = ("class_names", "label_names")  # of the classes, by number
DIGITS = 6  # of an image's number


def of_npy(path: Path, wanted: Wanted) -> Iterator[Source | Refused]:
    """Yield each image of a `.npy` file as a PNG file; it has no label.

    Raises:
        ImportingError: it holds no images, or labels are wanted.
    """
    if wanted.labels is not None:
        raise ImportingError(
            f"{path} has no labels. `np.savez(FILE, images=…, labels=…)` keeps them together."
        )
    yield from _images(one(path), path.stem, "", None, [])


def of_npz(path: Path, wanted: Wanted) -> Iterator[Source | Refused]:
    """Yield each image of a `.npz` file as a PNG file with its class.

    Raises:
        ImportingError: no array is known as images, labels do not fit them, or an image has
            several labels.
    """
    arrays = several(path)
    pairs = [each for each in PAIRS if each[0] in arrays]
    if wanted.labels is not None:
        pairs = [(images, wanted.labels, part) for images, _, part in pairs]
        if wanted.labels not in arrays or len(pairs) > 1:
            known = ", ".join(sorted(arrays))
            raise ImportingError(
                f"{path}: `--labels` names the array of the labels where there is one of images; "
                f"its arrays are {known}."
            )
    if not pairs:
        held = ", ".join(f"'{name}' {each.shape}" for name, each in arrays.items()) or "nothing"
        looked = ", ".join(f"'{images}'" for images, *_ in PAIRS)
        raise ImportingError(
            f"{path} holds {held}. Looked for images called {looked}: save them so, with labels "
            "called alike, such as `np.savez(FILE, images=…, labels=…)`."
        )
    names = _names(arrays)
    for images, labels, _ in pairs:  # all are judged before the first is taken
        picture.check(arrays[images].name, arrays[images].shape, arrays[images].dtype)
        if labels in arrays:
            _labels(arrays[images], arrays[labels], names)
    for images, labels, part in pairs:
        told = _labels(arrays[images], arrays[labels], names) if labels in arrays else None
        yield from _images(arrays[images], _below(images), part, told, names)


def _below(images: str) -> str:
    """What the images of an array are named below: 'train_images' and 'x_train' are 'train'."""
    return images.removesuffix("_images").removeprefix("x_")


def _images(
    stack: Stack, below: str, part: str, labels: NDArray[Any] | None, names: list[str]
) -> Iterator[Source | Refused]:
    picture.check(stack.name, stack.shape, stack.dtype)
    for number, image in enumerate(stack.rows()):
        told = Told(None if labels is None else _class(labels[number], names), part=part)
        name = f"{below}/{number:0{DIGITS}}"
        yield Source(stack.path, name, told, content=picture.png(image))


def _names(arrays: dict[str, Stack]) -> list[str]:
    found = next((arrays[each] for each in NAMES if each in arrays), None)
    if found is None:
        return []
    if found.dtype.kind != "U" or len(found.shape) != 1:
        raise ImportingError(f"{found.name} must be text, such as `np.array(['cat', 'dog'])`.")
    return [str(each) for each in found.whole()]


def _labels(images: Stack, labels: Stack, names: list[str]) -> NDArray[Any]:
    """The labels (N,) of images, numbers or text.

    Raises:
        ImportingError: there are more or fewer, several an image, or a number has no name.
    """
    n = images.shape[0]
    if labels.dtype.kind not in "iuU" and not (labels.dtype.kind == "f"):
        raise ImportingError(
            f"{labels.name} is {labels.dtype}, which is no class. Save numbers, or text: "
            "`labels.astype(str)`."
        )
    if len(labels.shape) == 2 and labels.shape[1] > 1:
        raise ImportingError(
            f"{labels.name} holds {labels.shape[1]} answers an image; an image has one class here. "
            "Save the one that you ask for, such as `labels[:, 0]`."
        )
    if labels.shape not in ((n,), (n, 1)):
        raise ImportingError(
            f"{labels.name} is {labels.shape}, for {n:,} images in '{images.member}'."
        )
    found = labels.whole().reshape(-1)
    if found.dtype.kind == "f" and not (np.isnan(found) | (found == np.round(found))).all():
        raise ImportingError(f"{labels.name} holds fractions, which are no classes.")
    if names and found.dtype.kind != "U":
        known = found[~np.isnan(found)] if found.dtype.kind == "f" else found
        if len(known) and not 0 <= known.min() <= known.max() < len(names):
            raise ImportingError(
                f"{labels.name} goes from {known.min()} to {known.max()}, and there are names of "
                f"{len(names)} classes."
            )
    return found


def _class(value: Any, names: list[str]) -> str | None:
    """A class by its name, or by its number; NaN and empty text are unlabeled."""
    if isinstance(value, str):
        return str(value) or None
    if value != value:  # NaN
        return None
    return names[int(value)] if names else str(int(value))
