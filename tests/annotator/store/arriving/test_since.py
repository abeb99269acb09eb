"""Whether what was decided still holds."""

import pytest

from annotator.store.arriving import since
from tests.annotator.small import answer, event, workspace


def test_each_answer_and_each_change_of_a_class_is_seen_once(tmp_path):
    """What was written before a moment is no news; after it an answer names its image alone."""
    service = workspace(tmp_path / "ws", 6)
    db, images = service.store.db, [each.sha256 for each in service.images()]
    start = since.now(db)
    assert since.touched(db, start, images) == set()
    [image] = answer(service, 1)
    assert since.touched(db, start, images) == {image.sha256}
    assert since.touched(db, start, {*images} - {image.sha256}) == set()
    assert since.now(db).change == start.change
    later = since.now(db)
    assert since.touched(db, later, images) == set()
    service.remove_class(service.classes()[0].id)
    assert since.now(db).change > later.change
    assert since.now(db).event == later.event


@pytest.mark.parametrize("kind", ["label", "undo", "unclear", "flag", "note"])
def test_whatever_is_said_of_an_image_is_seen(tmp_path, kind):
    """Not labels alone: each of them may decide what an import says of it."""
    service = workspace(tmp_path / "ws", 2)
    image, before = service.images()[0], since.now(service.store.db)
    service.record([event(service, image, kind, seq=1, name="dark")], "anna")
    assert since.touched(service.store.db, before, [image.sha256]) == {image.sha256}


def test_answers_about_other_images_are_not_looked_through(tmp_path, monkeypatch):
    """However many there are: every table is asked by an index."""
    db, asked = workspace(tmp_path / "ws", 2).store.db, []
    rows, moment = db.rows, since.now(db)

    def note(sql, parameters):
        asked.append((sql, parameters))
        return rows(sql, parameters)

    monkeypatch.setattr(db, "rows", note)
    since.touched(db, moment, ["a"])
    [(sql, parameters)] = asked
    steps = [row["detail"] for row in rows(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    assert not [step for step in steps if step.startswith("SCAN") and "json_each" not in step]
