"""What leaves the workspace, row by row: of one moment, whole, and never all in memory."""

import threading
import tracemalloc
from dataclasses import replace

import pytest

from annotator.store.outgoing import labeled
from annotator.store.outgoing.labeled import Labeled
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(tmp_path):
    """Forty images, fourteen of them answered, and a round."""
    service = workspace(tmp_path / "ws", 40)
    answer(service, 14)
    finish_round(service)
    yield service
    service.close()


def opened(service, threshold=0.0):
    return Labeled(service.store.db, service.store.results.latest(), threshold)


def test_pages_of_any_size_give_the_same_rows(service, monkeypatch):
    """Also twice, and where a page ends with the last row."""
    with opened(service) as rows:
        wanted = list(rows)
        for size in (1, 3, len(wanted), len(wanted) + 1):
            monkeypatch.setattr(labeled, "PAGE", size)
            assert list(rows) == wanted == list(rows)
    assert len({row.image.id for row in wanted}) == len(wanted) > 20


def test_answers_that_come_meanwhile_wait_for_the_next_export(service, monkeypatch):
    """An image is neither twice in it nor missing, whatever an expert does while it is written."""
    monkeypatch.setattr(labeled, "PAGE", 2)
    with opened(service) as rows:
        before, reading = list(rows), iter(rows)
        seen = [next(reading) for _ in range(3)]
        last = before[-1].image
        service.record([event(service, last, seq=50)], "ben")
        seen += reading
        assert seen == before
        assert before[-1].source == "pseudo"
    with opened(service) as rows:
        [now] = [row for row in rows if row.image == last]
    assert (now.source, now.annotator) == ("human", "ben")


def test_the_counts_are_those_of_the_rows(service):
    """By class, split and source."""
    with opened(service) as rows:
        counted: dict = {}
        for row in rows:
            key = (row.label, row.split, row.source)
            counted[key] = counted.get(key, 0) + 1
        assert rows.counts() == counted


def test_a_name_is_free_once(service):
    """In each export anew."""
    for _ in range(2):
        with opened(service) as rows:
            assert [rows.claim(name) for name in ("a", "b", "a", "A")] == [True, True, False, True]


def test_what_is_known_of_an_answer_comes_along(service):
    """How long it took, how likely it was asked, whether a guess was shown, and the group."""
    image = service.images(kind="unlabeled")[0]
    db = service.store.db
    db.run("UPDATE image SET in_group = 'abcd' WHERE id = :id", {"id": image.id})
    db.run(
        """INSERT INTO event (client, seq, kind, image_id, class_id, annotator, at, received,
                              seconds, reason, source, propensity, suggestion_shown)
           VALUES ('x', 1, 'label', :id, 1, 'eve', 5, 1e9, 3.25, 'why', 'verified', 0.5, 1)""",
        {"id": image.id},
    )
    with opened(service) as rows:
        [row] = [each for each in rows if each.image.id == image.id]
    assert (row.source, row.seconds, row.propensity) == ("verified", 3.25, 0.5)
    assert (row.suggestion_shown, row.group, row.reason) == (True, "abcd", "why")
    assert row.kin == 0


def likely(service):
    """What the pseudo-labels say of all classes, by image."""
    with opened(service) as rows:
        return {row.image.id: row.probabilities for row in rows if row.source == "pseudo"}


def test_a_pseudo_label_has_the_probability_of_each_class(service):
    """The likeliest is its label, as sure as it is; a person's label has none."""
    with opened(service) as rows:
        for row in rows:
            if row.source != "pseudo":
                assert row.probabilities is None
                continue
            assert set(row.probabilities) == {"dark", "light"}
            assert row.probabilities[row.label] == pytest.approx(row.confidence, abs=2e-5)
            assert sum(row.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_a_class_gives_its_probability_to_the_one_it_was_merged_into(service):
    """Also along a way of several, and a renamed one is known by its new name."""
    before = likely(service)
    dark, light = service.classes()
    other, last = service.add_class("other"), service.add_class("last")
    service.merge_class(light.id, other.id)
    service.merge_class(other.id, last.id)
    service.rename_class(dark.id, "night")
    after = likely(service)
    assert after == {
        image: {"night": said["dark"], "last": said["light"]} for image, said in before.items()
    }
    service.merge_class(dark.id, last.id)
    assert {tuple(said.items()) for said in likely(service).values()} == {(("last", 1.0),)}


def test_the_probability_of_a_removed_class_keeps_its_name(service):
    """The others then do not seem to be all there is; restored, it is as it was."""
    before = likely(service)
    [_, light] = service.classes()
    service.remove_class(light.id)
    after = likely(service)
    assert after
    assert after == {image: before[image] for image in after}
    with opened(service) as rows:
        assert {row.label for row in rows} == {"dark"}


def test_a_round_that_kept_no_probabilities_has_none(service):
    """Those before this version: its pseudo-labels are exported all the same."""
    wanted = likely(service)
    service.store.db.run("UPDATE prediction SET shares = NULL")
    assert likely(service) == dict.fromkeys(wanted)


def test_near_duplicates_are_of_one_kin(service):
    """Whichever of them came first."""
    images = service.images(limit=3)
    ids = [each.id for each in images]
    db = service.store.db
    for each in ids[:2]:
        db.run(
            "INSERT OR REPLACE INTO near_duplicate (image_id, first_id) VALUES (:id, :first)",
            {"id": each, "first": ids[0]},
        )
    with opened(service) as rows:
        kin = {row.image.id: row.kin for row in rows}
    assert [kin.get(each, ids[0]) for each in ids[:2]] == [ids[0]] * 2
    assert kin.get(ids[2], 0) == 0


def test_memory_does_not_grow_with_the_rows(service):
    """Twenty thousand labels are read in the memory that two thousand take."""
    heights = []
    for number in (2_000, 20_000):
        _invent(service.store.db, number)
        with opened(service) as rows:
            tracemalloc.start()
            assert sum(1 for _ in rows) >= number
            heights.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert heights[1] < 1.5 * heights[0]


def _invent(db, number):
    """So many images with a label each, without files."""
    with db.immediate():
        db.run(
            """WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < :last)
               INSERT OR IGNORE INTO image
                   (id, sha256, name, kept, width, height, split, note, draw, added)
               SELECT i, printf('%064x', i), 'name ' || i, 'images/00/' || i || '.png', 9, 9,
                   'pool', '', 0.5, 0 FROM n""",
            {"last": 999 + number},
        )
        db.run(
            """INSERT OR IGNORE INTO event (client, seq, kind, image_id, class_id, annotator, at,
                                            received, seconds, reason)
               SELECT 'many', id, 'label', id, 1, 'eve', 5, 9, 1, '' FROM image WHERE id >= 1000"""
        )


def test_what_was_put_off_or_cannot_be_told_has_no_pseudo_label(service):
    """The one is no row, the other a row without a label; marks stand beside rows of any source."""
    with opened(service) as rows:
        pseudo = [row.image for row in rows if row.source == "pseudo"]
        assert rows.unmentioned() == (0, 0)
    put_off, unclear, marked, *_ = pseudo
    untold = next(each for each in service.images(kind="test") if each.id not in {
        label.image_id for label in service.store.labels.current()
    })  # fmt: skip
    said = [(put_off, "skip", ""), (unclear, "unclear", "dim"), (marked, "flag", ""),
            (marked, "note", "see 3"), (untold, "note", "odd")]  # fmt: skip
    events = [
        replace(event(service, image, kind, seq=seq), note=note)
        for seq, (image, kind, note) in enumerate(said, 50)
    ]
    service.record(events, "ben")
    with opened(service) as rows:
        now = {row.image.id: row for row in rows}
        assert rows.unmentioned() == (1, 1)
    assert put_off.id not in now
    row = now[unclear.id]
    assert (row.source, row.label, row.why_unclear, row.annotator) == ("unclear", "", "dim", "ben")
    assert row.confidence is row.round is None
    row = now[marked.id]
    assert (row.source, row.flag, row.note) == ("pseudo", True, "see 3")
    assert not [each for each in now.values() if each.flag and each.image != marked]
    assert untold.id not in now
    service.record([event(service, each, seq=60 + n) for n, each in enumerate(pseudo[:2])], "ben")
    with opened(service) as rows:
        sources = {row.image.id: row.source for row in rows}
    assert (sources[put_off.id], sources[unclear.id]) == ("human", "human")


def test_an_answer_between_the_parts_takes_no_image_out_of_all_of_them(service, monkeypatch):
    """Labels, what nobody can tell and pseudo-labels are put aside as they were at one moment."""
    with opened(service) as rows:
        before = list(rows)
    guess = next(row for row in before if row.source == "pseudo")
    add = Labeled._add_pseudo

    def answered_first(self):
        def press():
            service.record([event(service, guess.image, seq=1, client="late")], "ben")

        other = threading.Thread(target=press)  # a thread has its own connection
        other.start()
        other.join()
        add(self)

    monkeypatch.setattr(Labeled, "_add_pseudo", answered_first)
    with opened(service) as rows:
        assert list(rows) == before
    monkeypatch.setattr(Labeled, "_add_pseudo", add)
    with opened(service) as rows:
        [now] = [row for row in rows if row.image.id == guess.image.id]
    assert (now.source, now.annotator) == ("human", "ben")
