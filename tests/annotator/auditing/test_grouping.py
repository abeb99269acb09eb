"""An average group: planned, drawn, proved, exported and verified, and each change is caught."""

import csv
import secrets
import shutil
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from annotator.auditing import closing
from annotator.auditing.telling import certificate
from annotator.errors import AnnotatorError, RoundError
from annotator.export.proof import record
from annotator.export.proof.verify import verify
from annotator.model.auditing import words
from annotator.model.auditing.audits import Said
from annotator.model.auditing.plans import GROUP, Terms
from ssl_core.measure.certificate import drawn_of_groups
from ssl_core.measure.certificate.sizes import size_in_pool
from tests.annotator import audits
from tests.annotator.export.proof.certified import edit, failed, replan, the_seed

TERMS = Terms("0.9", "0.9", by=GROUP)
DRAWS = 70
SEED = 2**100 + 7


def most(draws, epsilon, level):
    """How many may be wrong, by the definition: the largest whose tail is small enough."""
    tail, found = Fraction(0), -1
    for x in range(draws + 1):
        tail += comb(draws, x) * epsilon**x * (1 - epsilon) ** (draws - x)
        found = x if tail <= level else found
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Patients of one to five images; an audit by group, answered by the truth, and its export."""
    root = tmp_path_factory.mktemp("grouping")
    service = audits.ready(root / "work", 120)
    refused = {}
    with pytest.raises(AnnotatorError) as why:
        service.certify.outlook(TERMS)
    refused["no groups"], had = str(why.value), service.certify.groups()
    service.store.db.run(
        "UPDATE image SET in_group = 'patient ' || (id * id / 300) WHERE id % 7 > 0"
    )
    ahead = service.certify.outlook(TERMS)
    for terms, labels in (
        (replace(TERMS, strict=True), DRAWS),
        (replace(TERMS, by="scanner"), DRAWS),
        (replace(TERMS, each=("dark", "light")), DRAWS),
        (TERMS, 21),
        (TERMS, 10_001),
    ):
        with pytest.raises(AnnotatorError) as why:
            service.certify.begin(labels, terms)
        refused[str(why.value)] = labels
    with patch.object(secrets, "randbits", lambda _: SEED):
        audit = service.certify.begin(DRAWS, TERMS)
    rows, began = service.store.audits.rows(1), service.certify.status()
    audits.answer(service)
    closed = service.certify.close()
    with pytest.raises(RoundError) as why:
        service.certify.beyond(20)
    refused["beyond"] = str(why.value)
    report = service.export(root / "export", certified=True)
    names = {
        row["sha256"]: row["in_group"] or row["sha256"]
        for row in service.store.db.rows("SELECT sha256, in_group FROM image")
    }
    found = SimpleNamespace(
        ahead=ahead,
        refused=refused,
        had=had,
        has=service.certify.groups(),
        audit=audit,
        rows=rows,
        began=began,
        closed=closed,
        notes=report.notes,
        names=names,
        order=list(service.store.orders.rows(1)),
        classes={each.id: each.name for each in service.classes()},
        again=service.certify.outlook(TERMS),
        folder=root / "export",
    )
    service.close()
    return found


@pytest.fixture
def export(made, tmp_path):
    """A copy that may be changed."""
    return Path(shutil.copytree(made.folder, tmp_path / "export"))


def test_it_is_told_before_what_it_takes_and_what_it_is_about(made):
    """The least is that of independent draws, and beside it what all images alike would take.

    Where that is chosen, it says that groups can be had.
    """
    told = " ".join(words.ahead(made.ahead)).replace("\N{NO-BREAK SPACE}", " ")
    assert made.ahead.least == next(
        n for n in range(1, 99) if Fraction("0.9") ** n <= Fraction("0.1")
    )
    assert made.ahead.alike == size_in_pool(made.ahead.rows, 0, "0.1", "0.1") < made.ahead.least
    assert (
        "Of an average group's released pseudo-labels, such as a patient's, at least 90 %" in told
    )
    assert "22 draws at least, where all images alike take" in told
    assert "says nothing about an average patient" not in told
    assert all(0 < each.coverage <= each.chance <= 1 for each in made.ahead.offers)
    usual = " ".join(words.ahead(replace(made.ahead, terms=replace(TERMS, by=""))))
    assert "`--by group`" in usual
    page = " ".join(words.ahead(replace(made.ahead, terms=replace(TERMS, by="")), "the box"))
    assert ("(the box)" in page, "--by" in page) == (True, False)
    assert "is about groups on the mean" not in usual


def test_what_cannot_be_promised_of_an_average_group_is_refused_with_the_way_out(made):
    """Nothing is begun; each names what to leave out."""
    assert (made.had, made.has) == (False, True)
    assert "leave `--by` out. Groups, such as patients, come with an import" in str(made.refused)
    assert made.refused["beyond"].startswith("Audit 1 was by group, and from such a one nothing")
    for part in ("leave `--strict` out", "No way to count named 'scanner'", "(`--class`)"):
        assert part in " ".join(made.refused)
    for draws in ("21 draws", "10,001 draws"):
        assert any(each.startswith(f"{draws} of a group can certify") for each in made.refused)


def test_groups_are_numbered_as_they_appear_and_an_image_that_is_drawn_twice_is_asked_once(made):
    """No name of a patient is in the plan; what the seed drew is what is asked."""
    plan = made.audit.plan
    numbers = {}
    names = [made.names[each.sha256] for each in made.order[: plan["M"]]]
    assert plan["groups"] == [numbers.setdefault(each, len(numbers)) for each in names]
    assert max(Counter(plan["groups"]).values()) > 2
    assert "patient" not in str(plan)
    asked = [each.rank for each in made.rows]
    assert len(asked) == len({*asked}) == made.began.labels < plan["m"] == DRAWS
    assert (made.began.terms.by, made.began.hopeless) == (GROUP, False)
    assert "the images of 70 draws of a group, drawn from the" in words.begun(made.audit)


def test_it_is_one_sentence_about_the_mean_over_groups_and_verifies(made):
    """All steps; no B, C or curve, and nothing goes on from it. A second one is another attempt."""
    assert [(step.name, step.told) for step in verify(made.folder) if not step.holds] == []
    found, plan = record.read(made.folder).evidence, made.audit.plan
    assert found["version"] == record.BY_GROUP
    assert found["claims"] == {"average": "0.9", "false_at_most": "1/10"}
    assert found["average"] == {
        "groups": len({*plan["groups"]}),
        "cut": most(DRAWS, Fraction("0.1"), Fraction("0.1")),
        "wrong": 0,
    }
    assert (made.closed.released, made.closed.audited) == (plan["M"], len(made.rows))
    [told] = made.closed.sentences
    assert "those of an average group are right to at least 90" in told
    assert f"70 draws of a group came to {len(made.rows)} images: 0 of" in made.closed.looks[0]
    assert {told, *made.closed.looks} <= {*made.notes}
    assert (made.closed.curve, made.closed.extendable) == ((), False)
    assert made.again.attempt == 2
    with (made.folder / "labels.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    human = {line["sha256"] for line in lines if line["source"] != "pseudo"}
    pseudo = {line["sha256"] for line in lines} - human
    assert pseudo == {each.sha256 for each in made.order[: plan["M"]]} - human


def closed_with(made, wrong):
    """The audit once more, with these of its rows answered otherwise."""
    at, other = made.audit.drawn + 1, {1: 2, 2: 1}
    rows = [
        replace(
            each,
            blind=(Said("al", other[each.class_id] if each.rank in wrong else each.class_id, at),),
        )
        for each in made.rows
    ]
    found = closing.evidence(made.audit, rows, made.classes, at)
    return found, certificate(replace(made.audit, evidence=found)), rows


def test_a_wrong_image_counts_as_often_as_it_was_drawn(made):
    """Up to the cut all is released, and nothing beyond; then nothing can be anymore."""
    plan = made.audit.plan
    drawn = Counter(drawn_of_groups(SEED, plan["groups"], DRAWS))
    may = most(DRAWS, Fraction("0.1"), Fraction("0.1"))
    assert max(drawn.values()) > 1
    wrong, draws = [], 0
    for rank, times in drawn.most_common():
        if draws + times <= may:
            wrong, draws = [*wrong, rank], draws + times
    assert draws == may > len(wrong)
    found, told, rows = closed_with(made, wrong)
    assert (found["k"], found["x"], found["average"]["wrong"]) == (plan["M"], len(wrong), may)
    assert not closing.is_hopeless(made.audit, rows)
    extra = next(rank for rank in drawn if rank not in wrong)
    found, told, rows = closed_with(made, [*wrong, extra])
    assert (found["k"], found["claims"], told.sentences) == (0, None, ())
    assert closing.is_hopeless(made.audit, rows)
    assert told.told.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Nothing is certified at 90 % of an average group: {may + drawn[extra]} of 70 draws came "
        f"to a wrong one, where {may} may."
    )
    assert told.advice


def a_group(folder):
    """One row is said to be of another patient, and the hash of the plan along."""
    groups = list(record.read(folder).plan["groups"])
    at = max(place for place, each in enumerate(groups) if groups.count(each) > 1)
    groups[at] = groups[0] if groups[at] else groups[1]
    replan(folder, groups=groups)


def a_group_left_out(folder):
    replan(folder, groups=record.read(folder).plan["groups"][:-1])


def all_images_alike(folder):
    """Each a group by itself."""
    replan(folder, groups=list(range(record.read(folder).plan["M"])))


def another_cut(folder):
    edit(folder, lambda e: e["average"].update(cut=e["average"]["cut"] + 1))


def more_claimed(folder):
    edit(folder, lambda e: e["claims"].update(average="0.95"))


def a_claim_about_all_images(folder):
    edit(folder, lambda e: e["claims"].update(proposed="0.9"))


def more_draws(folder):
    replan(folder, m=2 * DRAWS)


def an_image_left_out(folder):
    edit(folder, lambda e: e["rows"].pop())


def gone_on_from_it(folder):
    replan(folder, extends="0" * 64)


def another_way(folder):
    replan(folder, by="scanner")


TAMPERED = {
    a_group: ("draw", "the seed does not draw the audited rows"),
    a_group_left_out: ("plan", "groups are not those of the rows"),
    all_images_alike: ("draw", "the seed does not draw the audited rows"),
    another_cut: ("gates", "the groups and their draws come to"),
    more_claimed: ("claims", "not the target alone"),
    a_claim_about_all_images: ("claims", "not the target alone"),
    more_draws: ("draw", "the seed does not draw the audited rows"),
    an_image_left_out: ("draw", "the seed does not draw the audited rows"),
    gone_on_from_it: ("plan", "nothing is gone on from"),
    another_way: ("plan", "counts in a way that is not known"),
    the_seed: ("draw", "the seed does not draw the audited rows"),
}


@pytest.mark.parametrize("change", TAMPERED, ids=lambda change: change.__name__)
def test_a_change_is_caught_with_its_reason(export, change):
    """By the step that it belongs to."""
    change(export)
    step, reason = TAMPERED[change]
    assert reason in failed(export)[step].lower()
