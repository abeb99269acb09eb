"""The images of an audit among the questions: blind, mixed with others, and gone at its end."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.asking.order import AUDIT_OF, woven
from annotator.store.queue import RANDOM, Ask
from tests.annotator import audits, small

ids = st.lists(st.integers(1, 60), unique=True)


@given(ids, ids)
def test_an_audit_is_asked_in_its_order_with_others_between(others, audited):
    """No image twice, none lost; of each four questions one is another while there is any."""
    order = woven([Ask(each, "entropy") for each in others], audited)
    asked = [each.image_id for each in order]
    assert sorted(asked) == sorted({*others, *audited})
    assert [each for each in asked if each in audited] == audited
    rest = [each for each in others if each not in audited]
    assert [each for each in asked if each not in audited] == rest
    until = max((asked.index(each) + 1 for each in audited), default=0)
    between = sum(each not in audited for each in asked[:until])
    assert between == min(len(rest), max(0, len(audited) - 1) // (AUDIT_OF - 1))


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 90)
    yield opened
    opened.close()


def reasons(service):
    return {
        row["image_id"]: row["reason"]
        for row in service.store.db.rows("SELECT image_id, reason FROM queue")
    }


def test_nobody_can_tell_the_images_of_an_audit_from_test_images(service):
    """The same words, whatever a policy had said of them before."""
    pool = [each.image_id for each in service.store.results.pseudo_labels(1, 0.0)]
    service.store.queue.replace([Ask(each, "a close call", 0.5) for each in pool])
    service.certify.begin(40, audits.TERMS)
    found = reasons(service)
    asked = set(service.store.audits.asked())
    assert len(asked) == 40
    assert {found[each] for each in asked} == {RANDOM}
    tests = set(service.store.images.ids("test")) & found.keys()
    assert {found[each] for each in tests} == {RANDOM}
    assert "a close call" in found.values()


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_what_an_ended_audit_had_yet_to_ask_is_saved(service, how):
    """None of its images waits anymore; the others do."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service, most=10)
    asked = set(service.store.audits.asked())
    service.store.queue.db.run("UPDATE queue SET until = 0")  # no page is open
    if how == "cancel":
        service.certify.cancel()
    else:
        service.certify.close(unanswered_wrong=True)
    assert not asked & reasons(service).keys()
    assert reasons(service)


def test_another_order_keeps_the_audit_going(service):
    """As after a round, or when somebody picks images on the map."""
    service.certify.begin(40, audits.TERMS)
    audits.answer(service, most=5)
    waiting = service.store.audits.waiting()
    free = set(service.store.images.ids("pool")) - set(service.store.audits.asked())
    free -= {each.image_id for each in service.store.labels.current()}
    service.explore.ask_next([min(free), waiting[0]], "like image 3")
    found = reasons(service)
    assert set(waiting) <= found.keys()
    assert found[min(free)] == "like image 3"


def test_answers_of_an_open_audit_start_no_round(service):
    """Nothing new can be learned from them before it has ended."""
    service.save_settings(replace(service.settings(), round_every=6))
    service.certify.begin(40, audits.TERMS)
    since = service.progress().since_round
    rows = service.store.audits.rows(1)
    images = service.store.images.many(each.image_id for each in rows)
    events = [
        small.event(service, each, seq=n, client="a") for n, each in enumerate(images.values(), 1)
    ]
    service.record(events, "anna")
    assert service.progress().since_round == since
    assert service.active_job() is None
    service.certify.close()
    assert service.progress().since_round == since + 40
