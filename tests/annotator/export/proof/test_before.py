"""What was fixed before the answers, field by field, where the table of changes does not go."""

from dataclasses import replace

import pytest

from annotator.export.proof import before, record
from tests.annotator.export.proof import certified
from tests.annotator.export.proof.certified import edit, edit_frozen, replan, told


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"M": 201}, "more rows than there are"),
        ({"m": 181}, "more rows than there are"),
        ({"c0": -1}, "a number of the plan is none"),
        ({"cf": "2"}, "a number of the plan is none"),
        ({"attempt": 2}, "do not count the attempts"),
    ],
)
def test_a_plan_that_cannot_be_is_told(export, change, reason):
    """Even with a hash that agrees."""
    replan(export, **change)
    assert reason in told(before.plan, export)


@pytest.mark.parametrize(
    ("place", "day", "reason"),
    [
        ("blind", 1, "before the seed was drawn"),
        ("second", 1, "before the seed was drawn"),
        ("blind", 9, "after the audit was closed"),
    ],
)
def test_answers_are_between_seed_and_closing(export, place, day, reason):
    """Blind ones and second looks alike."""

    def change(evidence):
        row = next(row for row in evidence["rows"] if row[place])
        row[place][0]["at"] = certified.TIME.format(day)

    edit(export, change)
    assert reason in told(before.times, export)


def test_an_order_that_does_not_follow_its_scores_is_told(export):
    """Though its hash was written: ties go by id, and no rank is left out."""
    edit_frozen(export, lambda rows: certified.swapped(rows, 20, 21))
    replan(export, order_hash=record.order_hash(record.read(export).order))
    assert told(before.order, export) == "the order does not follow the scores"
    edit_frozen(export, lambda rows: [row for row in rows if row.rank != 7])
    assert "ranks are missing" in told(before.order, export)


def test_rows_of_the_order_are_of_the_pool(export):
    """A test image cannot be released, whatever was hashed."""
    edit_frozen(export, lambda rows: [replace(r, split="test") if r.rank == 5 else r for r in rows])
    replan(export, splits_hash=record.splits_hash(record.read(export).frozen))
    assert "a row of the order is not of the pool" in told(before.splits, export)


def test_an_audited_row_stands_where_the_order_has_it(export):
    """Another image in its place is told, and so is NumPy's version where the draw is another."""
    edit(export, lambda evidence: evidence["rows"][0].update(id="0" * 64))
    assert "does not stand where the order has it" in told(before.draw, export)
    edit(export, lambda evidence: evidence.update(seed="3", numpy="1.26.0"))
    assert "by NumPy 1.26.0 then" in told(before.draw, export)


def test_a_certificate_of_a_class_has_rows_of_that_class_alone(export):
    """Whatever was hashed: one of another class would be counted among them."""
    replan(export, **{"class": "cat"})
    others = sum(row.pseudo != "cat" for row in record.read(export).order)
    assert told(before.pseudo_labels, export) == (
        f"{others:,} pseudo-labels of the order are not of the certificate's class 'cat'"
    )


RETRY = {"spent": ("0.04", "0.01"), "declared": ("0.04", "0.01")}


@pytest.mark.parametrize(
    ("options", "change", "reason"),
    [
        (RETRY, {"turn": 1}, "not the one that was declared for it"),
        (RETRY, {"turn": 3}, "not the one that was declared for it"),
        (RETRY, {"declared": ["0.01", "0.01"]}, "not declared before the first attempt"),
        ({"spent": ("0.05", "0.01")}, RETRY | {"turn": 2}, "not those of the earlier attempts"),
        ({"spent": ("0.04", "0.01")}, RETRY | {"turn": 2}, "not declared before the first"),
        ({"spent": ("0.05", "0.05")}, {"earlier": []}, "not those whose hashes the plan has"),
    ],
)
def test_a_retry_is_one_that_was_declared_before_the_first_attempt(
    tmp_path, options, change, reason
):
    """Whoever was told the hash of the first plan knows what was declared with it."""
    folder = certified.make(tmp_path / "export", **options)
    assert told(before.attempts, folder) == ""
    replan(folder, **{key: list(v) if isinstance(v, tuple) else v for key, v in change.items()})
    assert reason in told(before.attempts, folder)


def test_a_retry_is_used_once(tmp_path):
    """The same turn twice would be a second chance at its level."""
    folder = certified.make(tmp_path / "export", **RETRY)

    def change(evidence):
        again = evidence["plan"] | {"spent": ["0.04", "0.01"]}
        evidence["earlier"] = [*evidence["earlier"], again]
        evidence["plan"].update(
            spent=["0.04", "0.01", "0.01"], attempt=3,
            earlier=[record.plan_hash(each) for each in evidence["earlier"]],
        )  # fmt: skip

    edit(folder, change)
    assert "was used already" in told(before.attempts, folder)


def test_a_plan_that_does_not_name_earlier_attempts_cannot_be_checked_for_them(export):
    """As older programs wrote it: the step is open, and no other is lost."""

    def change(evidence):
        for name in ("earlier", "declared", "turn"):
            evidence["plan"].pop(name)
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(export, change)
    assert set(certified.failed(export)) == {"attempts"}
    with pytest.raises(record.NotChecked, match="does not name the attempts before it"):
        told(before.attempts, export)
