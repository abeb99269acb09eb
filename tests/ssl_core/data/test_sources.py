"""Batches come in shuffled epochs, in pairs, and go on where they stopped; views stay in range."""

import numpy as np
import pytest
import torch

from ssl_core.data import augment
from ssl_core.data.presets import PRESETS, Preset, Strength, preset
from ssl_core.data.sources import FeatureData, ImageData
from ssl_core.errors import SSLError
from ssl_core.training.batches import Batches, split_rows
from ssl_core.training.sampling import Shuffled


def stream(data, y, pool=None, **changes):
    """Batches of 5 labeled and 7 unlabeled rows of the pool, weak and strong."""
    settings = {"batch_size": 5, "unlabeled_batch_size": 7, "seed": 3} | changes
    labeled, unlabeled = split_rows(y, pool)
    return Batches(data, labeled, y[labeled], unlabeled, ("weak", "strong"), **settings)


def same(one, other):
    """Whether two batches are equal to the bit."""
    return (
        torch.equal(one.x, other.x)
        and torch.equal(one.y, other.y)
        and torch.equal(one.index, other.index)
        and all(torch.equal(one.u[name], other.u[name]) for name in one.u)
    )


def test_every_position_comes_once_an_epoch():
    """Ten draws of 3 out of 10 make three epochs; each third of them is a permutation."""
    draws = Shuffled(10, 3, torch.Generator().manual_seed(0))
    drawn = torch.cat([next(draws) for _ in range(10)]).reshape(3, 10)
    for epoch in drawn:
        assert sorted(epoch.tolist()) == list(range(10))
    assert not torch.equal(drawn[0], drawn[1])


def test_a_batch_larger_than_the_pool_wraps():
    """Four rows, a batch of ten: every row two or three times."""
    count = torch.bincount(next(Shuffled(4, 10, torch.Generator().manual_seed(0))), minlength=4)
    assert len(count) == 4
    assert set(count.tolist()) <= {2, 3}


def test_a_stream_goes_on_from_its_saved_state(images):
    """Three batches after a restore equal the three after the save."""
    data, truth = images
    y = torch.where(torch.arange(24) < 6, truth, -1)
    first = stream(data, y)
    for _ in range(4):
        next(first)
    state = first.state_dict()
    expected = [next(first) for _ in range(3)]
    other = stream(data, y, seed=99)
    other.load_state_dict(state)
    assert all(same(batch, next(other)) for batch in expected)


def test_the_pair_is_what_it_says(moons):
    """Labels belong to their rows, both views to the same row, and the index to the pool."""
    data, truth = moons
    plain = FeatureData(data.features, data.features[None], data.features[None])
    y = torch.where(torch.arange(200) % 4 == 0, truth, -1)
    batch = next(stream(plain, y))
    assert batch.x.shape == (5, 2)
    for x, label in zip(batch.x, batch.y, strict=True):
        row = int((plain.clean(torch.arange(200)) == x).all(1).nonzero())
        assert row % 4 == 0
        assert truth[row] == label
    unlabeled = (y < 0).nonzero().squeeze(1)
    assert torch.equal(batch.u["weak"], plain.clean(unlabeled[batch.index]))
    assert torch.equal(batch.u["weak"], batch.u["strong"])


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("change", [augment.weak, augment.strong])
def test_views_keep_shape_and_range_and_differ_by_image(name, channels, change):
    """Eight copies of one image come out as eight different images in [0, 1]."""
    g = torch.Generator().manual_seed(0)
    images = torch.rand(1, channels, 20, 28, generator=g).expand(8, -1, -1, -1)
    before = images.clone()
    views = change(images, preset(name), g)
    assert views.shape == images.shape
    assert views.isfinite().all()
    assert 0 <= views.min() <= views.max() <= 1
    assert len({tuple(view.flatten().tolist()) for view in views}) == 8
    assert torch.equal(images, before), "the originals were changed"


@pytest.mark.parametrize("name", PRESETS)
def test_strong_views_stray_further_than_weak_ones(name):
    """On a smooth picture, away from flips and turns, the mean change is larger."""
    ramp = torch.linspace(0.2, 0.8, 32)
    images = (ramp[:, None] * ramp[None]).expand(64, 1, 32, 32)
    chosen = preset(name)
    still = Preset(weak=chosen.weak, strong=chosen.strong, edge=chosen.edge)
    changed = [
        (change(images, still, torch.Generator().manual_seed(0)) - images).abs().mean()
        for change in (augment.weak, augment.strong)
    ]
    assert changed[1] > changed[0] or chosen.weak.rotation == 180


def test_same_generator_same_views(images):
    """What is random is drawn from the generator, and from nothing else."""
    data, _ = images
    rows = torch.arange(6)
    views = [data.view("strong", rows, torch.Generator().manual_seed(4)) for _ in range(2)]
    assert torch.equal(*views)


def test_no_strength_no_change():
    """An image that may not stray comes back as it was."""
    images = torch.rand(3, 1, 9, 13)
    nothing = Preset(weak=Strength(), strong=Strength())
    torch.testing.assert_close(augment.weak(images, nothing, torch.Generator()), images)


def test_a_quarter_turn_moves_pixels_on_a_wide_image():
    """Turning is done in pixels: a dot right of the center goes above or below, as far away."""
    images = torch.zeros(400, 1, 11, 21)
    images[:, 0, 5, 13] = 1  # three right of the center (5, 10)
    turned = augment.weak(
        images, Preset(weak=Strength(rotation=90), strong=Strength()),
        torch.Generator().manual_seed(0),
    )  # fmt: skip
    strongest = turned.flatten(1).argmax(1)
    away = torch.hypot(strongest // 21 - 5.0, strongest % 21 - 10.0)
    assert (away - 3).abs().max() <= 1
    assert (strongest % 21 - 10).min() <= 1


def test_letters_are_never_mirrored_and_slides_are():
    """A bright left half stays left in documents and x-rays, and changes sides in microscopy."""
    images = torch.zeros(50, 1, 16, 16)
    images[..., :8] = 1
    left = {
        name: augment.weak(images, preset(name), torch.Generator().manual_seed(0))[..., :4].mean(
            (1, 2, 3)
        )
        for name in ("document", "xray", "microscopy")
    }
    assert left["document"].min() > 0.9
    assert left["xray"].min() > 0.9
    assert left["microscopy"].min() < 0.1


def test_views_are_drawn_from_all_cached_copies(moons):
    """Each row gets one of its own copies, and not always the same."""
    data, _ = moons
    rows = torch.zeros(200, dtype=torch.int64)
    drawn = data.view("strong2", rows, torch.Generator().manual_seed(0))
    copies = torch.from_numpy(data.copies["strong"][:, 0])
    which = (drawn[:, None] == copies[None]).all(2)
    assert which.any(1).all()
    assert which.any(0).all()


def test_two_views_that_are_asked_for_together_are_two_copies(moons):
    """No row has the same copy twice; the first is drawn as if it were asked for alone."""
    data, _ = moons
    copies = np.stack([data.features + number for number in range(3)])
    several = FeatureData(data.features, copies, copies)
    rows = torch.arange(200)
    names = ("weak", "strong", "weak2", "weak3", "weak4", "strong2")
    u = several.views(names, rows, torch.Generator().manual_seed(0))
    alone = several.view("weak", rows, torch.Generator().manual_seed(0))
    assert list(u) == list(names)
    assert torch.equal(u["weak"], alone)
    number = {name: (u[name] - several.clean(rows))[:, 0].round().long() for name in names}
    assert set(number["weak"].tolist()) == {0, 1, 2}
    assert torch.equal(number["weak2"], (number["weak"] + 1) % 3)
    assert torch.equal(number["weak3"], (number["weak"] + 2) % 3)
    assert torch.equal(number["weak4"], number["weak"])  # there are no more than three
    assert torch.equal(number["strong2"], (number["strong"] + 1) % 3)


def test_a_memory_map_serves_like_an_array(images, tmp_path):
    """Pixels on disk give the same floats."""
    data, _ = images
    np.save(tmp_path / "pixels.npy", data.pixels)
    mapped = ImageData(np.load(tmp_path / "pixels.npy", mmap_mode="r"), "handwriting")
    rows = torch.tensor([5, 0, 5])
    assert torch.equal(mapped.clean(rows), data.clean(rows))
    assert data.clean(rows).max() <= 1


def test_wrong_arrays_and_names_say_what_is_right(moons):
    """Each mistake names the thing and the choices."""
    data, _ = moons
    with pytest.raises(SSLError, match=r"uint8 of shape \(N, C, H, W\), not float64 \(2, 8, 8\)"):
        ImageData(np.zeros((2, 8, 8)))
    with pytest.raises(SSLError, match="Did you mean 'xray'"):
        ImageData(np.zeros((2, 1, 8, 8), np.uint8), "xrays")
    with pytest.raises(SSLError, match="strong features must be"):
        FeatureData(np.zeros((4, 2)), np.zeros((1, 4, 2)), np.zeros((1, 5, 2)))
    with pytest.raises(SSLError, match="No view named 'mild'"):
        data.view("mild", torch.arange(2), torch.Generator())
