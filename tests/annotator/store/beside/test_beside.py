"""Answers that are no label, against a log that is replayed by hand."""

import random
import time
from dataclasses import replace

import pytest

from annotator.model import LabelEvent, Marks
from tests.annotator.small import event, workspace

ANSWERS = ("label", "skip", "unclear")
TAKES = {"": (*ANSWERS, "flag", "note"), "answer": ANSWERS, "flag": ("flag",), "note": ("note",)}


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 12)


def say(service, image, kind, seq, *, by="anna", **more):
    """One event of a person, from a page of their own."""
    each = event(service, image, kind, seq=seq, client=f"tab of {by}")
    return service.record([replace(each, **more)], by)


def replayed(events):
    """What stands of a log, taking undos one by one: the events, oldest first."""
    standing = []
    for each in events:
        if each["kind"] != "undo":
            standing.append(each)
            continue
        own = [
            other
            for other in standing
            if (other["image"], other["by"]) == (each["image"], each["by"])
            and other["kind"] in TAKES[each["takes"]]
        ]
        if own:
            standing = [other for other in standing if other is not own[-1]]
    return standing


def words(standing):
    """image -> its last word: a class id, 'unclear', 'skip' or nothing."""
    found = {}
    for each in standing:
        if each["kind"] == "skip":
            found.setdefault(each["image"], "skip")
    for each in standing:
        if each["kind"] in ("label", "unclear"):
            found[each["image"]] = each["class"] or "unclear"
    return found


@pytest.mark.parametrize("seed", range(8))
def test_what_counts_is_what_a_replay_of_the_log_says(service, seed):
    """Two people answer, mark and take back at random; every state of every image follows."""
    rng, images, log = random.Random(seed), service.images()[:4], []
    classes = [each.id for each in service.classes()]
    before = {}
    for seq in range(1, 121):
        image, by = rng.choice(images), rng.choice(["anna", "ben"])
        kind = rng.choice([*ANSWERS, "flag", "note", "undo", "undo"])
        given = {
            "kind": kind,
            "image": image.id,
            "by": by,
            "class": rng.choice(classes) if kind == "label" else None,
            "note": rng.choice(["", "dim", "see 3"]) if kind in ("note", "unclear") else "",
            "takes": rng.choice(list(TAKES)) if kind == "undo" else "",
        }
        log.append(given)
        more = {"class_id": given["class"], "note": given["note"], "takes": given["takes"]}
        say(service, image, kind, seq, by=by, **more)
        if seq == 60:
            before = {service.store.labels.watermark(): words(replayed(log))}
    standing = replayed(log)
    expected, store = words(standing), service.store
    ids = [each.id for each in images]
    assert {e.image_id: e.class_id for e in store.labels.current()} == {
        image: word for image, word in expected.items() if isinstance(word, int)
    }
    assert set(store.beside.unclear(ids)) == {
        i for i, word in expected.items() if word == "unclear"
    }
    assert set(store.beside.skipped(ids)) == {i for i, word in expected.items() if word == "skip"}
    assert store.beside.answered(ids) == set(expected)
    for mark, then in before.items():  # what came later changes nothing of how it stood
        assert set(store.beside.unclear_ids(mark)) == {i for i, w in then.items() if w == "unclear"}
        assert set(store.beside.skipped_ids(mark)) == {i for i, w in then.items() if w == "skip"}
    for image in ids:
        marks = store.beside.marks([image]).get(image, Marks())
        of_it = [each for each in standing if each["image"] == image]
        assert set(marks.flags) == {each["by"] for each in of_it if each["kind"] == "flag"}
        last = {each["by"]: each["note"] for each in of_it if each["kind"] == "note"}
        assert dict(marks.notes) == {by: text for by, text in last.items() if text}


def test_who_could_not_tell_and_why_is_kept(service):
    """The last one that stands, with its reason."""
    image = service.images()[0]
    say(service, image, "unclear", 1, note="dark")
    say(service, image, "unclear", 1, by="ben", note="out of focus")
    found = service.store.beside.unclear([image.id])[image.id]
    assert (found.annotator, found.why) == ("ben", "out of focus")
    say(service, image, "undo", 2, by="ben")
    assert service.store.beside.unclear([image.id])[image.id].why == "dark"


def test_a_label_of_anybody_outweighs_that_nobody_can_tell_and_the_other_way_round(service):
    """The later press is the last word."""
    image = service.images()[0]
    say(service, image, "unclear", 1)
    say(service, image, "label", 1, by="ben")
    assert service.store.labels.count() == 1
    assert service.progress().unclear == 0
    say(service, image, "unclear", 2)
    assert service.store.labels.count() == 0
    assert service.progress().unclear == 1


def test_a_press_that_came_before_but_arrives_late_does_not_replace_the_last_word(service):
    """Which one was pressed last is told by the time of the press."""
    image = service.images()[0]
    early = time.time()
    time.sleep(0.02)
    say(service, image, "label", 1, by="ben")
    say(service, image, "unclear", 1, at=early)
    assert service.store.labels.count() == 1


def test_taking_back_is_one_more_event_each_and_of_everybody(service):
    """Nothing is erased; only what was named is taken back."""
    one, two = service.images()[:2]
    say(service, one, "unclear", 1)
    say(service, one, "skip", 1, by="ben")
    say(service, one, "flag", 2, by="ben")
    say(service, two, "label", 2)
    taken = service.store.beside.take_back([one.id, two.id], ("skip", "unclear"), "zoe")
    assert taken == [one.id]
    rows = service.store.db.rows("SELECT kind, annotator, undoes FROM event ORDER BY id")
    assert [(row["kind"], row["annotator"]) for row in rows[-2:]] == [("undo", "zoe")] * 2
    assert service.store.beside.marks([one.id])[one.id].flags == ("ben",)
    assert service.store.beside.answered([one.id, two.id]) == {two.id}


def test_notes_of_several_people_are_told_with_their_names(service):
    """One is its own text; none is empty."""
    image = service.images()[0]
    say(service, image, "note", 1, note="dim")
    assert service.store.beside.marks([image.id])[image.id].note == "dim"
    say(service, image, "note", 1, by="ben", note="crop it")
    assert service.store.beside.marks([image.id])[image.id].note == "anna: dim\nben: crop it"
    assert service.store.beside.marks([image.id], "ben")[image.id].note == "crop it"
    assert Marks().note == ""


def test_an_undo_names_what_it_takes_back(service):
    """A flag that is put off leaves the answer, and an answer that is taken back the flag."""
    image = service.images()[0]
    say(service, image, "flag", 1)
    say(service, image, "label", 2)
    say(service, image, "undo", 3, takes="flag")
    assert service.store.labels.count() == 1
    assert service.store.beside.marks([image.id]) == {}
    say(service, image, "flag", 4)
    say(service, image, "undo", 5, takes="answer")
    assert service.store.labels.count() == 0
    assert service.store.beside.marks([image.id])[image.id].flags == ("anna",)


def test_an_event_of_a_kind_is_written_once(service):
    """What is sent again is known by its number, whatever its kind."""
    image = service.images()[0]
    each = LabelEvent("tab", 1, "note", image.id, image.sha256, at=time.time(), note="dim")
    for _ in range(3):
        assert service.record([each], "anna").ack == {"tab": 1}
    assert service.store.db.value("SELECT COUNT(*) FROM event") == 1
