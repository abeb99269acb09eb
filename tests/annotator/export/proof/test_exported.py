"""What was exported, row by row: whose word each is, and what the certificate says nothing of."""

import pytest

from annotator.export.proof import exported, record
from annotator.export.proof.verify import verify
from tests.annotator.export.proof import certified
from tests.annotator.export.proof.certified import edit_lines, failed, first, told


def step(folder, name):
    """One step of the verification."""
    return next(each for each in verify(folder) if each.name == name)


def of_pseudo(**changes):
    """Change every pseudo-labeled row."""

    def change(lines):
        return [line | changes if line["source"] == "pseudo" else line for line in lines]

    return change


def one(kind, **changes):
    """Change the first row of a source."""

    def change(lines):
        first(lines, kind).update(changes)
        return lines

    return change


def another_label(lines):
    """Of each pseudo-label, as if a person had said so."""
    for line in lines:
        if line["source"] == "pseudo":
            line.update(source="human", label="horse")
    return lines


FORGED = {
    "flipped": (another_label, "of a person, and yet of a model's round"),
    "source alone": (of_pseudo(source="human"), "of a person, and yet of a model's round"),
    "confidence alone": (
        of_pseudo(source="human", round="", model="", annotator="al", at=certified.TIME.format(3)),
        "of a person, and yet of a model's round or with its confidence",
    ),
    "probabilities": (one("human", probabilities='{"cat": 1}'), "1 row is of a person, and yet"),
    "nobody": (
        of_pseudo(source="human", round="", model="", confidence=""),
        "but without a name or a time",
    ),
    "no time": (one("human", at=""), "1 row is of a person, but without a name or a time"),
    "no such time": (one("human", at="yesterday"), "1 row is of a person, but without"),
    "no name": (one("human", annotator=""), "1 row is of a person, but without"),
    "unclear": (of_pseudo(source="unclear", **certified.BY_HAND), "labeled though nobody can tell"),
    "no label": (one("human", label=""), "1 row is labeled though nobody can tell, or"),
    "a source of its own": (of_pseudo(source="gold"), "of a source that no export has"),
    "surer": (one("pseudo", confidence="0.9999"), "1 row is pseudo-labeled with another"),
    "no number": (one("pseudo", confidence="sure"), "pseudo-labeled with another confidence"),
    "by whom": (one("pseudo", annotator="al"), "or with a person's name or time"),
    "no round": (one("pseudo", round=""), "1 row is pseudo-labeled, but without round"),
    "twice": (
        lambda lines: [*lines, first(lines, "human") | {"label": "horse"}],
        "1 row is there more than once",
    ),
}  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_a_row_that_no_export_writes_fails_with_its_step(export, forged):
    """Whatever was made of pseudo-labels or of people's labels without the columns beside."""
    change, reason = FORGED[forged]
    edit_lines(export, change)
    assert reason in failed(export)["sources"]


@pytest.mark.parametrize("source", ["human", "verified", "imported", "adjudicated"])
def test_a_released_row_may_have_a_persons_label_and_it_is_counted_as_not_checked(export, source):
    """Whatever it says: it is no pseudo-label anymore, and the certificate speaks of none."""
    whole = step(export, "release")
    k = record.read(export).evidence["k"]
    assert f"None of the {k} released rows has a person's word in its place." in whole.told
    assert (whole.holds, whole.unchecked) == (True, 0)
    for said in (1, 2):
        edit_lines(export, one("pseudo", source=source, label="horse", **certified.BY_HAND))
        found = step(export, "release")
        assert failed(export) == {}
        assert found.unchecked == said
        assert f"Of the {k} released rows {said} a person's label in place of" in found.told
        assert "the certificate does not speak of what these say, and it was not" in found.told


def test_what_somebody_cannot_tell_since_is_counted_too(export):
    """Its row has no label."""
    edit_lines(export, one("pseudo", source="unclear", label="", **certified.BY_HAND))
    found = step(export, "release")
    assert failed(export) == {}
    assert found.unchecked == 1
    assert "1 a person's word that it cannot be told in place of the pseudo-label" in found.told


def test_a_row_that_is_gone_is_missing(export):
    """It is neither a pseudo-label nor a person's."""
    edit_lines(export, lambda lines: [each for each in lines if each is not first(lines, "pseudo")])
    assert "1 of the released rows are missing" in failed(export)["release"]


def test_pseudo_labels_beyond_the_released_rows_are_told(export):
    """One more than there may be."""
    rest = next(row for row in record.read(export).order if row.rank == 195)
    edit_lines(export, lambda lines: [*lines, first(lines, "pseudo") | {"sha256": rest.id}])
    found = told(exported.release, export)
    assert found == "1 pseudo-labels are not among the released ones"


def test_labels_of_images_that_no_audit_asked_about_are_counted_as_not_checked(export):
    """A changed one passes, so it is said that nobody looked."""
    found = step(export, "human labels")
    assert (found.holds, found.unchecked) == (True, 40)  # 20 of the pool and 20 test images
    assert "40 more labels are of people and of images that were neither released nor" in found.told
    edit_lines(export, one("human", label="horse"))
    other = record.read(export).lines
    asked = {row["id"] for row in record.read(export).evidence["rows"]}
    changed = next(line for line in other if line["label"] == "horse")
    assert ("human labels" in failed(export)) == (changed["sha256"] in asked)
