"""Tables that an export of ours wrote."""

from dataclasses import asdict

import pytest

from annotator.export.line import COLUMNS
from annotator.importing.tables.own import UnclearError, given, is_own, marks, split
from annotator.model import Given

ROW = {
    "label": "cat",
    "source": "verified",
    "annotator": "anna",
    "at": "2026-01-02T03:04:05.678+00:00",
    "seconds": "1.5",
    "reason": "entropy 1.31 nats",
    "propensity": "0.25",
    "suggestion_shown": "true",
    "split": "test",
}


def cell(**changed):
    row = ROW | changed
    return lambda name: row.get(name, "")


def test_an_export_is_known_by_its_columns():
    """Also by an older one's, and not a table that has a source and a label alone."""
    assert is_own(COLUMNS)
    assert is_own(["path", "sha256", "label", "source", "split"])
    assert not is_own(["path", "label", "source", "split"])


def test_whose_word_a_label_is_comes_back():
    """Milliseconds since 1970 worked out by hand: 20,455 days and 3:04:05.678."""
    assert asdict(given(cell())) == {
        "source": "verified",
        "annotator": "anna",
        "at": 20_455 * 86_400 + 3 * 3600 + 4 * 60 + 5.678,
        "seconds": 1.5,
        "reason": "entropy 1.31 nats",
        "propensity": 0.25,
        "suggestion_shown": True,
        "why": "",
    }
    assert split(cell()) == "test"


def test_what_is_said_beside_a_label_comes_back():
    """Marks of any row; why nobody can tell of a row that says so, and of no other."""
    row = cell(source="unclear", why_unclear="dim", flag="True", note=" see 3 ")
    assert (given(row).source, given(row).why, marks(row)) == ("unclear", "dim", (True, " see 3 "))
    assert given(cell(why_unclear="dim")).why == ""
    assert marks(cell()) == (False, "")  # of an earlier version


def test_a_row_that_nobody_could_tell_has_no_label():
    """It says two things, and the way out is named; blanks are no label."""
    row = cell(source="unclear", why_unclear="dim")
    assert given(row, " ").source == "unclear"
    with pytest.raises(UnclearError, match=r"the label is 'cat'; empty the label, or .*imported"):
        given(row, "cat")


def test_what_is_empty_is_not_known():
    """As of a label that came with an import."""
    empty = dict.fromkeys(ROW, "") | {"source": "imported"}
    assert given(cell(**empty)) == Given("imported")
    assert split(cell(**empty)) is None


def test_a_pseudo_label_has_nobody_behind_it():
    """Whatever else its row says."""
    assert given(cell(source="pseudo")) == Given("pseudo")


def test_a_time_without_a_zone_is_utc():
    assert given(cell(at="1970-01-02T00:00:00")).at == 86_400


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "robot"},
        {"source": ""},
        {"at": "yesterday"},
        {"seconds": "nan"},
        {"propensity": "often"},
        {"split": "train"},
    ],
)
def test_what_no_export_says_is_named(changed):
    """It is not guessed whose label it is, or whether the image is a test image."""
    ((name, value),) = changed.items()
    read = split if name == "split" else given
    with pytest.raises(UnclearError, match=f"{name} is '{value}'"):
        read(cell(**changed))
