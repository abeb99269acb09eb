"""What stands beside a question: the nearest labels of each class, and nothing that measures."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from annotator.asking import comparing
from annotator.model import Question
from annotator.rounds.places import keep
from annotator.store.queue import OF_ANY, RANDOM, Ask
from tests.annotator import audits
from tests.annotator.clusters import clusters
from tests.annotator.small import event, workspace

N = 40
WHY = "the model is undecided"


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", N)
    keep(clusters(N, seed=3)[0], made.workspace.embeddings)
    return made


def label(service, ids, name=None):
    images = service.store.images.many(ids)
    events = [
        event(service, images[each], seq=seq, client=f"before {ids[0]}", name=name)
        for seq, each in enumerate(ids, 1)
    ]
    assert not service.record(events, "anna").refused


def asked(service, image_id, reason=WHY):
    return Question(service.store.images.get(image_id), reason, None)


def beside(service, *questions, n=3):
    return service.compare(questions, n)


def test_the_nearest_of_each_class_are_those_of_a_full_sort(service):
    """In the order of the keys; never the image itself, and never a test image."""
    pool, tests = service.store.images.ids("pool"), service.store.images.ids("test")
    label(service, pool[:20])
    label(service, tests)
    vectors, _ = clusters(N, seed=3)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = {each.image_id: each.class_id for each in service.store.labels.current("pool")}
    classes = service.classes()
    service.order_classes([each.id for each in reversed(classes)])
    for image_id in (pool[-1], pool[0]):  # the last is labeled itself
        (found,) = beside(service, asked(service, image_id))
        slow = defaultdict(list)
        for other in sorted(labels, key=lambda each: -float(unit[each - 1] @ unit[image_id - 1])):
            if other != image_id and len(slow[labels[other]]) < 3:
                slow[labels[other]].append(other)
        assert dict(found.nearest) == slow
        assert list(found.nearest) == [each.id for each in reversed(classes)]
        assert found.why_none == ""


def test_nobody_can_tell_by_what_stands_beside_it_which_image_measures(service):
    """Whatever reason a test image may have, a pool image of that reason has nothing either."""
    pool, tests = service.store.images.ids("pool"), service.store.images.ids("test")
    label(service, pool[:20])
    for reason in OF_ANY:
        said = beside(service, *(asked(service, each, reason) for each in (pool[-2], tests[0])))
        assert [each.why_none for each in said] == [comparing.BLIND] * 2
        assert [dict(each.nearest) for each in said] == [{}, {}]
    assert beside(service, asked(service, tests[0]))[0].why_none == comparing.BLIND


def test_every_reason_that_a_test_image_comes_with_is_one_that_is_not_compared(service):
    """By the verbs that bring one to the front: drawn, skipped, taken back, brought back."""
    test = service.store.images.get(service.store.images.ids("test")[0])
    for other in (each for each in service.images(limit=N) if each.id != test.id):
        service.store.queue.settle([other.id])
    service.store.queue.replace([Ask.random(test.id)])
    reasons = []

    def look():
        found = {each.image.id: each for each in service.lease("tab", "anna", N)}
        reasons.append(found[test.id].reason)
        assert beside(service, found[test.id])[0].why_none == comparing.BLIND

    look()
    service.record([event(service, test, seq=1)], "anna")
    service.record([event(service, test, "undo", seq=2)], "anna")
    look()
    service.record([event(service, test, "skip", seq=3)], "anna")
    look()
    service.ask_again([test.id])
    look()
    assert [reason.split(" by ")[0] for reason in reasons] == [
        RANDOM,
        RANDOM,  # the answer that was taken back: it keeps its reason
        "put off before: all others are answered",
        "brought back",
    ]


def test_what_an_open_audit_asks_about_is_neither_compared_nor_shown(tmp_path):
    """Its labels are evidence, and its images are answered blind, also where a page is behind."""
    service = audits.ready(tmp_path / "audited", 90)
    pool = service.store.images.ids("pool")
    keep(clusters(service.store.images.newest())[0], service.workspace.embeddings)
    service.certify.begin(40, audits.TERMS)
    audits.answer(service, most=10)
    audited = set(service.store.audits.asked())
    labels = {each.image_id for each in service.store.labels.current("pool")}
    assert audited & labels, "some were answered"
    free = next(each for each in pool if each not in audited | labels)
    found, blind = beside(service, asked(service, free), asked(service, min(audited)), n=90)
    assert {each for images in found.nearest.values() for each in images} == labels - audited
    assert blind.why_none == comparing.BLIND
    service.close()


def test_why_there_is_nothing_is_said(service):
    """No label yet; then an image that came after the last job, as a label and as a question."""
    pool = service.store.images.ids("pool")
    assert beside(service, asked(service, pool[0]))[0].why_none == comparing.NO_LABELS
    keep(clusters(N, seed=3)[0][: N - 5], service.workspace.embeddings)
    late, early = pool[-1], pool[0]
    assert late > N - 5
    label(service, [late])
    assert beside(service, asked(service, early))[0].why_none == comparing.NO_LABELS
    label(service, [early])
    unseen = replace(asked(service, late))
    assert "Nobody has looked at this image yet" in beside(service, unseen)[0].why_none
    service.workspace.embeddings.unlink()
    assert "Nobody has looked" in beside(service, asked(service, pool[1]))[0].why_none
    assert beside(service) == []
