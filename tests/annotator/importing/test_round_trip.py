"""What an export says comes back: labels, whose they are, splits and groups, in every format."""

import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import AnnotatorError
from annotator.export.formats import FORMATS
from annotator.export.write import write
from annotator.importing.check import Duplicate
from annotator.importing.scan import scan
from annotator.model import ExportRow, Given, Image, NewImage, Noted
from annotator.project import Workspace
from annotator.store.classes import LONGEST_NAME, tidy
from tests.annotator.pictures import png

EXAMPLES = 500  # over all formats
IMAGES = 3  # an example
GROUPS = ["", "1f-aa", "0-12", "01"]
SOURCES = ("human", "verified", "imported", "adjudicated", "unclear", "pseudo")
# Every source in every split that it can be in, with a group and without
CELLS = [
    (source, split, group)
    for source in SOURCES
    for split in ("pool", "val", "test")[: 1 if source == "pseudo" else 3]
    for group in GROUPS[:2]
]


ODD = ["0.0", "01", "-1", "NA", "None", "nan", "null", "=1+1", "'=1", "pseudo", "train", "a;b", '"']
ODD_NAMES = ['c, "c".png', "new\nline\t.png", "\r.png", "Mu\u0308ller.png", "猫/ü.png", " a.png "]


def _class(text):
    try:
        return tidy(text)
    except AnnotatorError:
        return None


LETTERS = st.characters(codec="utf-8")
CLASSES = st.sampled_from(ODD) | st.text(LETTERS, max_size=LONGEST_NAME).map(_class).filter(bool)
NAMES = st.sampled_from(ODD_NAMES) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=250
).filter(lambda name: len(name.encode()) <= 250)
NOTES = st.sampled_from(["", "=1+1", "two\nlines", " dim ", "a;b", "true"]) | st.text(
    LETTERS, max_size=40
)
INSTANTS = st.none() | st.integers(0, 4_000_000_000_000).map(lambda ms: ms / 1000)
CHANCES = st.none() | st.floats(0, 1)


@st.composite
def person(draw, image):
    """A row with the label of a person, of any of the sources that a person's may have."""
    return ExportRow(
        image=image,
        label=draw(CLASSES),
        flag=draw(st.booleans()),
        note=draw(NOTES),
        source=draw(st.sampled_from(["human", "verified", "imported", "adjudicated"])),
        confidence=None,
        round=None,
        model=None,
        annotator=draw(st.text(LETTERS, min_size=1, max_size=20)),
        at=draw(INSTANTS),
        split=image.split,
        reason=draw(st.text(LETTERS, max_size=40)),
        seconds=draw(st.floats(0, 3600)),
        propensity=draw(CHANCES),
        suggestion_shown=draw(st.booleans()),
        group=draw(st.sampled_from(GROUPS)),
    )


@st.composite
def nobody(draw, image):
    """A row of an image that somebody could not tell."""
    told = draw(person(image))
    return replace(told, label="", source="unclear", why_unclear=draw(NOTES))


@st.composite
def machine(draw, image):
    """A row with a pseudo-label."""
    chance, number = draw(st.floats(0, 1)), draw(st.integers(1, 99))
    return ExportRow(
        image=image,
        label=draw(CLASSES),
        flag=draw(st.booleans()),
        note=draw(NOTES),
        source="pseudo",
        confidence=chance,
        round=number,
        model="0a1b",
        annotator=None,
        at=None,
        split="pool",
        group=draw(st.sampled_from(GROUPS)),
        probabilities=draw(st.none() | st.dictionaries(CLASSES, st.floats(0, 1), max_size=3)),
    )


class Rows(list):
    """Rows as an export takes them."""

    def counts(self):
        return Counter((row.label, row.split, row.source) for row in self)

    def claim(self, name):
        self.taken = getattr(self, "taken", set())
        free = name not in self.taken
        self.taken.add(name)
        return free


@pytest.fixture(scope="module", autouse=True)
def quickly():
    """No waiting for the disk: what outlives a power cut is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A few images, checked and copied; their names and labels are each example's own."""
    folder = tmp_path_factory.mktemp("round trip")
    workspace = Workspace.create(folder / "workspace")
    (folder / "source").mkdir()
    for seed in range(len(CELLS)):
        (folder / "source" / f"{seed}.png").write_bytes(png(seed, 4, 4))
    for event in scan(folder / "source", workspace):
        assert isinstance(event, NewImage)
    return workspace


def images(workspace):
    paths = sorted(path for path in workspace.images.rglob("*") if path.is_file())
    return [str(path.relative_to(workspace.root)) for path in paths]


@st.composite
def rows_of(draw, stored):
    """One to three images, each with a name, a split and a label of its own."""
    rows = Rows()
    for number, path in enumerate(stored[: draw(st.integers(1, IMAGES))]):
        split = draw(st.sampled_from(["pool", "val", "test"]))
        image = Image(number + 1, Path(path).stem, draw(NAMES), path, 4, 4, split)
        kinds = person(image) | nobody(image)
        rows.append(draw(kinds | machine(image) if split == "pool" else kinds))
    return rows


def expected(row):
    """Whose label it is, as an import should tell it."""
    if row.source == "pseudo":
        return Given("pseudo")
    shown = bool(row.suggestion_shown)
    given = (row.source, row.annotator, row.at, row.seconds, row.reason, row.propensity, shown)
    return Given(*given, why=row.why_unclear)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(sorted(FORMATS)))
def test_an_export_that_is_imported_says_what_it_said(workspace, data, kind):
    """Any class, name and label, in any format."""
    comes_back(data.draw(rows_of(images(workspace))), workspace, kind)


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_every_source_split_and_group_comes_back(workspace, kind):
    """All of them in one export of each format: chance passes over some of so many."""
    rows = Rows()
    for number, (path, cell) in enumerate(zip(images(workspace), CELLS, strict=True), 1):
        source, split, group = cell
        image = Image(number, Path(path).stem, f"{number}.png", path, 4, 4, split)
        of_model = source == "pseudo"
        row = ExportRow(
            image=image,
            label="" if source == "unclear" else "dark",
            source=source,
            confidence=0.9 if of_model else None,
            round=1 if of_model else None,
            model="0a1b" if of_model else None,
            annotator=None if of_model else "anna",
            at=None if of_model else 1e9,
            split=split,
            seconds=None if of_model else 0.5,
            reason="" if of_model else "entropy",
            group=group,
        )
        rows.append(row)
    comes_back(rows, workspace, kind)


def comes_back(rows, workspace, kind):
    """Write and read rows; the images are known, and nothing of them is a surprise."""
    out = workspace.exports / "out"
    shutil.rmtree(out, ignore_errors=True)
    write(rows, workspace, out, kind, provenance={"certilabel": "0"})
    known = {Path(path).stem for path in images(workspace)}
    events = [e for e in scan(out, workspace, known) if not isinstance(e, Noted)]
    assert all(isinstance(event, Duplicate) for event in events), events
    assert {event.sha256: event.name for event in events} == {
        row.image.sha256: row.image.name for row in rows
    }
    told = {event.sha256: event.told for event in events}
    for row in rows:
        found = told[row.image.sha256]
        assert (found.label or "", found.split) == (row.label, row.split)
        assert (found.flag, found.note) == (row.flag, row.note)
        assert found.given == expected(row)
        assert found.group == row.group
