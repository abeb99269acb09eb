"""An honest export passes every step, and what cannot be followed is told and no crash."""

import csv
import subprocess
import sys
from textwrap import dedent

import pytest

from annotator.export.proof import record
from annotator.export.proof.verify import STEPS, verify
from tests.annotator.export.proof import certified
from tests.annotator.export.proof.certified import edit, edit_lines, failed
from tests.docs.pages import ROOT

OPTIONS = [
    {},
    {"strict": True},
    {"planted": 20},
    {"known": range(3, 120, 8), "spent": ("0.05", "0.05")},
    {"known": (150, 170), "spent": ("0.04", "0.01"), "strict": True},
    {"spent": ("0.04", "0.01"), "declared": ("0.04", "0.01")},
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


def test_a_wrong_flag_that_was_lifted_takes_the_label_along_or_is_caught(export):
    """Also where chain, counts and claims were made to agree."""

    def change(evidence):
        for row in evidence["rows"]:
            row.update(adjudicated=row["pseudo"], wrong=False)
        evidence["x"] = 0

    edit(export, change)
    assert {"answers", "human labels"} <= {*failed(export)}


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

    def nothing_released(lines):
        stays = {True: [], False: []}
        for each in lines:
            stays[each["source"] == "human" and each["sha256"] not in audited].append(each)
        for each in stays[False]:
            (export / each["path"]).unlink()
        return stays[True]

    edit_lines(export, nothing_released)
    assert failed(export) == {}
    edit(export, lambda evidence: evidence.update(claims={"proposed": "1"}))
    assert "something is claimed" in failed(export)["claims"]


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
