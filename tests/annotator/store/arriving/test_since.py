"""Whether what was decided still holds."""

from annotator.store.arriving import since
from tests.annotator.small import answer, workspace


def test_each_answer_and_each_change_of_a_class_is_seen_once(tmp_path):
    """What was written before a moment is no news; after it an answer names its image alone."""
    service = workspace(tmp_path / "ws", 6)
    db = service.store.db
    start = since.now(db)
    assert since.touched(db, start) == set()
    [image] = answer(service, 1)
    assert since.touched(db, start) == {image.sha256}
    assert since.now(db).change == start.change
    later = since.now(db)
    assert since.touched(db, later) == set()
    service.remove_class(service.classes()[0].id)
    assert since.now(db).change > later.change
    assert since.now(db).event == later.event
