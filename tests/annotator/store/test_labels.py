"""Label events: appended once, never changed, and the labels that follow from them."""

import random
import sqlite3
import threading
import time
from dataclasses import replace

import pytest

from annotator.model import LabelEvent
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 12)


def log(service, image):
    """Every event of one image, oldest first."""
    return service.store.db.rows(
        "SELECT * FROM event WHERE image_id = :id ORDER BY id", {"id": image.id}
    )


def test_an_event_that_is_sent_again_changes_nothing(service):
    """The page sends what is not acknowledged for as long as it takes."""
    image = service.images()[0]
    first = event(service, image, seq=1)
    assert service.record([first], "anna").ack == {"tab": 1}
    again = service.record([first], "anna")
    assert again.ack == {"tab": 1}
    assert again.written == ()
    assert len(log(service, image)) == 1


def test_a_label_sent_again_after_its_undo_does_not_come_back(service):
    """A late copy of an old message leaves both the label and the queue as they are."""
    image = service.images()[0]
    given, taken = event(service, image, seq=1), event(service, image, "undo", seq=2)
    service.record([given], "anna")
    service.record([given, taken], "anna")
    service.record([given, taken], "anna")
    assert service.progress().labeled == 0
    assert image.id in [question.image.id for question in service.lease("tab", "anna", 12)]


def test_the_image_on_the_screen_must_be_the_image_that_is_labeled(service):
    """A wrong content hash is refused, acknowledged and kept with its reason."""
    one, other = service.images()[:2]
    crossed = LabelEvent("tab", 1, "label", one.id, other.sha256, service.classes()[0].id)
    done = service.record([crossed], "anna")
    assert done.ack == {"tab": 1}
    assert "not the one that was on the screen" in done.refused[0][2]
    assert service.progress().labeled == 0


@pytest.mark.parametrize("what", ["image", "class"])
def test_what_does_not_exist_is_refused_with_a_reason(service, what):
    """An image or a class that is not there gets no label."""
    image = service.images()[0]
    wrong = LabelEvent(
        "tab",
        1,
        "label",
        999 if what == "image" else image.id,
        image.sha256,
        999 if what == "class" else service.classes()[0].id,
    )
    [(client, seq, reason)] = service.record([wrong], "anna").refused
    assert (client, seq) == ("tab", 1)
    assert "999" in reason


def test_the_newest_label_counts_and_undo_uncovers_the_one_before(service):
    """Dark, then light, then undo: dark again, as replaying the log by hand says."""
    image = service.images()[0]
    dark, light = (each.id for each in service.classes())
    current = lambda: {e.image_id: e.class_id for e in service.store.labels.current()}  # noqa: E731
    service.record([event(service, image, seq=1, name="dark")], "anna")
    assert current() == {image.id: dark}
    service.record([event(service, image, seq=2, name="light")], "anna")
    assert current() == {image.id: light}
    service.record([event(service, image, "undo", seq=3)], "anna")
    assert current() == {image.id: dark}
    service.record([event(service, image, "undo", seq=4)], "anna")
    assert current() == {}
    assert [row["kind"] for row in log(service, image)] == [
        "label", "label", "undo", "undo",
    ]  # fmt: skip


def test_undo_takes_back_only_ones_own_answers(service):
    """Ben's undo does not remove Anna's label."""
    image = service.images()[0]
    service.record([event(service, image, seq=1)], "anna")
    service.record([event(service, image, "undo", seq=1, client="ben's tab")], "ben")
    assert service.progress().labeled == 1


def test_a_round_sees_the_labels_as_they_were_at_its_watermark(service):
    """Labels and undos that come later do not change what a resumed round learns from."""
    images = service.images()[:3]
    service.record([event(service, each, seq=i) for i, each in enumerate(images[:2], 1)], "anna")
    mark = service.store.labels.watermark()
    before = service.store.labels.current(watermark=mark)
    service.record([event(service, images[0], "undo", seq=3)], "anna")
    service.record([event(service, images[2], seq=4)], "anna")
    assert service.store.labels.current(watermark=mark) == before
    assert {each.image_id for each in service.store.labels.current()} == {
        images[1].id, images[2].id,
    }  # fmt: skip


def test_the_log_cannot_be_changed_even_by_hand(service):
    """SQLite itself refuses to update or delete an event."""
    answer(service, 1)
    for statement in ("UPDATE event SET class_id = 1", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            service.store.db.run(statement)


def test_every_event_keeps_why_the_image_was_asked(service):
    """The reason of the queue is written with the answer."""
    [image] = answer(service, 1)
    assert log(service, image)[0]["reason"] == "chosen at random"


def test_a_removed_class_keeps_its_labels_and_restoring_brings_them_back(service):
    """Its images are asked again meanwhile; nothing is lost from the log."""
    images = answer(service, 8)
    dark = next(each for each in service.classes() if each.name == "dark")
    of_dark = [image.id for image in images if "dark" in image.name]
    service.remove_class(dark.id)
    assert service.progress().labeled == 8 - len(of_dark)
    asked = [question.image.id for question in service.lease("tab", "anna", 12)]
    assert set(of_dark) <= set(asked)
    service.restore_class(dark.id)
    assert service.progress().labeled == 8


def test_many_threads_write_at_once_and_every_label_is_there(service):
    """Six tabs, no "database is locked", no lost event."""
    images = service.images()
    failures = []

    def press(number):
        try:
            for seq in range(1, 9):
                image = images[(number + seq) % len(images)]
                one = event(service, image, seq=seq, client=f"tab {number}")
                service.record([one], f"person {number}")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=press, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert service.store.db.value("SELECT COUNT(*) FROM event") == 48


def late(service, image, name, at, client, seq=1):
    """An answer that was pressed so many seconds ago and comes in now."""
    return replace(event(service, image, seq=seq, client=client, name=name), at=time.time() - at)


def names(service):
    known = {each.id: each.name for each in service.classes(removed=True)}
    return {each.image_id: known[each.class_id] for each in service.store.labels.current()}


def test_what_was_pressed_later_counts_whoever_was_offline(service):
    """Anna pressed before Ben and her answer came after his: both are kept, and his stands."""
    image = service.images()[0]
    service.store.db.run("UPDATE image SET added = added - 1000")
    service.record([late(service, image, "dark", 60, "ben")], "ben")
    mark = service.store.labels.watermark()
    before = service.store.labels.current(watermark=mark)
    service.record([late(service, image, "light", 300, "anna")], "anna")
    assert names(service) == {image.id: "dark"}
    assert len(log(service, image)) == 2
    service.record([late(service, image, "light", 10, "anna", 2)], "anna")
    assert names(service) == {image.id: "light"}
    assert service.store.labels.current(watermark=mark) == before


def test_an_undo_that_comes_late_takes_back_the_answer_of_its_own_page(service):
    """What came from the tablet, with its undo, leaves what was pressed at the desk meanwhile."""
    image = service.images()[0]
    service.store.db.run("UPDATE image SET added = added - 1000")
    service.record([late(service, image, "dark", 60, "desk")], "anna")
    offline = [late(service, image, "light", 300, "tablet"), event(service, image, "undo",
               seq=2, client="tablet")]  # fmt: skip
    service.record(offline, "anna")
    assert names(service) == {image.id: "dark"}
    service.record([event(service, image, "undo", seq=3, client="tablet")], "anna")
    assert names(service) == {}


@pytest.mark.parametrize("back", [0, 5, 5000])
def test_who_changes_an_answer_is_never_overruled_by_a_clock_that_was_put_back(service, back):
    """The same page, or a new one after the answer came from the future: the change stands."""
    image = service.images()[0]
    service.store.db.run("UPDATE image SET added = added - 10000")
    service.record([late(service, image, "dark", 0, "tab")], "anna")
    service.record([late(service, image, "light", back, "tab", 2)], "anna")
    assert names(service) == {image.id: "light"}
    assert [row["at"] <= row["received"] for row in log(service, image)] == [True, True]


def test_any_order_of_arrival_gives_the_label_that_was_pressed_last(service):
    """Worked out anew from what was sent: by press, within one page by its numbers."""
    rng = random.Random(5)
    images = service.images()[:4]
    service.store.db.run("UPDATE image SET added = 0")
    start = time.time() - 100_000
    sent = dict.fromkeys(("a", "b", "c"), 0)
    given, told = [], {}
    for number in range(300):
        client, image = rng.choice(list(sent)), rng.choice(images)
        sent[client] += 1
        pressed = start + rng.randrange(50)
        name = rng.choice(["dark", "light"])
        one = event(service, image, seq=sent[client], client=client, name=name)
        service.record([replace(one, at=pressed)], client)
        own = [at for at, _, who, which, _ in given if (who, which) == (client, image.id)]
        given.append((max([pressed, *own]), number, client, image.id, name))
        told = {which: said for _, _, _, which, said in sorted(given)}
        if number % 20 == 0:
            assert names(service) == told
    assert names(service) == told


@pytest.mark.parametrize("at", [8.64e12, -1e300, 1e400, float("nan"), 0.0])
def test_a_time_that_cannot_be_is_written_as_the_nearest_that_can(service, at):
    """An answer comes after its image and before it arrives, whatever the browser's clock says."""
    image = service.images()[0]
    given = replace(event(service, image, seq=1), at=at, seconds=-at)
    assert service.record([given], "anna").ack == {"tab": 1}
    [row] = log(service, image)
    [added] = service.store.db.rows("SELECT added FROM image WHERE id = :id", {"id": image.id})
    low, high = added["added"], row["received"]
    assert row["at"] == (low if at <= 0 else high)
    assert 0 <= row["seconds"] <= 86_400


def test_a_time_that_can_be_is_kept(service):
    """The browser was offline for a while: its clock says when the answer was given."""
    image = service.images()[0]
    service.store.db.run("UPDATE image SET added = added - 1000")
    given = replace(event(service, image, seq=1), at=time.time() - 500)
    service.record([given], "anna")
    assert log(service, image)[0]["at"] == given.at == service.store.labels.current()[0].at


def test_a_time_of_an_old_log_is_read_as_its_arrival(service):
    """The log cannot be changed, so the reader mends it."""
    images = service.images()[:3]
    for image, at in zip(images, (8.64e12, -1e300, 1e9), strict=True):
        service.store.db.run(
            """INSERT INTO event (client, seq, kind, image_id, class_id, annotator, at, received,
                                  seconds, reason)
               VALUES ('old', :id, 'label', :id, 1, 'anna', :at, 2e9, 0, '')""",
            {"id": image.id, "at": at},
        )
    assert [each.at for each in service.store.labels.current()] == [2e9, 2e9, 1e9]


@pytest.mark.parametrize("number", [2**70, -1, 0, 2**63])
@pytest.mark.parametrize("field", ["class_id", "image_id", "seq"])
def test_a_number_that_no_row_has_is_refused_and_the_others_are_stored(service, field, number):
    """One damaged answer in the browser holds up no other, and is not sent for ever."""
    images = service.images()[:2]
    first, good = (event(service, each, seq=seq) for seq, each in enumerate(images, 1))
    done = service.record([replace(first, **{field: number}), good], "anna")
    assert [each.image_id for each in done.written] == [images[1].id]
    [(client, seq, reason)] = done.refused
    assert (client, seq) == ("tab", number if field == "seq" else 1)
    assert reason
    assert done.ack == {"tab": 2}


def test_who_looks_back_and_answers_anew_answers_the_same_question(service):
    """The reason stays, in the log and in exports; whoever was not asked has none."""
    [image] = [each.image for each in service.lease("tab", "anna", 1)[:1]]
    service.record([event(service, image, seq=1)], "anna")
    service.record([event(service, image, seq=2, name="light")], "anna")
    service.record([event(service, image, seq=1, client="elsewhere", name="dark")], "ben")
    later, corrected, first = service.answers_to(image.id)
    assert first.reason == corrected.reason != ""
    assert later.reason == ""
