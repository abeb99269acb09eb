"""The page on formats is right: what is read with which limits, and every file of pydicom's."""

import csv
import io

import pydicom
import pytest

from annotator.imaging.reading.desk import SECONDS, WHOLE
from annotator.imaging.reading.formats import FORMATS as PAGED
from annotator.imaging.reading.formats.pdf import DPI, MOST_DOTS
from annotator.imaging.reading.page import MOST_PAGES
from annotator.imaging.upright import FORMATS
from annotator.importing.check import MOST_BYTES
from tests.annotator.imaging.reading.outcomes import LIST, listed, outcome, theirs
from tests.docs.pages import DOCS

TEXT = (DOCS / "formats.md").read_text()


def test_every_format_has_its_row():
    """By the name that refusals give it."""
    named = {name.upper() for name in (*FORMATS, *PAGED)}
    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| ")]
    assert named <= {name.strip().upper() for row in rows for name in row.split(",")}


@pytest.mark.parametrize(
    "limit",
    [
        f"{DPI} dots an inch",
        f"{MOST_DOTS // 1_000_000} million dots",
        f"{MOST_PAGES} pages",
        f"{SECONDS:.0f} seconds",
        f"{WHOLE / 60:.0f} minutes",
        f"{MOST_BYTES >> 20:,} MiB",
    ],
)
def test_every_limit_is_named(limit):
    """As the code has it."""
    assert limit in TEXT


@pytest.mark.skipif(pydicom.__version__ != "3.0.2", reason="other versions bring other files")
def test_every_file_of_pydicom_is_listed_with_what_became_of_it():
    """Read or refused, from the lowest to the highest value; the list is written anew by code."""
    rows = dict(csv.reader(io.StringIO(LIST.read_text())))
    assert rows == dict(csv.reader(io.StringIO(listed())))
    read = [each for each in rows.values() if each.startswith("read")]
    assert f"{len(read)} of {len(rows) - 1} files" in TEXT


def test_every_file_of_any_pydicom_has_an_outcome():
    """A word at least, and no error."""
    assert all(outcome(content) for content in theirs().values())
