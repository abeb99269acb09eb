"""Near-duplicates: what a person would call the same picture is found, and nothing else."""

import io

import numpy as np
import pytest
import torch
from PIL import Image as Picture

from annotator.rounds import near_duplicates
from ssl_core.parts.graph import neighbors

SIDE = 48


def drawing(seed: int, side: int = SIDE) -> Picture.Image:
    """A picture of its own: smooth blotches, as in a photograph."""
    coarse = np.random.default_rng(seed).uniform(20, 200, (7, 7)).astype(np.uint8)
    return Picture.fromarray(coarse).resize((side, side), Picture.Resampling.BICUBIC)


def rows(pictures) -> np.ndarray:
    return np.stack([np.asarray(each, np.uint8)[None] for each in pictures])


def found(pixels, start=0):
    """The pairs of a search, and the news on the way."""
    search, news = near_duplicates.search(pixels, start), []
    while True:
        try:
            news.append(next(search))
        except StopIteration as end:
            return end.value, news


def jpeg(picture):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=75)
    return Picture.open(io.BytesIO(buffer.getvalue())).convert("L")


def shade(picture, change):
    return Picture.fromarray(change(np.asarray(picture, float)).clip(0, 255).astype(np.uint8))


CHANGES = {
    "saved again as JPEG": jpeg,
    "a pixel cut off all around": lambda p: p.crop((1, 1, SIDE - 1, SIDE - 1)).resize(p.size),
    "a pixel cut off at the left": lambda p: p.crop((1, 0, SIDE, SIDE)).resize(p.size),
    "a pixel to the right": lambda p: shade(
        p, lambda v: np.pad(v, ((0, 0), (1, 0)), "edge")[:, :-1]
    ),
    "brighter": lambda p: shade(p, lambda v: v + 20),
    "less contrast": lambda p: shade(p, lambda v: 30 + 0.7 * v),
    "shrunk and enlarged": lambda p: p.resize((SIDE // 2, SIDE // 2)).resize(p.size),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_slightly_changed_copy_is_found_among_others(change):
    """Of forty pictures, the changed copy belongs to its original alone."""
    pictures = [drawing(seed) for seed in range(40)]
    pairs, _ = found(rows([*pictures, change(pictures[7])]))
    assert pairs == [(7, 40)]


def test_different_pictures_are_not_merged():
    """Neither unlike ones, nor one with a blotch that the other lacks, nor a negative."""
    pictures = [drawing(seed) for seed in range(40)]
    blotched = np.array(pictures[0])
    blotched[10:20, 10:20] = 255 - blotched[10:20, 10:20]
    negative = Picture.fromarray(255 - np.asarray(pictures[1]))
    assert found(rows([*pictures, Picture.fromarray(blotched), negative]))[0] == []


def test_blank_pictures_are_no_near_duplicates():
    """Empty pages say nothing about each other; a round may still learn what blank means."""
    blank = [Picture.new("L", (SIDE, SIDE), shade) for shade in (0, 0, 255, 40)]
    assert found(rows(blank))[0] == []


def test_a_later_search_looks_at_new_images_only_and_finds_the_same():
    """Old pairs are not found again; old and new together are all of them."""
    pictures = [drawing(seed) for seed in range(20)]
    pictures += [jpeg(pictures[3]), jpeg(pictures[3]), jpeg(pictures[5])]
    pixels = rows(pictures)
    everything, news = found(pixels)
    assert set(everything) == {(3, 20), (3, 21), (20, 21), (5, 22)}
    assert 0 <= news[0].share <= news[-1].share <= 1
    before, _ = found(pixels[:21])
    after, _ = found(pixels, start=21)
    assert not set(before) & set(after)
    assert set(before) | set(after) == set(everything)
    assert found(pixels, start=len(pixels)) == ([], [])


def test_blocks_change_nothing(monkeypatch):
    """The same pairs, whatever the size of the parts."""
    pictures = [drawing(seed % 30) for seed in range(60)]
    whole, _ = found(rows(pictures))
    monkeypatch.setattr(neighbors, "QUERIES", 7)
    monkeypatch.setattr(near_duplicates, "CHUNK", 7)
    monkeypatch.setattr(near_duplicates, "TOGETHER", 11)
    assert found(rows(pictures))[0] == whole == [(seed, seed + 30) for seed in range(30)]


def fitted(first, second):
    """The correlation of the second with the best change of the first, one pair at a time."""
    soft, wanted = (blurred(np.asarray(each, float)) for each in (first, second))
    inner, place = soft[1:-1, 1:-1], np.linspace(-1, 1, SIDE - 2)
    x, y = (soft[1:-1, 2:] - soft[1:-1, :-2]) / 2, (soft[2:, 1:-1] - soft[:-2, 1:-1]) / 2
    parts = [each.ravel() for each in (inner, x, y, place * x, place[:, None] * y)]
    known = np.stack([part - part.mean() for part in parts], 1)
    target = wanted[1:-1, 1:-1].ravel() - wanted[1:-1, 1:-1].mean()
    weight = np.linalg.lstsq(known, target, rcond=None)[0]
    if weight[0] <= 0 or np.abs(weight[1:]).max() > near_duplicates.FAR * weight[0]:
        return -1.0
    return np.corrcoef(known @ weight, target)[0, 1]


def blurred(pixels):
    """Each pixel a weighted mean of itself and its neighbors, twice; the edge goes on outside."""
    for _ in range(2):
        for axis in (0, 1):
            wide = np.pad(pixels, [(1, 1) if each == axis else (0, 0) for each in (0, 1)], "edge")
            before, after = (np.roll(wide, step, axis) for step in (1, -1))
            wide = (before + 2 * wide + after) / 4
            pixels = wide[1:-1] if axis == 0 else wide[:, 1:-1]
    return pixels


def test_pairs_that_share_images_are_as_alike_as_each_pair_by_itself():
    """Changed copies, others, and one of either twice: as least squares in double precision say."""
    pictures = [drawing(seed) for seed in range(4)]
    pictures += [change(pictures[0]) for change in CHANGES.values()]
    pairs = torch.tensor([(i, j) for i in range(3) for j in range(i + 1, len(pictures))])
    expected = [fitted(pictures[i], pictures[j]) for i, j in pairs.tolist()]
    found = near_duplicates._alike(rows(pictures), pairs)
    np.testing.assert_allclose(found, expected, atol=2e-4)
    assert (found[3:10] >= near_duplicates.ALIKE).all()


def test_color_images_of_any_size_are_compared():
    """Large ones are shrunk first."""
    picture = Picture.merge("RGB", [drawing(seed, 150) for seed in range(3)])
    other = Picture.merge("RGB", [drawing(seed, 150) for seed in range(3, 6)])
    cut = picture.crop((1, 1, 149, 149)).resize(picture.size)
    pixels = np.stack([np.asarray(each).transpose(2, 0, 1) for each in (picture, other, cut)])
    assert found(pixels)[0] == [(0, 2)]
