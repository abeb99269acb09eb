"""What follows from answers, field by field, where the table of changes does not go."""

import pytest

from annotator.export.proof import after
from tests.annotator.export.proof.certified import edit, told


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"wrong": True}, "is marked wrong, which does not follow"),
        ({"adjudicated": "horse", "wrong": True}, "that nobody gave, and no second look"),
        ({"blind": []}, "that nobody gave"),
        ({"blind": [{"answer": "cat"}, {"answer": "dog, =1+1"}]}, "that nobody gave"),
        ({"second": [{"answer": "horse"}]}, "does not carry the answer of the second look"),
        ({"pseudo": "horse", "wrong": True}, "another pseudo-label than the frozen one"),
    ],
)
def test_a_wrong_flag_follows_from_the_answers(export, change, reason):
    """An answer that nobody gave lifts none; without one the row is wrong."""
    edit(export, lambda evidence: evidence["rows"][0].update(change))
    assert reason in told(after.answers, export)


def test_how_often_people_differ_is_counted_again(export):
    """Two rows with two answers each, of which one is no word against the other."""

    def twice(evidence):
        for row, other in zip(evidence["rows"], (None, "horse"), strict=False):
            said = other or row["blind"][0]["answer"]
            row["blind"].append(row["blind"][0] | {"by": "cy", "answer": said})
        evidence["expert"].update(repeats=2, differed=1)

    edit(export, twice)
    assert told(after.expert, export) == ""
    edit(export, lambda evidence: evidence["expert"].update(differed=0))
    assert "answered 2 rows twice and differed on 1, not 2 and 0" in told(after.expert, export)


def test_a_row_that_nobody_could_judge_is_wrong(export):
    """Skipped, can't tell, or not reached: no answer is not the pseudo-label."""

    def change(evidence):
        evidence["rows"][0].update(adjudicated=None, blind=[{"answer": None}], wrong=True)

    edit(export, change)
    assert told(after.answers, export) == ""
    edit(export, lambda evidence: evidence["rows"][0].update(wrong=False))
    assert "marked right" in told(after.answers, export)


@pytest.mark.parametrize("field", ["k", "n", "x"])
def test_counts_are_recomputed(export, field):
    """One off is one off."""
    edit(export, lambda evidence: evidence.update({field: evidence[field] + 1}))
    assert told(after.chain, export) != ""


@pytest.mark.parametrize("field", ["proposed", "corrected", "unseen", "false_at_most"])
def test_claims_are_recomputed(export, field):
    """Each of the shares, and the chance that they are false."""
    assert told(after.claims, export) == ""
    edit(export, lambda evidence: evidence["claims"].update({field: "1/2"}))
    assert told(after.claims, export) != ""
