"""What belongs together: told by a column, a folder or a name, and stored as a salted hash."""

import re
import unicodedata

import pytest

from annotator.errors import ImportingError
from annotator.importing.deciding import groups
from annotator.importing.found import Found
from annotator.importing.source import Source
from annotator.model import NewImage, Refused, Told

NAMES = ["a/p1_1.png", "a/p1_2.png", "b/deep/p2_1.png", "p3.png"]


def rows(*given):
    """Sources by these names, perhaps with what a column tells."""
    return [Source(None, name, Told(group=group)) for name, group in given]


def seen(found, source, wanted):
    return [each.told.group for each in groups.grouped(found, source, wanted)]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("parent", ["a", "a", "deep", "scans"]),
        (r"(p\d+)_", ["p1", "p1", "p2", ""]),
        (r"p\d", ["p1", "p1", "p2", "p3"]),
        ("(x)?p", ["", "", "", ""]),
        (None, ["", "", "", ""]),
    ],
)
def test_folders_and_patterns_tell_what_belongs_together(tmp_path, wanted, told):
    """The first bracket is the group, or the whole that fits; above all is the source's folder."""
    source = tmp_path / "scans"
    source.mkdir()
    assert seen(rows(*((name, "") for name in NAMES)), source, wanted) == told


def test_what_a_row_tells_stands(tmp_path):
    """A column was named, and what it leaves empty is told by nothing; a refused file is none."""
    found = [*rows(("1.png", "mary"), ("2.png", "")), Refused("3.png", "empty")]
    kept = list(groups.grouped(found, tmp_path, "patient"))
    assert [each.told.group for each in kept[:2]] == ["mary", ""]
    assert kept[2] == found[2]


def test_a_folder_is_the_same_group_wherever_an_import_begins(tmp_path):
    """So a patient who comes in two imports is not in both splits."""
    (tmp_path / "p7").mkdir()
    assert groups.rule_of("parent", tmp_path)("p7/1.png") == "p7"
    assert groups.rule_of("parent", tmp_path / "p7")("2.png") == "p7"
    assert groups.rule_of("parent", tmp_path / "p7" / "table.csv")("3.png") == "p7"


def test_a_pattern_with_a_mistake_is_told(tmp_path):
    """With all that a group can be."""
    with pytest.raises(ImportingError, match=r"mistake.*column.*`parent`.*pattern"):
        groups.rule_of("p(", tmp_path)


def found(*told):
    kept = Found()
    for number, (name, group) in enumerate(told):
        kept.add(NewImage(f"{number}", name, "images/x", 8, 8, told=Told(group=group)))
    return kept


@pytest.mark.parametrize(
    ("wanted", "told", "words"),
    [
        ("parent", [("a/1.png", "a")], "by the folder of each image"),
        (r"p\d", [("p1.png", "p1"), ("x.png", "")], r"by the pattern 'p\d' in names"),
        ("patient", [("1.png", "mary")], "by the column 'patient'"),
        (None, [("1.dcm", "mary")], "by what the source itself says"),
        (None, [("1.png", "")], ""),
    ],
)
def test_it_is_said_what_was_understood(tmp_path, wanted, told, words):
    """A word may be a column, a folder or a pattern: which it was is no riddle."""
    assert groups.in_words(found(*told), tmp_path, wanted) == words


def test_a_group_that_nothing_tells_is_refused(tmp_path):
    """A misspelled column would divide patients without a word."""
    with pytest.raises(ImportingError, match="'pateint' is no column that was found"):
        groups.in_words(found(("1.png", "")), tmp_path, "pateint")


def test_a_name_is_stored_as_what_says_nothing_without_the_secret():
    """The same for the same patient, another for another, and another in another workspace."""
    composed, apart = (unicodedata.normalize(form, "Müller") for form in ("NFC", "NFD"))
    told = {sha: [("1.dcm", Told(group=name))] for sha, name in
            (("a", composed), ("b", apart + " "), ("c", "Meier"))}  # fmt: skip
    told["d"] = [("2.dcm", Told())]
    one, other = (groups.salted(told, secret) for secret in (b"1" * 32, b"2" * 32))
    assert one["a"] == one["b"] != one["c"]
    assert set(one) == {"a", "b", "c"}
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{32}", each) for each in one.values())
    assert not set(one.values()) & set(other.values())
    again = {sha: [("1.dcm", Told(group=name))] for sha, name in one.items()}
    assert groups.salted(again, b"2" * 32) == one  # as an export of ours calls them
    assert groups.unlike(one.values(), other.values())
    assert not groups.unlike(one.values(), [one["c"]])
    assert not groups.unlike([], one.values())
