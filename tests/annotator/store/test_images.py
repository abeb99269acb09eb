"""Images: which are set apart to measure, and that something is left to learn from."""

import hashlib

import pytest

from annotator.model import NewImage
from annotator.service import Service
from annotator.store.images import draw

SHARE = 0.3


@pytest.fixture
def images(tmp_path):
    return Service.create(tmp_path / "ws", ["a", "b"]).store.images


def named(*numbers):
    """Images that differ in content."""
    return [
        NewImage(hashlib.sha256(b"%d" % each).hexdigest(), f"{each}.png", f"images/{each}", 8, 8)
        for each in numbers
    ]


def add(images, new, share=SHARE):
    return images.add(new, test_share=share, seed=0)


def drawn(*, test, n):
    """The numbers of the first n images that the draw alone would reserve, or would not."""
    found = [each for each in range(200) if (draw(named(each)[0].sha256, 0) < SHARE) is test]
    return found[:n]


def test_a_single_image_is_there_to_learn_from(images):
    """Also one that the draw would reserve: nothing can be measured without learning."""
    [only] = drawn(test=True, n=1)
    assert add(images, named(only)) == [1]
    assert (images.ids("pool"), images.ids("test")) == ([1], [])


def test_of_a_few_images_that_would_all_be_reserved_the_last_drawn_learns(images):
    """The others measure, and so does what comes later; coming again changes nothing."""
    few, more = drawn(test=True, n=4)[:3], drawn(test=True, n=4)[3:]
    add(images, named(*few))
    last = max(few, key=lambda each: draw(named(each)[0].sha256, 0))
    assert images.ids("pool") == [few.index(last) + 1]
    add(images, named(*few, *more))
    assert images.ids("test") == [each for each in (1, 2, 3, 4) if each != few.index(last) + 1]


def test_the_first_image_to_learn_from_may_come_later(images):
    """A workspace in which everything is reserved already is mended by the next import."""
    first, second = drawn(test=True, n=2)
    add(images, named(first))
    images.db.run("UPDATE image SET split = 'test'")
    add(images, named(first, second))
    assert (images.ids("pool"), images.ids("test")) == ([2], [1])


def test_a_larger_import_is_split_by_the_draws_alone(images):
    """Each image below the share measures, worked out one by one."""
    new = named(*range(100))
    add(images, new)
    below = [place for place, each in enumerate(new, 1) if draw(each.sha256, 0) < SHARE]
    assert images.ids("test") == below
    assert 15 < len(below) < 45


@pytest.mark.parametrize("n", [0, 1, 5_000])
def test_many_images_are_found_by_id_in_one_read(images, monkeypatch, n):
    """Whatever their order, asked for twice or never there; as they are one by one."""
    add(images, named(*range(5_100)))
    images.db.run("DELETE FROM image WHERE id % 7 = 0")
    asked = [*range(n, 0, -1), *range(1, n, 3), -1, 0, 10**9]
    wanted = {each: found for each in asked if (found := images.get(each))}
    reads = []
    rows = images.db.rows
    monkeypatch.setattr(images.db, "rows", lambda *told: reads.append(told) or rows(*told))
    assert images.many(iter(asked)) == wanted
    assert len(wanted) == n - n // 7
    assert len(reads) == 1


@pytest.mark.parametrize("number", [2**70, 2**63, 0, -1])
def test_a_number_that_no_image_has_finds_none(images, number):
    """Also one that SQLite could not take."""
    add(images, named(1))
    assert images.get(number) is None


def test_a_group_is_drawn_as_a_whole_and_followed_by_what_comes_later(images):
    """Whatever share and seed are by then; only what has no group yet is put into one."""
    new = named(*range(60))
    groups = {image.sha256: f"g{number % 12}" for number, image in enumerate(new)}
    images.add(new[:40], test_share=0.5, seed=0, groups=groups)
    images.add(new[40:], test_share=0.0, seed=3, groups=groups)
    assert all(len(splits) == 1 for splits in images.sides().values())
    assert images.groups() == groups
    assert 0 < images.count("test") < 60
    images.join({new[0].sha256: "other"})
    assert images.groups() == groups


def test_a_test_image_that_is_kept_is_not_drawn(images):
    """Nor is one that is kept to learn from."""
    new = named(*range(20))
    kept = {image.sha256: ("test", "pool")[number % 2] for number, image in enumerate(new)}
    ids = images.add(new, test_share=0.9, seed=0, kept=kept)
    assert images.ids("test") == ids[::2]
