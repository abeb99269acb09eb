"""An honest export passes every step; a change is caught by the step that it belongs to."""

import csv
import subprocess
import sys
from dataclasses import replace
from textwrap import dedent

import pytest

from annotator.errors import ExportError
from annotator.export.proof import record
from annotator.export.proof.verify import STEPS, verify
from tests.annotator.export.proof import certified
from tests.annotator.export.proof.certified import edit, edit_frozen, edit_lines, replan, swapped
from tests.docs.pages import ROOT


def failed(folder):
    """The steps that do not hold, with what they say."""
    return {step.name: step.told for step in verify(folder) if not step.holds}


def first(lines, source, **wanted):
    """The first exported line of that source with such values."""
    return next(
        line for line in lines
        if line["source"] == source and all(line[key] == value for key, value in wanted.items())
    )  # fmt: skip


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


def a_rank(folder):
    edit_frozen(folder, lambda rows: swapped(rows, 20, 21))


def the_seed(folder):
    edit(folder, lambda evidence: evidence.update(seed="12345"))


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


@pytest.fixture
def export(tmp_path):
    return certified.make(tmp_path / "export")


OPTIONS = [
    {},
    {"strict": True},
    {"planted": 60},
    {"known": range(3, 120, 8), "spent": ("0.05", "0.05")},
    {"known": (150, 170), "spent": ("0.04", "0.01"), "strict": True},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda each: " ".join(each) or "plain")
def test_an_honest_export_passes_every_step(tmp_path, options):
    """Made by the science, verified by other code; strict, with planted labels, once more."""
    folder = certified.make(tmp_path / "export", **options)
    steps = verify(folder)
    assert {step.name: step.told for step in steps if not step.holds} == {}
    assert [step.name for step in steps] == list(STEPS)
    assert all(step.told for step in steps)
    assert record.read(folder).evidence["k"] > 0 or "known" in options


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
        "answers": lambda f: edit(f, lambda e: e["rows"][4].update(second=[])),
        "gates": lambda f: edit(f, lambda e: e["gates"].pop()),
        "chain": lambda f: edit(f, lambda e: e.update(x=e["x"] + 0, n=e["n"] - 1)),
        "claims": lambda f: edit(f, lambda e: e["claims"].update(proposed="1")),
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
    assert {*STEPS} - {*alone} == {"known rows", "expert"}  # of attempts and experts, below


def test_what_an_expert_misses_and_what_was_known_are_checked_too(tmp_path):
    """A smaller bound than the planted labels give; a known error that is called right."""
    folder = certified.make(tmp_path / "planted", planted=60)
    edit(folder, lambda evidence: evidence["expert"].update(beta="1/100"))
    assert "not bounded" in failed(folder)["expert"]
    folder = certified.make(tmp_path / "known", known=(150, 160), spent=("0.05", "0.05"))
    known = record.read(folder).plan["known"]
    assert [each["wrong"] for each in known] == [True, False]
    replan(folder, known=[each | {"wrong": False} for each in known])
    assert "marked otherwise" in failed(folder)["known rows"]


def test_a_wrong_flag_that_was_lifted_takes_the_label_along_or_is_caught(export):
    """Also where chain, counts and claims were made to agree."""

    def change(evidence):
        for row in evidence["rows"]:
            row.update(adjudicated=row["pseudo"], wrong=False)
        evidence["x"] = 0

    edit(export, change)
    assert {"answers", "human labels"} <= {*failed(export)}


def test_a_released_row_may_have_been_labeled_by_hand_since(export):
    """It is no pseudo-label anymore; one that is just gone is missing."""

    def by_hand(lines):
        first(lines, "pseudo").update(source="human", model="")
        return lines

    edit_lines(export, by_hand)
    assert failed(export) == {}
    edit_lines(export, lambda lines: [each for each in lines if each is not first(lines, "pseudo")])
    assert "1 of the released rows are missing" in failed(export)["release"]


def test_a_failed_audit_releases_nothing(export):
    """No claim and no pseudo-label may be there."""

    def change(evidence):
        for row in evidence["rows"]:
            row.update(adjudicated=None, wrong=True, second=[], blind=[])
        evidence.update(k=0, n=0, x=0, claims=None)

    audited = {row["id"] for row in record.read(export).evidence["rows"]}
    edit(export, change)
    told = failed(export)
    assert {*told} == {"release", "human labels"}
    assert "are not among the released ones" in told["release"]
    edit_lines(
        export,
        lambda lines: [
            each for each in lines if each["source"] == "human" and each["sha256"] not in audited
        ],
    )
    assert failed(export) == {}
    edit(export, lambda evidence: evidence.update(claims={"proposed": "1"}))
    assert "something is claimed" in failed(export)["claims"]


def test_files_outside_the_export_are_not_looked_at(export):
    """A path that leads out is a problem, not a file to read."""

    def change(lines):
        lines[0]["path"] = "../outside.png"
        return lines

    (export.parent / "outside.png").write_bytes(b"")
    edit_lines(export, change)
    assert "leads out of the export" in failed(export)["images"]


def test_it_needs_python_alone_but_for_the_draw(export):
    """With no other package to be had: every step but one is checked, and that one says why."""
    code = f"""
    import sys
    class Refuse:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] not in {{*sys.stdlib_module_names, "annotator"}}:
                raise ImportError(name)
    sys.meta_path.insert(0, Refuse())
    from pathlib import Path
    from annotator.export.proof.verify import verify
    for step in verify(Path({str(export)!r})):
        print(step.name, step.holds, step.told if step.holds is None else "", sep="|")
    """
    here = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    done = subprocess.run(
        [sys.executable, "-I", "-c", here + dedent(code)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = dict(line.split("|", 1) for line in done.stdout.splitlines())
    assert found.pop("draw").startswith("None|NumPy is not installed")
    assert {*found} == {*STEPS} - {"draw"}
    assert {*found.values()} == {"True|"}


@pytest.mark.parametrize("value", [None, "x", [], {}, -1, [{}]], ids=repr)
def test_garbled_evidence_is_a_step_that_fails_and_no_crash(export, value):
    """Whatever stands in place of a field."""
    whole = (export / record.EVIDENCE).read_text()
    for field in ("plan", "rows", "expert", "gates", "k", "claims", "seed"):
        edit(export, lambda evidence, field=field: evidence.update({field: value}))
        told = failed(export)
        assert told
        assert all(each.endswith(".") for each in told.values())
        (export / record.EVIDENCE).write_text(whole)


def test_what_is_no_certified_export_says_what_to_do(export, tmp_path):
    """No evidence, no table, another version, no JSON."""
    with pytest.raises(ExportError, match="Certify first, then export with it"):
        verify(tmp_path)
    edit(export, lambda evidence: evidence.update(version=2))
    with pytest.raises(ExportError, match="not of version 1: verify it with the program"):
        verify(export)
    (export / record.EVIDENCE).write_text("{")
    with pytest.raises(ExportError, match="cannot be read"):
        verify(export)
    (export / "labels.csv").unlink()
    with pytest.raises(ExportError, match="Export again in one of these"):
        verify(export)


def test_a_table_for_a_spreadsheet_is_read_as_it_was(export):
    """Marked cells are what they were before: the label `dog, =1+1` is the same."""
    from annotator.model.cells import MARKED, marked

    path = export / "labels.csv"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*lines[0], MARKED])
        writer.writeheader()
        writer.writerows(
            {k: marked(v) for k, v in line.items()} | {MARKED: MARKED} for line in lines
        )
    assert "dog,' =1+1" in path.read_text() or "dog, '=1+1" in path.read_text()
    assert failed(export) == {}
