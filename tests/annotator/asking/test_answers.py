"""Questions out, answers in: who holds what after an answer, and where the labeling stands."""

from dataclasses import replace

import pytest

from annotator.asking import answers
from annotator.model import Progress
from annotator.store.queue import Ask
from tests.annotator.invented import begin, fail_round, finish_round
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 40)


def ids(questions):
    return [question.image.id for question in questions]


def test_every_image_is_asked_exactly_once(service):
    """Answering until nothing is left covers the whole workspace, test images included."""
    answered, seq = [], 1
    while images := answer(service, 7, first=seq):
        answered += [image.id for image in images]
        seq += len(images)
    assert sorted(answered) == [image.id for image in service.images(limit=100)]


def test_a_skipped_image_goes_to_the_end_and_comes_back(service):
    """Skipping is no answer."""
    image = service.lease("tab", "anna", 3)[0].image
    service.record([event(service, image, "skip", seq=1)], "anna")
    asked = ids(service.lease("tab", "anna", 40))
    assert asked[-1] == image.id


def test_an_undone_image_is_shown_next_to_the_one_who_undid_it(service):
    """Backspace brings the image back at once, to this tab."""
    first = service.lease("tab", "anna", 5)[0].image
    service.record([event(service, first, seq=1)], "anna")
    assert first.id not in ids(service.lease("tab", "anna", 5))
    service.record([event(service, first, "undo", seq=2)], "anna")
    assert ids(service.lease("tab", "anna", 5))[0] == first.id


def test_an_undone_image_is_given_to_nobody_else(service):
    """The tab that took its answer back holds the image again, whoever asks in between."""
    first = service.lease("tab", "anna", 5)[0].image
    service.record([event(service, first, seq=1)], "anna")
    service.record([event(service, first, "undo", seq=2)], "anna")
    assert first.id not in ids(service.lease("other", "ben", 40))
    assert service.lease("tab", "anna", 5)[0].image.id == first.id


def test_an_answer_that_was_taken_back_is_asked_and_given_anew_for_its_first_reason(service):
    """Also by somebody else: why it was asked, and how likely, is what the image was drawn by."""
    first = service.lease("tab", "anna", 1)[0].image
    asked = Ask(first.id, "many images look like this one", 0.7, 0.25, detail="905 of them")
    service.store.queue.ask_first([asked])
    service.record([event(service, first, seq=1)], "anna")
    service.record([event(service, first, "undo", seq=2)], "anna")
    again = service.lease("tab", "anna", 1)[0]
    assert (again.image.id, again.reason, again.detail) == (first.id, asked.reason, asked.detail)
    service.record([event(service, first, seq=1, client="other")], "ben")
    [label] = service.store.labels.current()
    assert (label.reason, label.propensity) == (f"{asked.reason} ({asked.detail})", 0.25)


def test_the_last_of_several_events_decides_what_becomes_of_an_image(service):
    """Skipped, then labeled: answered. Labeled, then skipped: labeled, and not asked again."""
    one, two = (each.image for each in service.lease("tab", "anna", 2))
    service.record([event(service, one, "skip", seq=1), event(service, one, seq=2)], "anna")
    assert one.id not in ids(service.lease("tab", "anna", 40))
    service.record([event(service, two, seq=3), event(service, two, "skip", seq=4)], "anna")
    assert service.progress().labeled == 2
    assert two.id not in ids(service.lease("tab", "anna", 40))


def test_a_queue_that_runs_dry_is_filled_with_all_that_has_no_answer(service):
    """Nobody waits for a job: pool images in random order, test images at their places."""
    answer(service, 3)
    service.store.queue.replace([])
    held = set(ids(service.lease("tab", "anna", 5)))
    open_ = {image.id for image in service.images(kind="unlabeled", limit=-1)}
    assert held <= open_
    assert held | {ask.image_id for ask in service.store.queue.ahead()} == open_


def test_a_refused_answer_leaves_its_image_where_it_is(service):
    """What is not written moves nothing: the image is still asked, by the same tab."""
    asked = service.lease("tab", "anna", 4)
    wrong = replace(event(service, asked[0].image, seq=1), class_id=99)
    done = answers.record(service.store, [wrong, event(service, asked[1].image, seq=2)], "anna")
    assert [seq for _, seq, _ in done.refused] == [1]
    assert ids(service.lease("tab", "anna", 3)) == [ids(asked)[0], *ids(asked)[2:]]


def counted(service, watermark):
    """Progress worked out from the log of events, one by one; no skip of it is taken back."""
    current: dict[int, list[int]] = {}
    before, skipped = set(), set()
    for row in service.store.db.rows("SELECT * FROM event ORDER BY id"):
        stack = current.setdefault(row["image_id"], [])
        if row["kind"] == "label":
            stack.append(row["id"])
        elif row["kind"] == "undo" and stack:
            stack.pop()
        elif row["kind"] == "skip":
            skipped.add(row["image_id"])
        if row["id"] == watermark:
            before = {image for image, labels in current.items() if labels}
    labeled = {image for image, labels in current.items() if labels}
    pool, test = (set(service.store.images.ids(split)) for split in ("pool", "test"))
    return Progress(
        images=len(pool | test),
        labeled=len(labeled),
        pool=len(pool),
        pool_labeled=len(labeled & pool),
        test=len(test),
        test_labeled=len(labeled & test),
        since_round=max(0, len(labeled) - len(before)),
        round_every=0,
        skipped=len(skipped - labeled),
        test_unjudged=len(skipped & test - labeled),
    )


def test_progress_counts_what_the_log_of_events_says(service):
    """Labels, undos and skips, before a round and after it; a relabeled image is no new label."""
    images = answer(service, 14)
    assert service.progress() == counted(service, 0)
    mark = finish_round(service).watermark
    assert service.progress() == counted(service, mark)
    assert service.progress().since_round == 0
    service.record([event(service, images[0], seq=15, name="light")], "anna")
    assert service.progress().since_round == 0
    answer(service, 5, first=16)
    [skipped] = service.lease("tab", "anna", 1)[:1]
    service.record([event(service, skipped.image, "skip", seq=21)], "anna")
    service.record([event(service, images[3], "undo", seq=22)], "anna")
    assert service.progress() == counted(service, mark)
    assert service.progress().since_round == 4


def test_more_undone_than_labeled_since_a_round_is_none(service):
    """Not fewer than none: a negative count would put the next round off."""
    images = answer(service, 6)
    finish_round(service)
    undone = [event(service, each, "undo", seq=seq) for seq, each in enumerate(images, 7)]
    service.record(undone, "anna")
    assert service.progress().since_round == 0


def test_a_round_that_failed_counts_as_the_last_one(service):
    """Begun or not, it has seen the labels there were: the next waits for as many new ones."""
    answer(service, 6)
    job = service.start_round()
    mark = service.store.labels.watermark()
    assert answers.last_asked(service.store) == mark
    service.cancel(job.id)
    answer(service, 2, first=7)
    assert answers.last_asked(service.store) == mark
    assert service.progress().since_round == 2
    fail_round(service)
    assert answers.last_asked(service.store) == service.store.labels.watermark() > mark


def test_a_round_is_due_after_as_many_labels_as_the_setting_says(service):
    """Zero says never; labels that a round has seen do not count again."""
    answer(service, 8)
    assert not answers.round_due(service.store)
    service.save_settings(replace(service.settings(), round_every=8))
    assert answers.round_due(service.store)
    begin(service)
    assert not answers.round_due(service.store)
