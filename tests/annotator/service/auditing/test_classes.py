"""Several classes in one audit: planned before, asked mixed, promised and exported together."""

import csv
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from annotator.auditing.several import telling as several
from annotator.auditing.several.parts import Part
from annotator.errors import AnnotatorError, ExportError, RoundError
from annotator.model.auditing import words
from annotator.model.auditing.plans import Terms
from annotator.model.auditing.results import ClassPart
from ssl_core.measure.certificate.sizes import size_in_pool
from ssl_core.measure.certificate.subsets import Planned
from tests.annotator import audits, invented, small

TERMS = Terms(target="0.8", confidence="0.8", each=small.KINDS)
LABELS = 70  # at most: each class may then have one or two wrong


@pytest.fixture
def service(tmp_path):
    found = audits.ready(tmp_path / "work", 210, kinds=small.KINDS)
    yield found
    found.close()


def test_every_class_is_told_what_it_takes_before_anything_is_asked(service):
    """Labels, coverage and chance of each; the least is that of its part of the chance."""
    ahead = service.certify.outlook(TERMS)
    rows = Counter(each.class_id for each in service.store.results.pseudo_labels(1, 0.0))
    names = {each.id: each.name for each in service.classes()}
    part = Fraction("0.2") / 3
    least = {names[c]: size_in_pool(n, 0, TERMS.epsilon, part) for c, n in rows.items()}
    assert ahead.least == sum(least.values())
    first = ahead.offers[0]
    assert {each.of: each.labels for each in first.parts} == least
    assert first.labels == ahead.least
    assert first.chance == min(each.chance for each in first.parts)
    told = " ".join(words.ahead(ahead)).replace("\N{NO-BREAK SPACE}", " ")
    assert "of each of 3 classes at least 80 % are right" in told
    assert "Each of 3 classes has its own draw" in told
    assert "begins with a chance to be false of 6.7 %" in told
    assert len(words.by_class(first)) == 3
    assert service.store.audits.all() == []


def test_all_classes_are_asked_mixed_and_released_in_one_export_that_verifies(service, tmp_path):
    """Each class has the first of its own order; the statement of each holds with all others."""
    audit = service.certify.begin(LABELS, TERMS)
    rows = service.store.audits.rows(audit.number)
    assert len(rows) == audit.plan["m"] == sum(each["m"] for each in audit.plan["parts"])
    drawn = Counter(each.class_id for each in rows)
    assert sorted(drawn.values()) == sorted(each["m"] for each in audit.plan["parts"])
    assert sum(one.class_id != other.class_id for one, other in pairwise(rows)) > len(rows) / 4
    audits.answer(service)
    found = service.certify.close()
    assert [each.name for each in found.classes] == list(small.KINDS)
    assert found.released == sum(each.released for each in found.classes) > 0
    assert found.sentences[-1].replace("\N{NO-BREAK SPACE}", " ") == (
        "All of these hold at once: the chance that any of them is false, of whatever class, is at "
        "most 20 %."
    )
    report = service.export(tmp_path / "out", certified=True)
    assert set(found.sentences) <= set(report.notes)
    told = service.verify(tmp_path / "out")
    assert [(each.name, each.told) for each in told if not each.holds] == []
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    pseudo = {line["sha256"]: line["label"] for line in lines if line["source"] == "pseudo"}
    names = {each.id: each.name for each in service.classes()}
    human = {line["sha256"] for line in lines if line["source"] != "pseudo"}
    released = list(service.certify.released())
    assert Counter(names[each.class_id] for each in released) == {
        each.name: each.released for each in found.classes
    }
    assert pseudo == {
        each.sha256: names[each.class_id] for each in released if each.sha256 not in human
    }


def test_a_class_that_fails_takes_nothing_from_the_others(tmp_path):
    """It is named with why; what the others release is exported and verifies."""

    def says(image):
        name, sure = invented.truly(image)
        wrong = name == "dark" and image.id % 4 == 1  # and sure of it: whatever is drawn, it fails
        return ("striped", 1 - image.id / 10_000) if wrong else (name, sure / 2)

    service = audits.ready(tmp_path / "work", 240, says, kinds=small.KINDS)
    service.certify.begin(LABELS, TERMS)
    audits.answer(service)
    found = service.certify.close()
    of = {each.name: each for each in found.classes}
    assert of["striped"].released == 0
    assert "Nothing of 'striped' is certified" in of["striped"].told
    assert of["striped"].told in found.looks
    assert of["dark"].released
    assert of["light"].released
    assert "in each of 2 of 3 classes" in found.told
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))
    service.close()


def test_the_audit_is_hopeless_only_when_every_class_is(service):
    """As long as one can be released, its part may go to the others."""
    service.certify.begin(LABELS, TERMS)
    rows = service.store.audits.rows(1)
    one = rows[0].class_id
    audits.answer(service, kinds={each.image_id: "skip" for each in rows if each.class_id == one})
    assert not service.certify.status().hopeless
    service.certify.cancel()
    service.certify.begin(LABELS, TERMS)
    rows = service.store.audits.rows(2)
    audits.answer(service, kinds={each.image_id: "skip" for each in rows}, client="other")
    assert service.certify.status().hopeless
    assert service.certify.close().told.startswith("Nothing is certified at 80")
    with pytest.raises(ExportError, match="Nothing is certified"):
        service.export("out", certified=True)


def test_what_cannot_be_promised_of_these_classes_is_refused_by_name(service):
    """Nothing is begun; each with its way out."""
    for each, why in {
        ("dark", "gray"): "No class named 'gray'",
        ("dark", "light", "dark"): "The class 'dark' is named twice",
    }.items():
        with pytest.raises(AnnotatorError, match=why):
            service.certify.begin(100, replace(TERMS, each=each))
    with pytest.raises(AnnotatorError, match=r"10 labels are too few for 3 classes .*'dark' \d+"):
        service.certify.begin(10, TERMS)
    assert service.store.audits.all() == []


def test_classes_without_pseudo_labels_are_left_out_and_named(tmp_path):
    """Also in the plan, so that the others share the chance; one alone is no several."""

    def says(image):
        name, sure = invented.truly(image)
        return ("light" if name == "striped" else name), sure

    service = audits.ready(tmp_path / "work", 150, says, kinds=small.KINDS)
    ahead = service.certify.outlook(TERMS)
    assert (ahead.terms.each, ahead.left_out) == (("dark", "light"), ("striped",))
    assert "left out: striped" in " ".join(words.ahead(ahead))
    plan = service.certify.begin(ahead.offers[0].labels, TERMS).plan
    assert [each["class"] for each in plan["parts"]] == ["dark", "light"]
    service.certify.cancel()
    with pytest.raises(AnnotatorError, match="Of 2 classes only 'dark' has guesses"):
        service.certify.outlook(replace(TERMS, each=("dark", "striped")))
    service.close()


def test_retries_are_declared_for_all_classes_and_nothing_goes_on_from_several(service, tmp_path):
    """The second attempt is the next that was declared, and verifies; strict holds as well."""
    terms = replace(TERMS, retries=1, strict=True)
    first = service.certify.begin(LABELS, terms)
    assert first.plan["declared"] == ["4/25", "1/25"]
    service.certify.cancel()
    second = service.certify.begin(LABELS, terms)
    assert (second.plan["turn"], second.plan["spent"]) == (2, ["4/25", "1/25"])
    audits.answer(service)
    found = service.certify.close()
    assert "Attempt 2; the chance that anything certified in any of the 2" in found.sentences[-1]
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))
    assert not found.extendable
    with pytest.raises(RoundError, match=r"was of several classes.* alone \(`--class`\)"):
        service.certify.beyond(20)


def test_of_a_class_that_is_done_it_says_that_what_is_left_takes_another_attempt():
    """Nothing is said of a class that was drawn from as a whole, or not released as a whole."""

    def left(among, released):
        part = Part("dark", 0, 50, Planned(among, 20, 0, 0))
        return several._left([part], [ClassPart("dark", 50, 20, released, 20, 0, "1/20", "", "")])

    assert "Of 1 class all that was drawn from is released, and 10 pseudo" in left(40, 40)[0]
    assert left(40, 39) == left(50, 50) == []
