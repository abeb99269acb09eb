"""Caches that cannot be right are found, and those that can are left alone."""

import json

import numpy as np
import pytest

from annotator.project import Workspace
from annotator.project.graphs import Graphs
from annotator.upkeep.caches import broken
from tests.annotator.pictures import jpeg


@pytest.fixture
def workspace(tmp_path):
    """Caches of 6 images as a worker leaves them, half a chunk at the end included."""
    made = Workspace.create(tmp_path / "ws")
    note(made, "pixels-3x8", 6, bytes(6 * 3 * 64))
    rows = np.ones((7, 5), np.float16)
    (made.features / "net-1").mkdir()
    note(made, "net-1/clean", 6, rows.tobytes(), "f16")
    (made.features / "color.json").write_text('{"images": 6, "first": null}')
    np.save(made.embeddings, np.ones((6, 5), np.float16))
    np.save(made.map, np.ones((6, 3)))
    Graphs(made.graphs).save("joined", {"joined": np.arange(6)})
    return made


def note(made, name, rows, content, kind="u8"):
    (made.features / f"{name}.{kind}").write_bytes(content)
    (made.features / f"{name}.json").write_text(json.dumps({"rows": rows}))


def found(made):
    return {str(path.relative_to(made.root)) for path in broken(made, 6)}


def test_whole_caches_are_left_alone(workspace):
    """What a killed worker had written beyond its note does no harm."""
    assert broken(workspace, 6) == {}
    assert broken(workspace, 9) == {}, "images that came since are computed later"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pixels-3x8.u8", bytes(100)),
        ("pixels-3x8.u8", None),
        ("pixels-3x8.json", b'{"rows": "many"}'),
        ("pixels-3x8.json", b""),
        ("pixels-3x8.json", b'{"rows": 7}'),
        ("net-1/clean.f16", b"\0"),
        ("net-1/clean.f16", np.full(35, np.nan, np.float16).tobytes()),
    ],
)
def test_rows_and_their_note_go_together(workspace, name, content):
    """Short, gone, of no numbers, of too many images, or with a note that cannot be read."""
    path = workspace.features / name
    path.unlink() if content is None else path.write_bytes(content)
    stem = name.partition(".")[0]
    both = {f"features/{stem}.json", f"features/{stem}.{'f16' if 'net' in stem else 'u8'}"}
    assert found(workspace) == (both if content is not None else {f"features/{stem}.json"})


def test_a_note_on_color_that_cannot_be_read_goes_alone(workspace):
    """It has no rows."""
    (workspace.features / "color.json").write_text("[]")
    assert found(workspace) == {"features/color.json"}


@pytest.mark.parametrize("content", [b"", b"words", b"\x93NUMPY\x01\x00v\x00"])
def test_embeddings_and_map_are_looked_at_too(workspace, content):
    """Cut, or of another kind."""
    workspace.map.write_bytes(content)
    np.save(workspace.embeddings, np.full((6, 5), np.inf, np.float16))
    assert found(workspace) == {"map.npy", "embeddings.npy"}


def test_a_picture_that_was_kept_and_is_cut_is_found(workspace):
    """It is made anew; whole ones stay."""
    folder = workspace.shown / "ab"
    folder.mkdir(parents=True)
    for name, content in (("ab" * 32, jpeg()), ("cd" * 32, jpeg()[:-4])):
        (folder / f"{name}-display1400.jpg").write_bytes(content)
    assert found(workspace) == {f"features/shown/ab/{'cd' * 32}-display1400.jpg"}


def test_a_damaged_graph_is_found(workspace):
    """Its checksums say so."""
    path = workspace.graphs / "joined.npz"
    path.write_bytes(path.read_bytes()[:-30])
    assert found(workspace) == {"features/graphs/joined.npz"}
