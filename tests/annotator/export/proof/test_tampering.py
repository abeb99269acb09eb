"""Ten changes of a certified export: each is caught, by the step that it belongs to."""

from dataclasses import replace

import pytest

from annotator.export.proof import record
from annotator.export.proof.verify import STEPS
from tests.annotator.export.proof import certified
from tests.annotator.export.proof.certified import (
    a_rank,
    edit,
    edit_frozen,
    edit_lines,
    failed,
    first,
    replan,
    the_seed,
)


def a_byte_of_an_image(folder):
    path = sorted((folder / "images").iterdir())[7]
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(bytes(data))


def a_row(folder):
    def change(lines):
        first(lines, "pseudo")["label"] = "horse"
        return lines

    edit_lines(folder, change)


def a_threshold(folder):
    edit(folder, lambda evidence: evidence["plan"].update(target="0.99"))


def an_answer(folder):
    def change(evidence):
        row = next(row for row in evidence["rows"] if row["wrong"])
        row["blind"][0]["answer"] = row["pseudo"]
        row.update(adjudicated=row["pseudo"], wrong=False, second=[])

    edit(folder, change)


def an_audited_row_left_out(folder):
    def change(evidence):
        evidence["rows"] = [row for row in evidence["rows"] if not row["wrong"]]

    edit(folder, change)


def plan_after_seed(folder):
    replan(folder, planned_at=certified.TIME.format(3))


def another_model(folder):
    replan(folder, model_hash="f" * 16)


def a_row_moved_between_splits(folder):
    def change(lines):
        first(lines, "human", split="test")["split"] = "pool"
        return lines

    edit_lines(folder, change)


TAMPERED = {
    a_byte_of_an_image: ("images", "has changed"),
    a_row: ("release", "1 pseudo-labels are others than the released ones"),
    a_rank: ("order", "the order is not the one that was frozen"),
    the_seed: ("draw", "the seed does not draw the audited rows"),
    a_threshold: ("plan", "the plan is not the one whose hash was written"),
    an_answer: ("human labels", "but was answered"),
    an_audited_row_left_out: ("draw", "rows were audited, 60 were planned"),
    plan_after_seed: ("times", "the plan was written after the seed was drawn"),
    another_model: ("model", "are of another model than the plan's"),
    a_row_moved_between_splits: ("splits", "was moved from test to pool"),
}


@pytest.mark.parametrize("change", TAMPERED, ids=lambda change: change.__name__)
def test_a_change_is_caught_with_its_reason(export, change):
    """Ten changes; the step that names it is the one that it belongs to."""
    change(export)
    step, reason = TAMPERED[change]
    assert reason.lower() in failed(export)[step].lower()


def test_each_step_is_what_catches_some_change(export, tmp_path):
    """Nothing else fails where only its own facts were changed, and no step is idle."""
    audited = record.read(export).evidence["rows"][0]["id"]
    alone = {
        "plan": lambda f: edit(f, lambda e: e.update(plan_hash="0" * 64)),
        "attempts": lambda f: edit(f, lambda e: e.update(earlier=[{"spent": ["0.01"]}])),
        "times": plan_after_seed,
        "order": lambda f: edit_frozen(
            f, lambda rows: [replace(r, score="0.5") if r.rank == 199 else r for r in rows]
        ),
        "pseudo-labels": lambda f: edit_frozen(
            f, lambda rows: [replace(r, pseudo="?") if r.rank == 199 else r for r in rows]
        ),
        "splits": a_row_moved_between_splits,
        "model": another_model,
        "draw": the_seed,
        "extension": lambda f: edit(f, lambda e: e.update(extends={"k": 0})),
        "answers": lambda f: edit(f, lambda e: e["rows"][4].update(second=[])),
        "gates": lambda f: edit(f, lambda e: e["gates"].pop()),
        "chain": lambda f: edit(f, lambda e: e.update(x=e["x"] + 0, n=e["n"] - 1)),
        "claims": lambda f: edit(f, lambda e: e["claims"].update(proposed="1")),
        "sources": lambda f: edit_lines(
            f, lambda lines: [first(lines, "pseudo").update(annotator="al"), *lines][1:]
        ),
        "release": a_row,
        "human labels": lambda f: edit_lines(
            f, lambda lines: [
                line | {"label": "dog"} if line["sha256"] == audited else line for line in lines
            ]
        ),
        "images": a_byte_of_an_image,
    }  # fmt: skip
    for number, (step, change) in enumerate(alone.items()):
        folder = certified.make(tmp_path / str(number))
        change(folder)
        names = set(failed(folder))
        assert step in names
        assert names <= {step, "claims"} if step == "chain" else names == {step}
    # Of attempts and experts: below; of several classes: beside the parts of a certificate
    assert {*STEPS} - {*alone} == {"known rows", "expert", "classes"}


def test_what_an_expert_misses_and_what_was_known_are_checked_too(tmp_path):
    """A smaller bound than the planted labels give; a known error that is called right."""
    folder = certified.make(tmp_path / "planted", planted=20)
    edit(folder, lambda evidence: evidence["expert"].update(beta="1/100"))
    assert "not bounded" in failed(folder)["expert"]
    folder = certified.make(tmp_path / "known", known=(150, 160), spent=("0.05", "0.05"))
    known = record.read(folder).plan["known"]
    assert [each["wrong"] for each in known] == [True, False]
    replan(folder, known=[each | {"wrong": False} for each in known])
    assert "marked otherwise" in failed(folder)["known rows"]
