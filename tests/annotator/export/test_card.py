"""The data card: what is in the export, how right it is, and what to beware of, for people."""

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from annotator.export.formats import FORMATS
from annotator.wording import percent
from tests.annotator.exported import write

ROUND = {"round": 3, "method": "ensemble", "regime": "frozen", "model": "5f5f", "seed": 7}
KNOWN = {
    "workspace": "lungs_[2]*",
    "made_at": "2030-01-01T00:00:00Z",
    "certilabel": "9.9",
    **ROUND,
    "threshold": 0.95,
    "accuracy": {"value": 0.9, "interval": [0.8, 0.96], "test_images": 50},
}


def card(tmp_path, workspace, rows, kind="csv", **options):
    write(rows, workspace, tmp_path / "out", kind, **options)
    return (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", FORMATS)
def test_it_counts_what_is_there_by_source_class_and_split(tmp_path, workspace, rows, kind):
    """Each number is counted again here; a class that nobody gave has zeros and a sentence."""
    text = card(tmp_path, workspace, rows, kind, provenance=KNOWN, classes=["rare"])
    assert f"{len(rows)} labeled images" in text
    for source, n in Counter(row.source for row in rows).items():
        assert f"| `{source}` | {n} |" in text
    shown = dict(re.findall(r"^\| (.+?) \| (.+? \| .+?) \|$", text, re.M))
    cells = Counter((row.label, row.split, row.source) for row in rows)
    for label in ("cat", "NA"):
        wanted = []
        for split in ("pool", "test"):
            pseudo = cells[label, split, "pseudo"]
            n = pseudo + cells[label, split, "human"]
            wanted.append(f"{n} ({pseudo} pseudo)" if pseudo else f"{n}")
        assert shown[label] == " | ".join(wanted)
    assert shown["rare"] == "0 | 0"
    assert "No image is labeled 'rare'" in text


def test_it_says_how_right_the_model_is_and_of_whom_that_speaks(tmp_path, workspace, rows):
    """Accuracy never stands without its interval and its population; nor a model for another."""
    text = card(tmp_path / "a", workspace, rows, provenance=KNOWN)
    assert f"50 test images the model labels {percent(0.9)}" in text
    assert f"{percent(0.8)} to {percent(0.96)}" in text
    assert "not of the confident pseudo-labels alone" in text
    for word in ("round 3", "`ensemble`", "`frozen`", "`5f5f`", "seed 7", percent(0.95)):
        assert word in text
    assert "## License\n\nNot said." in text
    assert r"4 of 9 labels are a model's" in text
    assert "the plain model" not in text
    plain = {**KNOWN, "answered_by": "logistic"}
    assert "the round gives that one's classes" in card(
        tmp_path / "b", workspace, rows, provenance=plain
    )


def test_it_says_so_where_nothing_was_measured_or_no_model_had_a_part(tmp_path, workspace, rows):
    """Rather than nothing."""
    bare = {key: value for key, value in KNOWN.items() if key != "accuracy"}
    assert "was not measured" in card(tmp_path / "a", workspace, rows, provenance=bare)
    human = [row for row in rows if row.source == "human"]
    text = card(tmp_path / "b", workspace, human, provenance={"workspace": "w"})
    assert "No model had a part in them." in text
    assert "labels are a model's" not in text


def test_names_of_the_user_are_not_markdown(tmp_path, workspace, rows):
    """A class with a bar would be two cells, one with a tag a tag."""
    from dataclasses import replace

    odd = "a|b <img src=x> [c](d)"
    text = card(tmp_path, workspace, [replace(rows[0], label=odd)], provenance=KNOWN)
    assert odd not in text
    assert r"a\|b \<img src=x\> \[c\]\(d\)" in text
    assert r"# lungs\_\[2\]\*" in text


def test_what_is_left_out_is_counted_in_no_cell(tmp_path, workspace, rows):
    """And a sentence says how many there are, here and in the report."""
    workspace.image_path(rows[0].image.stored).unlink()
    report = write(rows, workspace, tmp_path / "out", damaged=True, provenance=KNOWN)
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert "1 left out, as their files are gone" in " ".join(report.notes)
    assert facts["notes"] == list(report.notes)
    assert f"{len(rows) - 1} labeled images" in text
    assert sum(facts["classes"].values()) == len(rows) - 1


def test_a_class_that_probabilities_name_and_no_label_can_have_is_said(tmp_path, workspace, rows):
    """Who adds the others up would wonder; and so is a round that kept none."""
    report = write(rows, workspace, tmp_path / "out")
    assert not [each for each in report.notes if "robabilities" in each]
    said = {"cat": 0.9, "gone": 0.1}
    old = [row if row.source != "pseudo" else replace(row, probabilities=said) for row in rows]
    report = write(old, workspace, tmp_path / "removed")
    [note] = [each for each in report.notes if "robabilities" in each]
    assert "name 'gone' as well, which was removed since the round" in note
    old = [replace(row, probabilities=None) for row in rows]
    report = write(old, workspace, tmp_path / "none")
    [note] = [each for each in report.notes if "robabilities" in each]
    assert note.startswith("4 pseudo-labels have no probabilities")
    assert note in (tmp_path / "none" / "README.md").read_text(encoding="utf-8").replace("\\", "")
