"""Attempts that share a chance because they were declared, and those that add their own."""

from dataclasses import replace
from fractions import Fraction

import pytest

from annotator.errors import AnnotatorError
from tests.annotator import audits


@pytest.fixture
def service(tmp_path):
    found = audits.ready(tmp_path / "work")
    yield found
    found.close()


def test_a_retry_that_was_declared_shares_the_chance_and_one_beyond_adds_its_own(service, tmp_path):
    """Four fifths and a fifth of a tenth; the proof shows that it was declared before."""
    declared = replace(audits.TERMS, retries=1)
    first = service.certify.begin(60, declared)
    assert (first.plan["spent"], first.plan["turn"]) == (["2/25"], 1)
    service.certify.cancel()
    ahead = service.certify.outlook(audits.TERMS)
    assert (ahead.turn, ahead.turns, ahead.level) == (2, 2, Fraction(1, 50))
    assert (ahead.attempt, ahead.false_at_most) == (2, audits.TERMS.delta)
    with pytest.raises(AnnotatorError, match=r"1 retries were declared .* of which 1 are left"):
        service.certify.begin(60, replace(audits.TERMS, retries=2))
    assert service.certify.outlook(replace(declared, target="0.8")).turn == 1  # another promise
    second = service.certify.begin(60, audits.TERMS)
    assert second.plan["spent"] == ["2/25", "1/50"]
    assert second.plan["earlier"] == [first.plan_hash]
    audits.answer(service)
    assert "any of the 2 is false is at most 10" in service.certify.close().sentences[0]
    service.export(tmp_path / "out", certified=True)
    assert all(each.holds for each in service.verify(tmp_path / "out"))
    ahead = service.certify.outlook(audits.TERMS)
    assert (ahead.turn, ahead.turns, ahead.false_at_most) == (1, 1, Fraction(1, 5))
    with pytest.raises(AnnotatorError, match="6 retries cannot be declared"):
        service.certify.outlook(replace(audits.TERMS, retries=6))


def test_an_audit_that_fails_says_that_a_retry_is_left(service):
    """Beside the better way: another round."""
    service.certify.begin(60, replace(audits.TERMS, retries=2))
    rows = service.store.audits.rows(1)
    audits.answer(service, wrong=tuple(each.image_id for each in rows))
    found = service.certify.close()
    assert found.released == 0
    assert "2 retries declared beforehand are left" in found.advice[1]
    assert "tested at 1.6" in found.advice[1]
