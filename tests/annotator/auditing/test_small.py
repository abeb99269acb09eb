"""Where an audit comes to answering everything: it is said before, and of what it certifies."""

from dataclasses import replace

import pytest

from annotator.model.auditing import words
from annotator.model.auditing.plans import Offer, Terms
from tests.annotator import audits


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 60)
    yield opened
    opened.close()


def test_a_plan_that_answers_all_it_could_release_says_so_and_what_helps(service):
    """With a lower target that takes fewer, and how many; a plan for few of many says nothing."""
    ahead = service.certify.outlook(Terms("0.98", "0.95"))
    said = " ".join(words.unseen(ahead, service.certify.offer(ahead.rows, ahead.terms)))
    assert f"all of the {ahead.rows} guesses that could be released: a certificate is of no" in said
    target, least = ahead.eased
    assert f"A target of {words.shared(target)} takes {least} labels at least." in said
    assert least == service.certify.outlook(Terms(target, "0.95")).least
    assert "label these without an audit" in said
    assert words.unseen(ahead, Offer(20, 50, 0, 0, 0.5, 0.9)) == []


@pytest.mark.parametrize(
    ("labels", "told"), [(100, "all of the 100"), (95, "95 of the 100"), (89, ""), (120, "all of")]
)
@pytest.mark.parametrize("of", ["", "dark"])
def test_how_much_is_too_much_is_judged_of_what_could_be_released(service, labels, told, of):
    """Of each class alone, too, whatever the others take."""
    ahead = service.certify.outlook(audits.TERMS)
    best = Offer(labels, 100, 0, 0, 0.5, 0.9, of)
    if of:
        ahead = replace(ahead, terms=replace(ahead.terms, each=("dark", "light")))
        best = replace(best, of="", parts=(best, Offer(20, 100, 0, 0, 0.5, 0.9, "light")))
    said = " ".join(words.unseen(ahead, best))
    assert told in said
    assert bool(said) == bool(told)
    assert ("guesses 'dark'" in said) == bool(of and told)


def test_what_is_certified_without_an_unseen_guess_says_so_in_its_headline(service):
    """All are answered; and of an audit of fewer nothing of the kind is said."""
    rows = service.certify.outlook(audits.TERMS).rows
    service.certify.begin(rows, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    found = service.certify.result()
    assert (found.released, found.audited) == (rows, rows)
    assert found.told.endswith(
        "All of them were answered in the audit: no guess that nobody has looked at is among them."
    )


def test_the_headline_of_an_audit_of_few_says_nothing_of_the_kind(service):
    """Some that are certified were looked at by nobody."""
    service.certify.begin(30, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    found = service.certify.result()
    assert 0 < found.audited < found.released
    assert "were answered in the audit" not in found.told


@pytest.mark.parametrize(("released", "audited", "says"), [(0, 0, 0), (8, 7, 0), (8, 8, 1)])
def test_only_where_all_that_is_released_was_answered_it_is_said(released, audited, says):
    """Whatever kind of audit it is."""
    assert bool(words.answered_all(released, audited)) == bool(says)
