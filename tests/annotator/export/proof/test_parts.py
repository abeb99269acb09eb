"""A certificate of several classes: it holds as it is, and each change of it is caught."""

import shutil
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from annotator.export.proof import record
from annotator.export.proof.parts import held, parts
from annotator.export.proof.verify import verify
from tests.annotator.export.proof import several
from tests.annotator.export.proof.certified import (
    a_rank,
    edit,
    edit_lines,
    failed,
    first,
    replan,
    the_seed,
)
from tests.ssl_core.measure.certificate import slowly


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return several.make(tmp_path_factory.mktemp("several"))


@pytest.fixture
def export(made, tmp_path):
    """A copy that may be changed."""
    return Path(shutil.copytree(made, tmp_path / "export"))


def test_it_holds_and_every_class_has_its_own_part(made):
    """All steps; the parts lie behind each other and are what is released."""
    assert [(step.name, step.told) for step in verify(made) if not step.holds] == []
    found = record.read(made)
    assert found.evidence["version"] == record.SEVERAL
    told = parts(found)
    assert [part.name for part in told] == ["dark", "light", "striped"]
    assert [part.start for part in told[1:]] == [part.end for part in told[:-1]]
    assert told[-1].end == len(found.order)
    assert sum(part.found["k"] for part in told) == found.evidence["k"] > 0
    asked = [row["pseudo"] for row in found.evidence["rows"]]
    runs = sum(one != other for one, other in pairwise(asked))
    assert runs > 10  # mixed, not class by class


def test_levels_and_releases_are_those_of_the_rule_by_its_definitions(made):
    """Set by set, and Holm's steps one by one."""
    found = record.read(made)
    epsilon, delta = Fraction("0.2"), Fraction("0.2")
    errors = [row["rank"] for row in found.evidence["rows"] if row["wrong"]]
    left = {part.name: part for part in parts(found)}
    least = delta / len(left)
    told = {}
    while left:
        level = delta / len(left)
        for name, part in left.items():
            plan = part.planned
            at = slowly.gates(plan["M"], plan["m"], epsilon, least)
            starts = at[min(plan["c0"], len(at) - 1) : min(plan["cf"], len(at) - 1) + 1]
            k = 0
            for end in [*starts, *range(starts[-1] + 1, plan["M"] + 1)]:
                wrong = sum(rank < end for rank in part.own(errors))
                if wrong > slowly.limit(end, plan["M"], plan["m"], epsilon, level):
                    break
                k = end
            told[name] = (level, k)
        done = {name for name, part in left.items() if told[name][1] == part.planned["M"]}
        left = {name: part for name, part in left.items() if name not in done} if done else {}
    assert {part.name: (level, k) for part, level, _, k in held(found)} == told
    assert {part.name: part.found["k"] for part in parts(found)} == {
        name: k for name, (_, k) in told.items()
    }


def in_another_order(folder):
    """Plan and claims alike, and with a new hash: the order of the rows tells."""

    def change(evidence):
        for where in (evidence, evidence["plan"]):
            where["parts"] = where["parts"][::-1]
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(folder, change)


def claimed_in_another_order(folder):
    edit(folder, lambda evidence: evidence.update(parts=evidence["parts"][::-1]))


def a_class_left_out_of_the_claims(folder):
    edit(folder, lambda evidence: evidence["parts"].pop())


def a_class_left_out_of_the_plan_as_well(folder):
    """So that the others would begin with more of the chance."""

    def change(evidence):
        for where in (evidence, evidence["plan"]):
            where["parts"].pop()
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(folder, change)


def a_share_of_the_chance(folder):
    edit(folder, lambda evidence: evidence["parts"][0].update(level="0.19"))


def the_chance_of_all(folder):
    """A level that was not declared."""
    replan(folder, spent=["0.4"])


def a_class_there_twice(folder):
    def change(evidence):
        evidence["plan"]["parts"][1]["class"] = evidence["plan"]["parts"][0]["class"]
        evidence["parts"][1]["class"] = evidence["parts"][0]["class"]
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(folder, change)


def labels_moved_from_one_class_to_another(folder):
    def change(evidence):
        one, other = evidence["plan"]["parts"][:2]
        one["m"], other["m"] = one["m"] + 1, other["m"] - 1
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(folder, change)


def more_released_of_one_class(folder):
    def change(evidence):
        evidence["parts"][1]["k"] -= 1
        evidence["k"] -= 1

    edit(folder, change)


def the_sum_alone(folder):
    edit(folder, lambda evidence: evidence.update(n=evidence["n"] + 1))


def the_order_of_asking(folder):
    edit(folder, lambda evidence: evidence["rows"].sort(key=lambda row: row["rank"]))


def a_gate(folder):
    edit(folder, lambda evidence: evidence["parts"][2]["gates"].pop())


def a_claim(folder):
    edit(folder, lambda evidence: evidence["parts"][2]["claims"].update(proposed="1"))


def a_pseudo_label_of_another_class(folder):
    def change(lines):
        line = first(lines, "pseudo")
        line["label"] = "light" if line["label"] != "light" else "dark"
        return lines

    edit_lines(folder, change)


TAMPERED = {
    in_another_order: ("pseudo-labels", "not of the certificate's class"),
    claimed_in_another_order: ("classes", "and are claimed as 'striped', 'light', 'dark'"),
    a_class_left_out_of_the_claims: ("classes", "are claimed as 'dark', 'light'"),
    a_class_left_out_of_the_plan_as_well: ("plan", "are not those of its classes together"),
    a_share_of_the_chance: ("classes", "the class 'dark' is tested at"),
    the_chance_of_all: ("attempts", "not the one that was declared"),
    a_class_there_twice: ("plan", "a class is there twice"),
    labels_moved_from_one_class_to_another: ("draw", "does not draw the audited rows"),
    more_released_of_one_class: ("chain", "rows of 'light', not"),
    the_sum_alone: ("chain", "the counts of all classes together are others"),
    the_seed: ("draw", "the seed does not draw the audited rows"),
    the_order_of_asking: ("draw", "the seed does not draw the audited rows"),
    a_gate: ("gates", "the gates of 'striped' are others"),
    a_claim: ("claims", "the share 'proposed' of 'striped' is"),
    a_rank: ("order", "the order is not the one that was frozen"),
    a_pseudo_label_of_another_class: ("release", "1 pseudo-labels are others"),
}


@pytest.mark.parametrize("change", TAMPERED, ids=lambda change: change.__name__)
def test_a_change_is_caught_with_its_reason(export, change):
    """By the step that it belongs to."""
    change(export)
    step, reason = TAMPERED[change]
    assert reason.lower() in failed(export)[step].lower()


def test_a_class_that_was_taken_out_of_all_of_it_is_still_missing_from_the_hashes(export):
    """Plan, claims, sums, rows and order agree with each other: the order's hash tells."""

    def change(evidence):
        gone = evidence["plan"]["parts"].pop()
        evidence["parts"].pop()
        for name in ("population", "M", "m"):
            evidence["plan"][name] -= gone[name]
        keep = evidence["plan"]["population"]
        evidence["rows"] = [row for row in evidence["rows"] if row["rank"] < keep]
        evidence["plan_hash"] = record.plan_hash(evidence["plan"])

    edit(export, change)
    told = failed(export)
    assert {"order", "draw"} <= {*told}
