"""What becomes of every file that pydicom comes with, as the documentation lists it.

`python -m tests.annotator.imaging.reading.outcomes` writes the list anew.
"""

import csv
import io
import warnings
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image

from annotator.imaging import values
from annotator.imaging.reading.content import HEAD, kind
from annotator.imaging.reading.formats.dicom import pages
from annotator.imaging.reading.page import Asked, Page, Unread
from annotator.imaging.values import Values
from tests.docs.pages import DOCS

LIST = DOCS / "_static" / "dicom.csv"
THEIRS = Path(pydicom.__file__).parent / "data"


def theirs() -> dict[str, bytes]:
    """Every file that lies in pydicom's package beside its code, by its name there."""
    return {
        path.relative_to(THEIRS).as_posix(): path.read_bytes()
        for path in sorted(THEIRS.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".py"
    }


def outcome(content: bytes) -> str:
    """In a few words: what was read, from the lowest to the highest value, or why it was not."""
    if kind(content[:HEAD]) != "dicom":
        return "refused: not an image"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = list(pages(content, Asked()))
        except Unread as reason:
            return f"refused: {reason}"
    if found[0].fault:
        return f"refused: {found[0].fault}"
    lows, highs = zip(*map(extremes, found), strict=True)
    many = f"{len(found)} images of " if len(found) > 1 else ""
    note = f"; {found[0].note}" if found[0].note else ""
    size = f"{found[0].width} × {found[0].height}"
    return f"read: {many}{size}, {min(lows):g} to {max(highs):g}{note}"


def extremes(page: Page) -> tuple[float, float]:
    """The lowest and the highest value of a page, by its note."""
    with Image.open(io.BytesIO(page.content)) as image:
        meant = (values.of(image) or Values()).meant(np.asarray(image))
    return float(meant.min()), float(meant.max())


def listed() -> str:
    """The list as text."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["file", "outcome"])
    rows.writerows((name, outcome(content)) for name, content in theirs().items())
    return file.getvalue()


if __name__ == "__main__":
    LIST.write_text(listed())
