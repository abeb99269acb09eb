"""The columns of all images are what the images themselves say."""

from annotator.model import RowIndex
from tests.annotator.small import workspace


def test_each_row_is_one_image_up_to_the_newest(tmp_path):
    """Worked out image by image; what came later is left out."""
    service = workspace(tmp_path / "ws", 40)
    images = [each for each in service.images(limit=100) if each.id <= 33]
    found = service.store.images.pool(33)
    assert found.ids.tolist() == [each.id for each in images]
    assert found.measures.tolist() == [each.split != "pool" for each in images]
    assert list(found.hashes) == [each.sha256 for each in images]
    assert list(found.stored) == [each.stored for each in images]
    assert 0 < found.measures.sum() < 33
    service.close()


def test_counts_and_rows_are_right_with_gaps_and_without(tmp_path):
    """A whole row of numbers is never read for them where there is no gap."""
    service = workspace(tmp_path / "ws", 12)
    store, images = service.store, service.images(limit=20)
    for gone in (0, 5):
        ids = [each.id for each in images if each.id != gone]
        store.db.run("DELETE FROM image WHERE id = :id", {"id": gone})
        assert store.images.index().ids.tolist() == RowIndex(ids).ids.tolist() == ids
        for split in ("pool", "test"):
            mine = [each.id for each in images if each.split == split and each.id != gone]
            assert store.images.count(split) == len(mine)
            assert store.images.ids(split) == mine
            assert store.images.among([*ids, 99], split) == set(mine)
    service.close()
