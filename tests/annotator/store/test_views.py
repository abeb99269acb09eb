"""The last word on an image, against every short log of what two people can say of it."""

import itertools
from dataclasses import replace

import pytest

from annotator.asking import correcting
from annotator.model import Person
from tests.annotator.small import event, workspace

SAID = {  # what a person does -> kind and class of the event, and whose word it is
    "dark": ("label", "dark", "human"),
    "light, settling": ("label", "light", "adjudicated"),
    "nobody can tell": ("unclear", None, "human"),
    "back": ("undo", None, "human"),
}
LOGS = [*itertools.product(itertools.product(SAID, ("anna", "rita")), repeat=3)]


def last_word(log):
    """What was settled last of what stands, else what was said last: its place in the log."""
    standing = []
    for place, (said, who) in enumerate(log):
        if said != "back":
            standing.append((place, said, who))
        elif own := [each for each in standing if each[2] == who]:
            standing.remove(own[-1])
    ranked = [(said.endswith("settling"), place) for place, said, _ in standing]
    return max(ranked)[1] if ranked else None


def test_what_is_settled_outranks_whatever_is_pressed_later_also_that_nobody_can_tell(tmp_path):
    """Every log of three: the label, what nobody can tell, the mark in the log, and the queue."""
    made = workspace(tmp_path / "ws", len(LOGS), side=4)
    images, ids = made.images(limit=len(LOGS)), {each.name: each.id for each in made.classes()}
    assert len(images) == len(LOGS) == 512
    seq = itertools.count(1)
    with made.store.db.immediate():
        for image, log in zip(images, LOGS, strict=True):
            for said, who in log:
                kind, name, whose = SAID[said]
                one = event(made, image, kind, seq=next(seq), client=who, name=name)
                made.store.labels.record([replace(one, source=whose)], who)
    labels = {each.image_id: each for each in made.store.labels.current()}
    unclear = made.store.beside.unclear([each.id for each in images])
    for image, log in zip(images, LOGS, strict=True):
        place = last_word(log)
        kind, name, whose = SAID[log[place][0]] if place is not None else (None, None, None)
        label, told = labels.get(image.id), unclear.get(image.id)
        assert (label and (label.class_id, label.source)) == (
            (ids[name], whose) if kind == "label" else None
        ), log
        assert bool(told) == (kind == "unclear"), log
        history = list(reversed(made.answers_to(image.id)))
        assert [n for n, each in enumerate(history) if each.counts] == (
            [] if place is None else [place]
        ), log
    made.close()


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 6)
    yield made
    made.close()


def test_who_cannot_tell_what_a_reviewer_has_settled_is_told_that_it_counts_for_nothing(service):
    """As whoever presses a class; the label stays, and the image is not asked again."""
    image = service.images()[0]
    service.record([event(service, image, seq=1, client="a", name="dark")], "anna")
    service.acting(Person("rita", "reviewer")).answer_anew([image.id], 2)
    done = service.record([event(service, image, "unclear", seq=1, client="b")], "ben")
    assert "settled by a reviewer" in done.notice
    assert [each.class_id for each in service.store.labels.current()] == [2]
    assert service.progress().unclear == 0
    assert image.id not in {each.image.id for each in service.lease("c", "carl", 6)}


def test_an_answer_anew_where_somebody_else_could_not_tell_settles_that(service):
    """It stands though they say so again; one's own word is changed without settling."""
    one, other = service.images()[:2]
    for seq, (image, who) in enumerate([(one, "anna"), (other, "rita")], 1):
        service.record([event(service, image, "unclear", seq=seq, client=who)], who)
    correcting.relabel(service.store, [one.id, other.id], 1, "rita")
    found = {each.image_id: each.source for each in service.store.labels.current()}
    assert found == {one.id: "adjudicated", other.id: "human"}
    for image, who in ((one, "anna"), (other, "ben")):
        service.record([event(service, image, "unclear", seq=9, client=who)], who)
    assert [each.image_id for each in service.store.labels.current()] == [one.id]
    assert set(service.store.beside.unclear([one.id, other.id])) == {other.id}
