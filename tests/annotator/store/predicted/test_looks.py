"""A round is judged on the test labels that it met, by the answers that they have now."""

import pytest

from annotator.model import Look
from tests.annotator.invented import fail_round, finish_round, truly, wrongly
from tests.annotator.small import event, truth, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 40)
    yield made
    made.close()


def label_next(service, n, first=1):
    """The next n test images without an answer, answered truly."""
    known = {each.image_id for each in service.store.labels.current("test")}
    images = [
        each
        for each in service.images(kind="test", limit=100)
        if each.id not in known
    ][:n]  # fmt: skip
    service.record(
        [event(service, image, seq=seq) for seq, image in enumerate(images, first)], "anna"
    )
    return images


def test_test_labels_that_come_after_a_round_count_for_the_next(service):
    """None, four and seven of them; a round that failed is none."""
    finish_round(service)
    first = label_next(service, 4)
    finish_round(service, wrongly)
    fail_round(service)
    label_next(service, 3, first=5)
    finish_round(service, truly)
    label_next(service, 2, first=8)
    dark = sum(truth(each.name) == "dark" for each in first)
    assert service.store.looks.all() == [Look(1, 0, 0), Look(2, dark, 4), Look(4, 7, 7)]
    assert "round 4 had 7 of 7 test images right" in service.advice()[0].text
    assert next(each.n for each in service.curve() if each.round == 4) == 9


def test_an_answer_that_was_mended_counts_as_it_is_now_from_when_it_was_first_given(service):
    """Wrong before the round and put right after it; one that was taken back is none."""
    one, two = service.images(kind="test", limit=2)
    other = "light" if truth(one.name) == "dark" else "dark"
    service.record([event(service, one, seq=1, name=other), event(service, two, seq=2)], "anna")
    finish_round(service)
    assert service.store.looks.all() == [Look(1, 1, 2)]
    service.record([event(service, one, seq=3)], "anna")
    assert service.store.looks.all() == [Look(1, 2, 2)]
    service.record([event(service, two, "undo", seq=4)], "anna")
    assert service.store.looks.all() == [Look(1, 1, 1)]


def test_a_class_that_was_merged_counts_as_what_it_became(service):
    """In what the expert said and in what the round did: all is light now."""
    label_next(service, 4)
    finish_round(service, wrongly)
    dark, light = service.classes()
    service.merge_class(dark.id, light.id)
    assert service.store.looks.all() == [Look(1, 4, 4)]
