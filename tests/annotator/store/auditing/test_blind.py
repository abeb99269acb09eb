"""Answers with a model's guess in sight: to what measures, and to what an audit asks."""

from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError
from annotator.model import Given, LabelEvent, Person, Sought
from tests.annotator import audits, small

AGAINST = Sought(state="against")


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 60)
    opened.certify.begin(30, audits.TERMS)
    yield opened
    opened.close()


def question(service, place=0):
    """An image that the audit asks about, and the ids of its pseudo-label and of the other."""
    image = service.store.images.get(service.store.audits.waiting()[place])
    ids = {each.name: each.id for each in service.classes()}
    name = small.truth(image.name)
    return image, ids[name], ids[audits.other(name)]


def decision(image, kind, class_id=None, seq=1):
    return LabelEvent("review page", seq, kind, image.id, image.sha256, class_id, at=1.0)


def events(service):
    return service.store.db.value("SELECT COUNT(*) FROM event")


def test_no_correction_of_an_audited_image_is_offered_beside_the_guess(service):
    """Its blind answer contradicts the model; others that do are listed, and it is afterwards."""
    image, _, other = question(service)
    free = next(each for each in service.images(limit=-1) if each.id in unlabeled(service))
    for seq, each in enumerate((image, free), 1):
        name = audits.other(small.truth(each.name))
        service.record([small.event(service, each, seq=seq, client="anna", name=name)], "anna")
    assert [each.image.id for each in service.find(AGAINST)] == [free.id]
    assert service.count_found(AGAINST) == 1
    service.certify.cancel()
    assert {each.image.id for each in service.find(AGAINST)} == {image.id, free.id}
    assert service.answer_anew([image.id], other, guess_shown=True).images == 1


def unlabeled(service):
    """Pool images that no label has and the audit does not ask about."""
    taken = {each.image_id for each in service.store.labels.current()}
    return set(service.store.images.ids("pool")) - taken - set(service.store.audits.asked())


@pytest.mark.parametrize("answered", [False, True])
def test_a_page_that_still_shows_the_guess_is_told_why_it_cannot_correct(service, answered):
    """As one that was open before the audit began: nothing is written or taken from the queue."""
    image, right, other = question(service)
    if answered:
        service.record([small.event(service, image, seq=1, client="anna")], "anna")
    before, row = events(service), service.store.audits.rows(1)
    with pytest.raises(
        AnnotatorError, match=rf"image {image.id} is asked by the open audit.*Label"
    ):
        service.acting(Person("rita", "reviewer")).answer_anew(
            [image.id], other if answered else right, guess_shown=True
        )
    assert (events(service), service.store.audits.rows(1)) == (before, row)
    waits = "SELECT COUNT(*) FROM queue WHERE image_id = :id"
    assert service.store.db.value(waits, {"id": image.id}) == (0 if answered else 1)


@pytest.mark.parametrize("kind", ["label", "reject"])
def test_a_decision_on_an_audited_image_is_refused_and_dropped(service, kind):
    """It is acknowledged, so no page sends it for ever; the others of its message are written."""
    image, right, _ = question(service)
    free = service.store.images.get(min(unlabeled(service)))
    sent = [decision(image, kind, right), decision(free, "reject", right, 2)]
    done = service.decide(sent)
    [(client, seq, why)] = done.refused
    assert (client, seq, done.ack) == ("review page", 1, {"review page": 2})
    assert f"image {image.id} is asked by the open audit" in why
    assert [each.image_id for each in done.written] == [free.id]
    assert image.id in {each.image.id for each in service.lease("tab", "anna", 60)}
    assert service.store.audits.rows(1)[0].waits
    assert service.certify.status().elsewhere == 0


def test_a_check_of_before_can_be_taken_back_while_an_audit_asks_the_image(service):
    """Then less is said with a guess in sight, not more; as an import brings one along."""
    image, right, _ = question(service)
    given = Given(source="verified", annotator=service.person.name, suggestion_shown=True)
    service.store.labels.take_in([(image.id, right, given)], "import-1", "import")
    assert not service.decide([decision(image, "undo")]).refused
    assert image.id not in {each.image_id for each in service.store.labels.current()}


def test_a_test_image_is_not_corrected_with_the_guess_in_sight(service):
    """Labeled or not: a sentence says why, nothing of that click is written, and blind it may."""
    tested = service.store.images.ids("test")[:2]
    image = service.store.images.get(tested[0])
    service.record([small.event(service, image, seq=1, client="bo")], "bo")
    free, before = min(unlabeled(service)), events(service)
    ids = [each.id for each in service.classes()]
    rita = service.acting(Person("rita", "reviewer"))
    for each in tested:
        for class_id in ids:
            with pytest.raises(AnnotatorError, match=f"image {each} measures the model"):
                rita.answer_anew([free, each], class_id, guess_shown=True)
    assert events(service) == before
    assert rita.answer_anew([free, *tested], ids[0]).images == 3


def test_what_validates_is_answered_without_a_guess_in_sight_as_what_measures(service):
    """Such an answer is refused for either, in the same words."""
    image, _, wrong = question(service)
    for seq, split in enumerate(("val", "test"), 1):
        service.store.db.run(
            "UPDATE image SET split = :s WHERE id = :id", {"s": split, "id": image.id}
        )
        shown = replace(decision(image, "label", wrong, seq), suggestion_shown=True)
        [(_, _, why)] = service.record([shown], "anna").refused
        assert "measures the model" in why
