"""An audit from its outlook to a certified export that proves itself."""

import csv
from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError, ExportError, NotAllowedError, RoundError
from annotator.model import Person, SoughtGuesses
from annotator.model.auditing.plans import Terms
from tests.annotator import audits, invented, small


@pytest.fixture
def service(tmp_path):
    found = audits.ready(tmp_path / "work")
    yield found
    found.close()


def test_what_is_released_is_exported_and_verifies(service, tmp_path):
    """Every step holds, and the pseudo-labels are the first of the order that nobody audited."""
    audit = service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    found = service.certify.close()
    assert (found.released, found.all_wrong) == (audit.plan["M"], 0)
    assert len(found.sentences) == 3
    report = service.export(tmp_path / "out", certified=True)
    steps = service.verify(tmp_path / "out")
    assert [(each.name, each.told) for each in steps if not each.holds] == []
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    pseudo = {row["sha256"] for row in rows if row["source"] == "pseudo"}
    order = list(service.store.orders.rows(audit.number))
    audited = {each.sha256 for each in service.store.audits.rows(audit.number)}
    human = {row["sha256"] for row in rows if row["source"] != "pseudo"}
    assert pseudo == {each.sha256 for each in order[: found.released]} - audited - human
    assert audited <= human
    assert set(found.sentences) <= set(report.notes)
    assert all(row["label"] == small.truth(row["name"]) for row in rows)


def test_a_model_that_errs_and_an_expert_who_skips_end_in_a_proof_or_in_a_refusal(tmp_path):
    """Also in strict: whatever the draw is, an export verifies where there is one."""
    terms = Terms(target="0.8", confidence="0.9", strict=True)
    service = audits.ready(tmp_path / "errs", 200, _seldom_wrong)
    service.certify.begin(60, terms)
    skipped = {each.image_id: "skip" for each in service.store.audits.rows(1)[::20]}
    asked = audits.answer(service, kinds=skipped)
    assert len(asked) >= 60
    found = service.certify.close()
    rows = service.store.audits.rows(1)
    names = {each.id: each.name for each in service.classes()}
    images = service.store.images.many(each.image_id for each in rows)
    wrong = [
        each
        for each in rows
        if each.image_id in skipped
        or names[each.class_id] != small.truth(images[each.image_id].name)
    ]
    assert found.all_wrong == len(wrong) >= len(skipped) == 3
    if found.released:
        service.export(tmp_path / "out", certified=True)
        assert all(each.holds for each in service.verify(tmp_path / "out"))
    else:
        with pytest.raises(ExportError, match="Nothing is certified"):
            service.export(tmp_path / "out", certified=True)
    service.close()


def _seldom_wrong(image):
    """Each fifteenth is taken for the other kind; the first are the surest."""
    name, sure = invented.truly(image)
    return (audits.other(name) if image.id % 15 == 0 else name), sure


def test_what_has_changed_since_stops_a_certified_export(service, tmp_path):
    """Another label on an audited image, or another name of a class; each with its way back."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    row = service.store.audits.rows(1)[0]
    others = [each.id for each in service.classes() if each.id != row.class_id]
    done = service.answer_anew([row.image_id], others[0])
    with pytest.raises(ExportError, match=r"another label now than the audit's: '.*png'"):
        service.export(tmp_path / "out", certified=True)
    service.take_back(done.name)
    service.rename_class(row.class_id, "renamed")
    with pytest.raises(ExportError, match="was renamed, merged or removed since audit 1"):
        service.export(tmp_path / "out", certified=True)
    was = small.truth(service.store.images.get(row.image_id).name)
    service.rename_class(row.class_id, was)
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))


def test_a_label_given_after_the_audit_is_no_pseudo_label_and_verifies(service, tmp_path):
    """It is a human one in the export."""
    audit = service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    audited = {each.image_id for each in service.store.audits.rows(1)}
    later = next(
        each
        for each in list(service.store.orders.rows(audit.number))
        if each.image_id not in audited
    )
    image = service.store.images.get(later.image_id)
    service.record([small.event(service, image, seq=1, client="later")], "anna")
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))


def test_no_guess_about_the_images_of_an_open_audit_is_reviewed(service):
    """They are answered blind; once it has ended, what nobody answered is there again."""
    sought = SoughtGuesses()
    before = {each.image.id for each in service.guesses(sought, limit=200)}
    service.certify.begin(40, audits.TERMS)
    asked = set(service.store.audits.asked())
    assert before & asked
    assert {each.image.id for each in service.guesses(sought, limit=200)} == before - asked
    assert service.count_guesses(sought) == len(before - asked)
    kept = service.guesses(sought, limit=200, within=before)
    assert {each.image.id for each in kept} == before - asked
    service.certify.cancel()
    assert {each.image.id for each in service.guesses(sought, limit=200)} == before


def test_a_released_guess_that_is_turned_down_later_is_told_and_verifies(service, tmp_path):
    """It may be wrong, as some may be; the export says how many there are."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    guess = service.guesses(SoughtGuesses(order="confidence"), limit=1)[0]
    event = small.event(service, guess.image, seq=1, client="review")
    service.decide([replace(event, kind="reject", class_id=guess.class_id)])
    report = service.export(tmp_path / "out", certified=True)
    assert any(each.startswith("1 of the certified pseudo-labels was") for each in report.notes)
    assert all(each.holds for each in service.verify(tmp_path / "out"))


def test_too_many_wrong_answers_release_nothing_and_say_what_to_do(service, tmp_path):
    """It is no export, and the message has the way out."""
    service.certify.begin(40, audits.TERMS)
    rows = service.store.audits.rows(1)
    audits.answer(service, wrong=tuple(each.image_id for each in rows[:20]))
    assert service.certify.status().hopeless
    found = service.certify.close()
    assert (found.released, found.sentences) == (0, ())
    assert found.told.startswith("Nothing is certified at 90")
    assert found.advice
    with pytest.raises(ExportError, match="Nothing is certified at 90"):
        service.export(tmp_path / "out", certified=True)
    assert not (tmp_path / "out").exists()


def test_nothing_is_certified_before_a_round_or_with_too_few_labels(tmp_path, service):
    """Both say what is missing."""
    bare = small.workspace(tmp_path / "bare", 30)
    with pytest.raises(RoundError, match="no round has finished"):
        bare.certify.outlook()
    bare.close()
    with pytest.raises(
        AnnotatorError, match=r"12 labels can certify nothing .* at least 2\d, of 139 "
    ):
        service.certify.begin(12, audits.TERMS)
    with pytest.raises(AnnotatorError, match="there are 1"):
        service.certify.begin(100_000, audits.TERMS)
    with pytest.raises(AnnotatorError, match=r"The target is 1\.0"):
        service.certify.outlook(Terms(target="1.0"))
    assert service.store.audits.all() == []


def test_one_audit_at_a_time_and_none_to_close_without(service):
    """Each refusal names the audit that is open, or says how to begin one."""
    with pytest.raises(RoundError, match="No audit is open"):
        service.certify.close()
    service.certify.begin(40, audits.TERMS)
    with pytest.raises(AnnotatorError, match="Audit 1 is open"):
        service.certify.begin(40, audits.TERMS)
    with pytest.raises(AnnotatorError, match="40 of 40 images of the audit still wait"):
        service.certify.close()
    with pytest.raises(ExportError, match="Audit 1 is not closed yet"):
        service.export("out", certified=True)


def test_what_nobody_answered_counts_as_wrong_where_that_is_said(service):
    """The audit can be closed early, and pays for it."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service, most=20)
    waiting = service.certify.status().waiting
    found = service.certify.close(unanswered_wrong=True)
    assert waiting > 20
    assert found.all_wrong == waiting
    assert "have no answer that counts" in found.looks[1]


def test_a_second_attempt_adds_its_own_chance(service, tmp_path):
    """A canceled audit was drawn, so it counts."""
    service.certify.begin(40, audits.TERMS)
    assert service.certify.cancel() == 1
    assert service.certify.status() is None
    ahead = service.certify.outlook(audits.TERMS)
    assert (ahead.attempt, ahead.false_at_most) == (2, 2 * audits.TERMS.delta)
    second = service.certify.begin(40, audits.TERMS)
    assert second.plan["spent"] == ["1/10", "1/10"]
    audits.answer(service)
    assert "any of the 2 is false is at most 20" in service.certify.close().sentences[0]
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))


def test_annotators_answer_but_neither_begin_nor_end_an_audit(service):
    """Reviewers do."""
    service.certify.begin(40, audits.TERMS)
    anna = service.acting(Person("anna", "annotator"))
    assert anna.lease("tab", "anna", 1)
    for verb in (anna.certify.status, anna.certify.close, anna.certify.cancel):
        with pytest.raises(NotAllowedError, match="a reviewer or an admin"):
            verb()
    assert service.acting(Person("bo", "reviewer")).certify.cancel() == 1


def test_who_answers_is_told_when_an_audit_is_answered(service):
    """With its last image, and not with those of others that are asked between."""
    service.certify.begin(40, audits.TERMS)
    rows = service.store.audits.rows(1)
    said = []
    for number, row in enumerate(rows, 1):
        image = service.store.images.get(row.image_id)
        said.append(
            service.record([small.event(service, image, seq=number, client="a")], "anna").notice
        )
    assert said[-1].startswith("All images of the audit are answered")
    assert not any(said[:-1])
    other = service.lease("tab", "anna", 1)[0].image
    assert service.record([small.event(service, other, seq=99, client="a")], "anna").notice == ""


def test_nothing_is_said_beside_a_certificate_that_would_say_nothing(service, tmp_path):
    """A threshold, or whether there are pseudo-labels: the certificate says both."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    for given in ({"threshold": 0.5}, {"pseudo": False}, {"pseudo": True}):
        with pytest.raises(AnnotatorError, match="says which pseudo-labels are released"):
            service.export(tmp_path / "out", certified=True, **given)


def test_a_certificate_goes_with_formats_that_can_be_verified(service, tmp_path):
    """The others are refused, with those that can."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    with pytest.raises(ExportError, match=r"choose one of csv, folder, yolo"):
        service.export(tmp_path / "out", "coco", certified=True)
    for name in ("folder", "yolo"):
        service.export(tmp_path / name, name, certified=True)
        assert all(each.holds for each in service.verify(tmp_path / name)), name


def test_who_answers_is_told_when_an_audit_can_release_nothing_anymore(service):
    """With the answer that makes it so, and not before."""
    audit = service.certify.begin(40, audits.TERMS)
    first = [each for each in service.store.audits.rows(1) if each.rank < audit.plan["M"] // 3]
    said = []
    for number, row in enumerate(first, 1):
        image = service.store.images.get(row.image_id)
        event = small.event(
            service, image, seq=number, client="w", name=audits.other(small.truth(image.name))
        )
        said.append(service.record([event], "anna").notice)
        if service.certify.status().hopeless:
            break
    assert "release nothing anymore" in said[-1]
    assert not any(said[:-1])
