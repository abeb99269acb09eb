"""The audit of a simulated loop: what it releases, held against the truth by a slower count."""

import pytest

from annotator.errors import AnnotatorError
from annotator.model.auditing.plans import Terms
from annotator.simulating.proving import Asked, prove
from tests.annotator import audits, invented, small

TERMS = Terms("0.8", "0.8")


def known(service, only=lambda _: True):
    """SHA-256 to class of the images that the truth is to know."""
    images = service.images(limit=-1)
    return {each.sha256: small.truth(each.name) for each in images if only(each)}


@pytest.fixture
def service(tmp_path):
    opened = audits.ready(tmp_path / "ws", 120, _at_times_wrong)
    yield opened
    opened.close()


def _at_times_wrong(image):
    """All but the last six, the least sure: fewer than may be, whatever is drawn."""
    name, sure = invented.truly(image)
    return (audits.other(name) if image.id > 114 else name), sure


def _never_right(image):
    """Hopeless after the first answers, whatever is drawn."""
    return audits.other(small.truth(image.name)), 0.6


def test_what_is_released_is_counted_against_the_truth(service):
    """Both shares are counted again from the export: all that was proposed, and what is unseen."""
    found = prove(service, known(service), Asked(TERMS, 40))
    [place] = service.workspace.exports.iterdir()
    assert found.verified
    assert all(each.holds is not False for each in service.verify(place))
    order = list(service.store.orders.rows(1))[: found.released]
    names = {each.id: each.name for each in service.classes()}
    right = {
        each.rank: names[each.class_id] == small.truth(service.image(each.image_id).name)
        for each in order
    }
    asked = {each.rank for each in service.store.audits.rows(1)}
    unseen = [right[each.rank] for each in order if each.rank not in asked]
    assert 0 < found.released <= found.rows
    assert (found.precision < 1) == (not all(right.values()))
    assert found.precision == pytest.approx(sum(right.values()) / len(order))
    assert found.unseen_precision == pytest.approx(sum(unseen) / len(unseen))
    assert found.asked == found.answered <= 40
    assert found.certified >= found.target == 0.8
    assert found.holds == (found.precision >= 0.8)
    assert found.told[0].startswith(f"{found.released:,} of {found.rows:,} guesses are certified")


def test_what_the_truth_does_not_tell_counts_as_wrong_and_is_counted(service):
    """Nothing is taken for right because nobody knows."""
    truth = known(service, lambda image: image.id % 10)
    found = prove(service, truth, Asked(TERMS, 40))
    asked = service.store.audits.rows(1)
    lost = [each for each in asked if each.sha256 not in truth]
    if found.answered + found.unknown == found.asked:
        assert found.unknown == len(lost) > 0
    assert {each.image_id for each in lost if each.blind} == set()


def test_where_nothing_is_released_nothing_is_claimed(tmp_path):
    """It ends as soon as that is certain, and no export is written."""
    service = audits.ready(tmp_path / "ws", 120, _never_right)
    found = prove(service, known(service), Asked(TERMS, 40))
    assert (found.released, found.certified, found.precision, found.verified) == (0, None, None, 0)
    assert found.holds
    assert found.answered < found.asked
    assert found.told[0].startswith("Nothing is certified at 80")
    assert not list(service.workspace.exports.iterdir())
    service.close()


def test_too_few_labels_are_refused(service):
    """With the least that would do."""
    with pytest.raises(AnnotatorError, match="2 labels can certify nothing"):
        prove(service, known(service), Asked(TERMS, 2))
