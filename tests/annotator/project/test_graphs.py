"""What is kept of graphs comes back as it was, or not at all; what nobody asks for goes first."""

import os

import numpy as np
import pytest

from annotator.project import graphs
from annotator.project.graphs import Graphs


def test_what_is_kept_comes_back_and_nothing_else(tmp_path):
    """By its name; of another name there is nothing."""
    kept = Graphs(tmp_path / "graphs")
    assert kept.load("one") is None
    kept.save("one", {"joined": np.arange(12, dtype=np.int32).reshape(4, 3), "probes": np.array(7)})
    found = kept.load("one")
    np.testing.assert_array_equal(found["joined"], np.arange(12).reshape(4, 3))
    assert found["joined"].dtype == np.int32
    assert int(found["probes"]) == 7
    assert kept.load("other") is None


@pytest.mark.parametrize("place", [0, 200, -40])
def test_what_is_damaged_is_dropped(tmp_path, place):
    """A bit that has turned anywhere, or an end that is missing."""
    kept = Graphs(tmp_path)
    kept.save("one", {"joined": np.arange(1000)})
    path = tmp_path / "one.npz"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content if place >= 0 else content[:place])
    assert kept.load("one") is None
    assert not path.exists()


def test_what_was_asked_for_longest_ago_goes_first(tmp_path, monkeypatch):
    """Both by their number and by their bytes; what was saved last stays in any case."""
    kept = Graphs(tmp_path)
    monkeypatch.setattr(graphs, "FEW", 2)
    for age, name in enumerate(["new", "old"]):
        kept.save(name, {"joined": np.arange(100)})
        os.utime(tmp_path / f"{name}.npz", (1000 - age, 1000 - age))
    kept.save("newest", {"joined": np.arange(100)})
    assert {path.stem for path in tmp_path.iterdir()} == {"new", "newest"}
    monkeypatch.setattr(graphs, "MOST", 10)
    kept.save("large", {"joined": np.arange(100)})
    assert [path.stem for path in tmp_path.iterdir()] == ["large"]


def test_on_a_full_disk_nothing_is_kept_and_nothing_fails(tmp_path, caplog):
    """Its folder cannot be made: the graph is sought anew next time, and the log says so."""
    (tmp_path / "graphs").write_text("a file")
    kept = Graphs(tmp_path / "graphs")
    kept.save("one", {"joined": np.arange(3)})
    assert kept.load("one") is None
    assert "could not be kept" in caplog.text
