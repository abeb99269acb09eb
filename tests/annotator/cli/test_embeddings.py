"""Embeddings on the command line: what is matched, what is missing, and what cannot be."""

import json

import numpy as np

from annotator.service import Service
from tests.annotator.cli.test_cli import run
from tests.annotator.small import workspace


def test_the_command_says_what_was_matched_and_names_what_is_missing(tmp_path):
    """By names beside the array; then the rest; then every image has one."""
    root = tmp_path / "w"
    names = [each.name for each in workspace(root, 5).images(limit=-1)]
    rows = np.random.default_rng(0).normal(size=(5, 4))
    np.save(tmp_path / "a.npy", rows[:3])
    (tmp_path / "a.txt").write_text("\n".join([names[0], "stranger.png", names[2]]))
    said = run("import", root, "--embeddings", tmp_path / "a.npy").stdout
    assert "left out stranger.png: no image is called so" in said
    assert all(f"missing  {name}: has no embedding" in said for name in (names[1], *names[3:]))
    assert "2 embeddings of 4 numbers, matched by the names in a.txt. 2 of 5 images" in said
    assert "backbone is embeddings:own" in said
    np.save(tmp_path / "b.npy", rows[[1, 3, 4]])
    (tmp_path / "b.txt").write_text("\n".join([names[1], *names[3:]]))
    told = json.loads(run("import", root, "--embeddings", tmp_path / "b.npy", "--json").stdout)
    assert (told["matched"], told["missing"], told["images"]) == (3, [], 5)
    assert Service.open(root).settings().backbone == "embeddings:own"


def test_mistakes_end_with_2_and_one_line(tmp_path):
    """Nothing to import, both at once, a file that is none, options that would be passed over."""
    root = tmp_path / "w"
    workspace(root, 3)
    for arguments, told in (
        ((), "Name what to import: a SOURCE of images, or --embeddings FILE."),
        ((tmp_path, "--embeddings", tmp_path / "v.npy"), "Import the images first"),
        (("--embeddings", tmp_path / "v.npy"), "No such file"),
        (("--embeddings", tmp_path / "v.npy", "--dry-run"), "--dry-run says nothing of embeddings"),
        ((tmp_path, "--as", "own"), "`--as` names embeddings"),
    ):
        done = run("import", root, *arguments, code=2)
        assert told in done.stderr
        assert len(done.stderr.splitlines()) == 1
