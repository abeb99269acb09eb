"""Shards are cut, found again after a kill, and taken in only where they are right."""

import numpy as np
import pytest

from annotator.project.rows import CHUNK, Rows
from annotator.rounds.elsewhere import shards
from annotator.rounds.elsewhere.shards import Shards

MANY = 10 * CHUNK + 40
IMAGE = 3 * 64 * 64  # bytes of its pixels


def caches(folder, n=MANY, world="here", kinds=("clean", "weak2")):
    names = [f"{world} {number}" for number in range(n)]
    return {kind: Rows(folder / f"{kind}.f16", (2,), "float16", names) for kind in kinds}


def right(start, stop):
    """What belongs into these rows."""
    each = np.arange(start, stop)[:, None] % 97
    return np.concatenate([each, each + 1], 1).astype(np.float16)


def bring(cut, folder, which):
    """Leave the files of some shards, as a driver would."""
    for number in which:
        shard = list(cut.wanted())[number]
        np.save(folder / shard.name, right(shard.pieces[0][0], shard.pieces[-1][1]))


def test_shards_are_all_that_is_missing_once_and_in_order(tmp_path):
    """No node is sent more pixels at once than a bound; each piece is a batch of the cache."""
    kept = caches(tmp_path)
    for _ in kept["clean"].fill(lambda start, stop: right(start, stop)):
        if kept["clean"].filled >= 2 * CHUNK:
            break
    for image, most in ((IMAGE, 8), (IMAGE * 16, 1), (1 << 30, 1)):
        cut = Shards(tmp_path, kept, image)
        found = list(cut.wanted())
        pieces = [(each.kind, *piece) for each in found for piece in each.pieces]
        starts = range(0, MANY, CHUNK)
        whole = [(kind, start, min(start + CHUNK, MANY)) for kind in kept for start in starts]
        assert pieces == whole[2:]
        assert max(len(each.pieces) for each in found) == most
        assert len({each.name for each in found}) == len(found)
        assert cut.rows == 2 * MANY - 2 * CHUNK


def test_what_came_is_in_the_caches_and_the_rest_is_still_wanted(tmp_path):
    """Also where it came in another order, and after everything began anew."""
    cut = Shards(tmp_path, caches(tmp_path), IMAGE)
    bring(cut, tmp_path, [3, 0])
    rest = [each.name for number, each in enumerate(cut.wanted()) if number not in (0, 3)]
    again = Shards(tmp_path, caches(tmp_path), IMAGE)
    left = again.take_in()
    assert [each.name for each in again.wanted()] == rest
    assert left == sum(len(right(*p)) for each in again.wanted() for p in each.pieces)
    assert list(tmp_path.glob("*.npy")) == []
    bring(again, tmp_path, range(len(rest)))
    assert again.take_in() == 0
    for rows in caches(tmp_path).values():
        assert rows.filled == MANY
        assert np.array_equal(rows.read(), right(0, MANY))


@pytest.mark.parametrize("harm", ["torn", "empty", "width", "kind", "of other images", "stranger"])
def test_what_is_damaged_or_of_other_images_is_made_again(tmp_path, harm):
    """It is removed, and nothing of it is believed."""
    kept = caches(tmp_path)
    cut = Shards(tmp_path, kept, IMAGE)
    bring(cut, tmp_path, [0])
    [file] = tmp_path.glob("*.npy")
    if harm == "torn":
        file.write_bytes(file.read_bytes()[:-1])
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "width":
        np.save(file, right(0, 8 * CHUNK)[:, :1])
    elif harm == "kind":
        np.save(file, right(0, 8 * CHUNK).astype(np.float32))
    elif harm == "stranger":
        file.rename(file.with_name("notes.npy"))
    world = "there" if harm == "of other images" else "here"
    again = Shards(tmp_path, caches(tmp_path, world=world), IMAGE)
    assert again.take_in() == 2 * MANY
    assert list(tmp_path.glob("*.npy")) == []


def test_rows_computed_in_other_batches_are_not_mixed_in(tmp_path):
    """Chance in a view is seeded by the batch: a cache is what one machine would have made."""
    some = caches(tmp_path, CHUNK + 44, kinds=("weak",))
    bring(Shards(tmp_path, some, IMAGE), tmp_path, [0])
    more = caches(tmp_path, CHUNK + 90, kinds=("weak",))
    cut = Shards(tmp_path, more, IMAGE)
    assert cut.take_in() == 90, "the second batch has 90 images now, not 44"
    assert [each.pieces for each in cut.wanted()] == [((CHUNK, CHUNK + 90),)]


def test_a_shard_is_no_larger_than_its_bound():
    """At 64 pixels it is bounded by the pieces that are lost with a node, at 224 by bytes."""
    assert CHUNK * IMAGE * shards.MOST < shards.BYTES < CHUNK * 3 * 224 * 224
