"""Going on beyond what was released: from the rows nobody looked at, at no chance on top."""

import csv
from dataclasses import replace

import pytest

from annotator.errors import ExportError, RoundError
from annotator.export.proof import record
from annotator.export.proof.onward import extension
from annotator.model.auditing.plans import Terms
from tests.annotator import audits, invented, small
from tests.annotator.export.proof.certified import edit, failed, replan, told

N = 240
FIRST = 110  # rows that the audit before releases
TERMS = Terms("0.9", "0.9")


def _right_at_first(image):
    """All but the last four, the least sure: no draw finds more of them than may be."""
    name, sure = invented.truly(image)
    return (audits.other(name) if image.id > N - 4 else name), sure


@pytest.fixture
def service(tmp_path, monkeypatch):
    """A certificate of the first 110, whatever the plan would have liked."""
    opened = audits.ready(tmp_path / "ws", N, _right_at_first)
    monkeypatch.setattr("annotator.auditing.planning.as_offer", _first_part)
    opened.certify.begin(60, TERMS)
    monkeypatch.undo()
    audits.answer(opened)
    assert opened.certify.close().released == opened.store.audits.last_closed().plan["M"]
    yield opened
    opened.close()


def _first_part(found):
    from annotator.model.auditing.plans import Offer

    return Offer(found.m, FIRST, 0, 3, 0.5, 0.9)


def test_it_goes_on_from_rows_that_nobody_looked_at_and_verifies(service, tmp_path):
    """The proof holds both audits; known rows count and are not drawn again."""
    first = service.store.audits.last_closed()
    assert service.certify.beyond(50).among > first.plan["M"] == FIRST
    audit = service.certify.go_on(50)
    plan = audit.plan
    assert (plan["attempt"], plan["spent"]) == (1, first.plan["spent"])
    asked = {each.rank for each in service.store.audits.rows(1)}
    known = {each["rank"] for each in plan["known"]}
    drawn = {each.rank for each in service.store.audits.rows(2)}
    assert asked <= known
    assert not known & drawn
    assert len(drawn) == 50
    audits.answer(service)
    found = service.certify.close()
    order = list(service.store.orders.rows(2))
    names = {each.id: each.name for each in service.classes()}
    wrong = {
        each.rank
        for each in order
        if names[each.class_id] != small.truth(service.image(each.image_id).name)
    }
    assert found.released > FIRST
    looked = known | drawn
    assert found.audited == sum(rank < found.released for rank in looked)
    assert found.wrong == len({rank for rank in looked & wrong if rank < found.released})
    assert "is false is at most 10" in found.sentences[0]
    service.export(tmp_path / "out", certified=True)
    assert failed(tmp_path / "out") == {}
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    human = {row["sha256"] for row in rows if row["source"] != "pseudo"}
    pseudo = {row["sha256"] for row in rows} - human
    assert pseudo == {each.sha256 for each in order[: found.released]} - human
    ahead = service.certify.outlook(TERMS)
    assert ahead.attempt == 2  # going on was none
    _tampered(tmp_path / "out")


def _tampered(folder):
    """Each change of what came before is caught by the step, with its reason."""
    whole = (folder / record.EVIDENCE).read_text()
    changes = {
        "did not release all": lambda e: e["extends"].update(k=FIRST - 1),
        "not the one whose hash": lambda e: e["extends"].update(plan_hash="0" * 64),
        "about something else (target)": lambda e: e["extends"]["plan"].update(target="0.8"),
        "is not among the known ones": lambda e: e["plan"].update(known=[]),
        "of the audit before: the seed does not draw": lambda e: e["extends"].update(seed="3"),
        "before the audit before it was closed": lambda e: e["extends"].update(
            closed_at="2099-01-01T00:00:00+00:00"
        ),
    }
    for reason, change in changes.items():
        edit(folder, change)
        assert reason in told(extension, folder)
        (folder / record.EVIDENCE).write_text(whole)
    edit(folder, lambda e: e.update(extends=None))
    assert "extension" in failed(folder)
    (folder / record.EVIDENCE).write_text(whole)
    replan(folder, extends=None)
    assert "that no audit has released" in told(extension, folder)


def test_where_it_proves_nothing_beyond_what_was_certified_stands(service, tmp_path):
    """It says so, and exports that."""
    was = service.certify.result()
    service.certify.go_on(50)
    rows = service.store.audits.rows(2)
    beyond = tuple(each.image_id for each in rows if each.rank >= FIRST)
    audits.answer(service, wrong=beyond)
    found = service.certify.close()
    assert (found.audit.number, found.released) == (1, was.released)
    assert "Audit 2 went on from it and proved nothing beyond" in found.looks[-1]
    service.export(tmp_path / "out", certified=True)
    assert failed(tmp_path / "out") == {}


def test_a_label_given_between_is_known_and_has_to_stay(service, tmp_path):
    """It counts by what it says; taken back, the proof would not hold."""
    asked = {each.image_id for each in service.store.audits.rows(1)}
    order = list(service.store.orders.rows(1))
    labeled = next(each for each in order if each.image_id not in asked)
    image = service.image(labeled.image_id)
    service.record([small.event(service, image, seq=1, client="between")], "anna")
    audit = service.certify.go_on(50)
    [known] = [each for each in audit.plan["known"] if each["rank"] == labeled.rank]
    assert not known["wrong"]
    audits.answer(service)
    assert service.certify.close().audit.number == 2
    service.export(tmp_path / "out", certified=True)
    assert failed(tmp_path / "out") == {}
    event = small.event(service, image, seq=2, client="between")
    others = [each.id for each in service.classes() if each.id != labeled.class_id]
    service.record([replace(event, class_id=others[0])], "anna")
    with pytest.raises(ExportError, match=r"'.*png' has another label than when audit 2 went on"):
        service.export(tmp_path / "again", certified=True)


def test_what_cannot_be_gone_on_from_says_why(service, tmp_path):
    """No certificate, too few labels, or too many."""
    for labels in (0, 10_000):
        with pytest.raises(RoundError, match=f"certify nothing beyond the {FIRST} pseudo-labels"):
            service.certify.go_on(labels)
    service.certify.begin(60, TERMS)
    service.certify.cancel()
    with pytest.raises(RoundError, match="the newest audit is not closed"):
        service.certify.go_on(50)
    assert len(service.store.audits.all()) == 2
