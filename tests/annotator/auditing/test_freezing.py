"""What is frozen: the pseudo-labels of all classes, or of one."""

import csv
from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError
from tests.annotator import audits, small


@pytest.fixture
def service(tmp_path):
    found = audits.ready(tmp_path / "work")
    yield found
    found.close()


def test_a_class_has_a_certificate_of_its_own(service, tmp_path):
    """Only its pseudo-labels are ordered, asked about and released; each class adds its chance."""
    terms = replace(audits.TERMS, of="dark")
    names = {each.id: each.name for each in service.classes()}
    with pytest.raises(AnnotatorError, match=r"No class named 'drak'\. Did you mean 'dark'"):
        service.certify.outlook(replace(terms, of="drak"))
    everything = service.certify.outlook(audits.TERMS).rows
    dark = service.certify.outlook(terms).rows
    light = service.certify.outlook(replace(terms, of="light")).rows
    assert dark + light == everything
    audit = service.certify.begin(30, terms)
    order = list(service.store.orders.rows(audit.number))
    assert len(order) == dark
    assert {names[each.class_id] for each in order} == {"dark"}
    audits.answer(service)
    found = service.certify.close()
    assert found.terms.of == "dark"
    assert found.told.startswith(f"{found.released:,} of {dark:,} guesses 'dark' are")
    report = service.export(tmp_path / "out", certified=True)
    assert any("of other classes are left out" in each for each in report.notes)
    assert all(each.holds for each in service.verify(tmp_path / "out"))
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    human = {row["sha256"] for row in rows if row["source"] != "pseudo"}
    pseudo = {row["sha256"] for row in rows} - human
    assert pseudo == {each.sha256 for each in order[: found.released]} - human
    ahead = service.certify.outlook(replace(terms, of="light"))
    assert (ahead.attempt, ahead.false_at_most) == (2, 2 * audits.TERMS.delta)


def test_the_plan_of_a_class_knows_what_blind_answers_say_of_that_class(service):
    """Of the others' rows it learns nothing."""
    service.store.queue.db.run("UPDATE queue SET until = 0, reason = 'chosen at random'")
    small.answer(service, 20, client="since")
    every = service.certify.outlook(audits.TERMS).pilot
    parts = [
        service.certify.outlook(replace(audits.TERMS, of=each)).pilot for each in small.KINDS[:2]
    ]
    assert sum(parts) == every
    assert all(parts)
