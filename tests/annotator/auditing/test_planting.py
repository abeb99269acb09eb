"""Planted questions: which ones, asked blind among the others, and what a miss changes."""

from dataclasses import replace
from fractions import Fraction

import pytest

from annotator.auditing import planting
from annotator.errors import AnnotatorError, RoundError
from annotator.model.auditing import words
from annotator.model.auditing.plans import Terms
from ssl_core.measure.certificate.exact import binomial
from tests.annotator import audits, small
from tests.annotator.export.proof.certified import edit, failed, replan

TERMS = Terms(target="0.8", confidence="0.8", planted=8)


@pytest.fixture
def service(tmp_path):
    found = audits.ready(tmp_path / "work")
    yield found
    found.close()


def answer(service, by="bo", client="page", wrong=(), most=400):
    """Answer all that a page is asked, until the audit waits for nothing; what was asked again."""
    again = []
    for seq in range(1, most):
        progress = service.certify.status()
        if not progress.waiting:
            break
        question = service.lease(client, by, 6)[0]
        name = small.truth(question.image.name)
        event = small.event(
            service, question.image, seq=seq, client=client,
            name=audits.other(name) if question.image.id in wrong else name,
        )  # fmt: skip
        assert not service.record([replace(event, again=question.again)], by).refused
        if question.again:
            again.append(question)
    return again


def images(service):
    """The images of the open audit's planted questions."""
    return [each.image_id for each in service.store.audits.planted(1)]


def test_they_are_fixed_by_the_plan_and_come_up_like_any_other(service):
    """Among the others, with the words that all have, of whoever has not answered them."""
    audit = service.certify.begin(40, TERMS)
    assert len(audit.plan["planted"]) == 8
    labeled = {each.image_id: each for each in service.store.labels.current("pool")}
    assert set(images(service)) <= labeled.keys()
    assert "8 questions more, whose answer is known, come up among them" in words.begun(audit)
    ordered = list(service.store.orders.rows(1))
    assert not set(images(service)) & {each.image_id for each in ordered}
    status = service.certify.status()
    assert status.labels == 48
    assert "Of these, 8 are of known answer; nobody can tell which." in words.progress(status)
    asked = answer(service)
    assert {each.image.id for each in asked} == set(images(service))
    assert {each.reason for each in asked} == {"chosen at random"}
    still = {each.image_id: each for each in service.store.labels.current("pool")}
    assert all(still[each] == labeled[each] for each in images(service))  # the first answer stands


def test_without_a_miss_it_is_tested_a_little_stricter_and_with_one_stricter_still(
    service, tmp_path
):
    """The bound is exact; the export has every answer and verifies."""
    service.certify.begin(40, TERMS)
    answer(service, wrong=images(service)[:1])
    found = service.certify.close()
    expert = found.audit.evidence["expert"]
    assert (expert["planted"], expert["missed"]) == (8, 1)
    beta, level = Fraction(expert["beta"]), Fraction("0.2") / 5
    assert binomial(8, beta, 1) <= level < binomial(8, beta - Fraction(1, 10_000), 1)
    told = " ".join(found.looks).replace("\N{NO-BREAK SPACE}", " ")
    assert "Of 8 planted questions, whose answer is known, people gave another answer to 1" in told
    assert "So all was tested as if" in told
    assert found.released
    service.export(tmp_path / "out", certified=True)
    told = service.verify(tmp_path / "out")
    assert [(each.name, each.told) for each in told if not each.holds] == []


def test_all_missed_bounds_nothing_and_certifies_nothing(service):
    """It ends with why; who cannot tell an image has not missed it."""
    service.certify.begin(40, TERMS)
    answer(service, wrong=images(service))
    assert service.certify.status().hopeless
    found = service.certify.close()
    assert (found.released, found.audit.evidence["gates"]) == (0, [])
    assert found.told.startswith("Nothing is certified: to 8 of 8 planted questions")


def test_what_nobody_answered_of_them_counts_as_missed(service):
    """So an audit that is closed early pays for it."""
    service.certify.begin(40, TERMS)
    service.certify.close(unanswered_wrong=True)
    assert service.certify.result().audit.evidence["expert"]["missed"] == 8


def test_what_the_sure_answers_are_is_taken_first(service):
    """Settled, then agreed by two, then labeled by one; a label that was checked is none."""
    by_how = planting.candidates(service.store)
    assert {how: len(each) for how, each in by_how.items()} == {"labeled": 8}
    one = by_how["labeled"][0].image_id
    image = service.store.images.get(one)
    service.record([replace(small.event(service, image, seq=1, client="b"), again="second")], "bo")
    found = planting.candidates(service.store)
    assert [each.image_id for each in found["agreed"]] == [one]
    plan = service.certify.begin(40, TERMS).plan
    assert plan["planted"][0] == {
        "id": image.sha256, "answer": small.truth(image.name), "how": "agreed"
    }  # fmt: skip


def test_more_than_there_are_cannot_be_planted_and_nothing_goes_on_from_it(service):
    """Both with their way out."""
    with pytest.raises(AnnotatorError, match="99 questions with known answers cannot be asked: 8"):
        service.certify.begin(40, replace(TERMS, planted=99))
    assert service.store.audits.all() == []
    service.certify.begin(40, TERMS)
    answer(service)
    assert not service.certify.close().extendable, "it would be offered in vain"
    with pytest.raises(RoundError, match="asked planted questions"):
        service.certify.beyond(10)


def test_the_effect_of_misses_is_told_before(service):
    """Each number is that of the formula: epsilon (1 - beta), at four fifths of the level."""
    ahead = service.certify.outlook(replace(TERMS, planted=30))
    assert [each.missed for each in ahead.effects] == [0, 1, 2, 3]
    for each in ahead.effects:
        beta = Fraction(each.beta)
        assert binomial(30, beta, each.missed) <= Fraction("0.04")
        assert Fraction(each.epsilon) == Fraction("0.2") * (1 - beta)
        assert Fraction(each.level) == Fraction("0.16")
    assert "The numbers ahead suppose that none is missed" in " ".join(words.ahead(ahead))
    assert planting.effects(replace(TERMS, planted=0), TERMS.delta) == ()
    hoped, level = planting.assumed(replace(TERMS, planted=30), TERMS.delta)
    assert (hoped.epsilon, level) == (Fraction(ahead.effects[0].epsilon), Fraction("0.16"))
    assert planting.tested(TERMS, TERMS.delta, 0, 0).epsilon == Fraction("0.2")


def forgotten(evidence):
    evidence["expert"].update(missed=0)


def lifted(evidence):
    row = next(each for each in evidence["expert"]["answers"] if each["blind"])
    row["blind"][0]["answer"] = "neither"


def left_out(evidence):
    evidence["expert"]["answers"].pop()


def smaller(evidence):
    evidence["expert"]["beta"] = "1/100"


def none(evidence):
    evidence["expert"]["beta"] = None


TAMPERED = {
    forgotten: "8 questions were planted and 1 missed, not 8 and 0",
    lifted: "8 questions were planted and 2 missed, not 8 and 1",
    left_out: "the planted questions are not those of the plan",
    smaller: "is not bounded by as little",
    none: "is not bounded by as little",
}


def test_changes_of_what_is_known_of_the_expert_are_caught(service, tmp_path):
    """A miss forgotten or put in, an answer left out, a smaller bound, none; and one unplanted."""
    service.certify.begin(40, TERMS)
    answer(service, wrong=images(service)[-1:])
    service.certify.close()
    service.export(tmp_path / "out", "csv", images=False, certified=True)
    path = tmp_path / "out" / "certificate" / "evidence.json"
    whole = path.read_text()
    for change, reason in TAMPERED.items():
        edit(tmp_path / "out", change)
        assert reason.lower() in failed(tmp_path / "out")["expert"].lower(), change
        path.write_text(whole)
    plan = service.certify.result().audit.plan
    replan(tmp_path / "out", planted=[plan["planted"][0] | {"answer": "light"}])
    assert {"expert", "chain"} & {*failed(tmp_path / "out")}
