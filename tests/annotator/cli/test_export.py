"""The export from the command line: what is written, and what is said of it."""

from typer.testing import CliRunner

from annotator.cli import app
from tests.annotator.small import answer, workspace


def test_export_says_what_is_not_as_one_might_think(tmp_path):
    """Tables alone for a format of folders, and a class that nobody has given."""
    service = workspace(tmp_path / "ws", 12)
    answer(service, 6)
    service.add_class("rare")
    service.close()
    words = [tmp_path / "ws", tmp_path / "out", "--format", "folder", "--no-images"]
    told = CliRunner().invoke(app, ["export", *map(str, words)])
    assert told.exit_code == 0
    assert "No image was written" in told.output
    assert "'rare'" in told.output
    assert "6 human labels, 0 pseudo-labels" in told.output
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "README.md",
        "labels.csv",
        "provenance.json",
    ]
