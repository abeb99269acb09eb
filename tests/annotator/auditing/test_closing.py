"""The end of an audit: what is counted of the people who answered it."""

from dataclasses import replace

from annotator.auditing.closing import evidence
from annotator.auditing.telling import certificate
from annotator.model.auditing.audits import Said
from tests.annotator import audits


def test_what_two_people_answer_blind_is_counted_with_how_often_they_differ(tmp_path):
    """One agrees and one does not: the second is wrong as long as nobody looks twice."""
    service = audits.ready(tmp_path / "ws", 120)
    audit = service.certify.begin(40, audits.TERMS)
    names = {each.id: each.name for each in service.classes()}
    by, at = ("anna", "bo"), audit.drawn + 1
    rows = [
        replace(each, blind=tuple(Said(name, each.class_id, at) for name in by[: 1 + (place < 3)]))
        for place, each in enumerate(service.store.audits.rows(1))
    ]
    other = next(each for each in names if each != rows[2].class_id)
    rows[2] = replace(rows[2], blind=(rows[2].blind[0], Said("bo", other, at)))
    found = evidence(audit, rows, names, at)
    assert (found["expert"]["repeats"], found["expert"]["differed"]) == (3, 1)
    assert [row["rank"] for row in found["rows"] if row["wrong"]] == [rows[2].rank]
    told = certificate(replace(audit, evidence=found)).looks
    assert any(
        each.startswith("Of 3 images that several people answered blind, they differ on 1")
        for each in told
    )
    service.close()
