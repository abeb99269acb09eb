"""The order of steps that makes a proof, and what a crash or an answer between them leaves."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from annotator.auditing import beginning, freezing
from annotator.errors import AnnotatorError
from annotator.export.proof import record
from annotator.store.queue import RANDOM, Ask
from tests.annotator import audits, small


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 120)
    yield opened
    opened.close()


def crash(*_):
    raise KeyboardInterrupt


def test_a_plan_whose_seed_never_came_is_given_up_and_is_no_attempt(service, monkeypatch):
    """As after a crash between the two transactions."""
    monkeypatch.setattr(beginning.secrets, "randbits", crash)
    with pytest.raises(KeyboardInterrupt):
        service.certify.begin(40, audits.TERMS)
    assert service.store.audits.current().state == "planned"
    assert service.certify.status() is None
    monkeypatch.undo()
    audit = service.certify.begin(40, audits.TERMS)
    assert (audit.number, audit.state, audit.plan["attempt"]) == (2, "open", 1)
    assert [each.state for each in service.store.audits.all()] == ["canceled", "open"]


def test_an_answer_between_freezing_and_drawing_stops_the_draw(service, monkeypatch):
    """An image whose label is known must not be drawn: nothing is, and one begins once more."""
    read = freezing.order

    def answered_meanwhile(store, of):
        found = read(store, of)
        image = store.images.get(int(found.rows.image_ids[0]))
        service.record([small.event(service, image, seq=1, client="other")], "bo")
        return found

    monkeypatch.setattr(freezing, "order", answered_meanwhile)
    with pytest.raises(AnnotatorError, match="answered while the order was being frozen"):
        service.certify.begin(40, audits.TERMS)
    assert service.store.audits.current() is None
    monkeypatch.undo()
    assert service.certify.begin(40, audits.TERMS).plan["attempt"] == 1


def test_the_seed_draws_what_is_asked_and_the_hashes_are_those_of_what_is_frozen(service):
    """Worked out anew: by NumPy, and by the hashes that a verification uses."""
    audit = service.certify.begin(40, audits.TERMS)
    plan = audit.plan
    ranks = np.random.default_rng(int(audit.seed)).choice(plan["M"], plan["m"], replace=False)
    assert [each.rank for each in service.store.audits.rows(1)] == ranks.tolist()
    said = service.store.results.pseudo_labels(1, 0.0)
    images = service.store.images.many(each.image_id for each in said)
    keys = sorted((-each.confidence, images[each.image_id].sha256) for each in said)
    order = list(service.store.orders.rows(1))
    assert [each.sha256 for each in order] == [sha for _, sha in keys]
    rows = list(freezing.as_frozen(service.store, audit))
    assert plan["order_hash"] == record.order_hash(rows[: len(order)])
    assert plan["labels_hash"] == record.labels_hash(rows[: len(order)])
    assert plan["splits_hash"] == record.splits_hash(rows)
    assert audit.plan_hash == record.plan_hash(plan)
    assert datetime.fromisoformat(plan["planned_at"]).timestamp() <= audit.drawn
    assert {each.id for each in rows} == {each.sha256 for each in service.images(limit=-1)}


def test_what_is_labeled_or_measures_is_not_in_the_order(service):
    """Nor what was learned from."""
    service.certify.begin(40, audits.TERMS)
    order = {each.image_id for each in service.store.orders.rows(1)}
    labeled = {each.image_id for each in service.store.labels.current()}
    assert order == set(service.store.images.ids("pool")) - labeled


def test_answers_to_random_questions_since_the_round_are_the_pilot(service):
    """They say how often it is wrong; answers from before it say nothing."""
    assert service.certify.outlook(audits.TERMS).pilot == 0
    service.store.queue.db.run("UPDATE queue SET until = 0, reason = 'chosen at random'")
    answered = small.answer(service, 12, client="since")
    pool = sum(each.split == "pool" for each in answered)
    found = freezing.order(service.store)
    assert len(found.at) == len(found.wrong) == service.certify.outlook(audits.TERMS).pilot == pool
    assert ((found.at > 0) & (found.at < 1)).all()


def test_what_open_pages_hold_already_is_asked_without_a_guess(service):
    """What is just before them, and what an expert picked, stays there; not what it says."""
    service.save_settings(replace(service.settings(), show_guess="on"))
    pool = [each.image_id for each in service.store.results.pseudo_labels(1, 0.0)]
    asks = [
        Ask(each, "a close call", 0.5, 0.25, "light 51 %", "0.5 nats", picked=place % 3 == 0)
        for place, each in enumerate(pool)
    ]
    service.store.queue.ask_first(asks)
    assert all(each.guess for each in service.lease("tab", "anna", 8))
    service.certify.begin(40, audits.TERMS)
    asked = set(service.store.audits.asked())
    found = service.lease("tab", "anna", 200)
    held = [each for each in found if each.image.id in asked]
    assert {each.image.id for each in held} == asked
    assert {(each.reason, each.guess, each.detail) for each in held} == {(RANDOM, "", "")}
    assert any(each.guess for each in found if each.image.id not in asked)
    said = "SELECT image_id FROM queue WHERE drawn AND score IS NULL AND propensity IS NULL"
    assert asked <= {row["image_id"] for row in service.store.db.rows(said)}
