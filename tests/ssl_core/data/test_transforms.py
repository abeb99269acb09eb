"""Views of one's own: each image by itself, seeded, resumed to the bit; and our own geometry."""

import math

import numpy as np
import pytest
import torch
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as tv

from ssl_core import ImageData, Preset, SemiSupervisedTrainer, SSLError, Strength, Views, build
from ssl_core.data.augment import weak
from tests.ssl_core.runs import listen

LOOK = Views(
    weak=v2.RandomAffine(5, interpolation=v2.InterpolationMode.BILINEAR),
    strong=v2.Compose([v2.RandomAffine(20), v2.GaussianNoise(sigma=0.1), v2.RandomErasing(p=0.5)]),
)


@pytest.fixture
def own(images):
    """The images of two classes, seen through transforms of torchvision."""
    data, truth = images
    return ImageData(data.pixels, LOOK), torch.where(torch.arange(24) < 8, truth, -1)


def test_every_image_gets_its_own_draw(own):
    """Twenty copies of one image come out as twenty images, of its shape and in [0, 1]."""
    data, _ = own
    rows = torch.zeros(20, dtype=torch.int64)
    for kind in ("weak", "strong2"):
        views = data.view(kind, rows, torch.Generator().manual_seed(0))
        assert views.shape == (20, 1, 8, 8)
        assert 0 <= views.min() <= views.max() <= 1
        assert len({tuple(view.flatten().tolist()) for view in views}) == 20


def test_all_randomness_comes_from_the_generator(own):
    """Same generator, same views, whatever the global state, which stays as it was."""
    data, _ = own
    before, views = torch.get_rng_state(), []
    for noise in (1, 2):
        torch.manual_seed(noise)
        state = torch.get_rng_state()
        views.append(data.view("strong", torch.arange(6), torch.Generator().manual_seed(4)))
        assert torch.equal(torch.get_rng_state(), state)
    torch.set_rng_state(before)
    assert torch.equal(*views)


def test_training_that_was_killed_goes_on_to_the_bit(own, tmp_path):
    """Cut after two epochs and resumed, the network is the one of an unbroken run."""
    data, y = own

    def run(file):
        return SemiSupervisedTrainer(
            build("small_cnn", 1, 2), "fixmatch", steps=8, epoch_steps=2, batch_size=4,
            device="cpu", checkpoint=tmp_path / file,
        ).run(data, y)  # fmt: skip

    _, straight = listen(run("straight.pt"))
    cut = run("cut.pt")
    next(cut)
    next(cut)
    cut.close()
    _, resumed = listen(run("cut.pt"))
    assert resumed.fingerprint() == straight.fingerprint()


def test_a_transform_that_changes_the_shape_is_refused(images):
    """The message has both shapes."""
    data = ImageData(images[0].pixels, Views(weak=v2.CenterCrop(4), strong=lambda image: image))
    with pytest.raises(
        SSLError, match=r"\(1, 8, 8\) of its image, but one came out as \(1, 4, 4\)"
    ):
        data.view("weak", torch.arange(2), torch.Generator())


def test_a_preset_of_ones_own_serves_like_a_named_one(images):
    """Strengths that are no named preset."""
    mine = Preset(weak=Strength(), strong=Strength(brightness=0.3))
    data = ImageData(images[0].pixels, mine)
    rows = torch.arange(4)
    still = data.view("weak", rows, torch.Generator())
    torch.testing.assert_close(still, data.clean(rows))
    assert not torch.equal(data.view("strong", rows, torch.Generator()), still)


@pytest.mark.parametrize(
    "strength",
    [
        Strength(rotation=40),
        Strength(scale=0.3, shift=0.1),
        Strength(rotation=25, scale=0.2, shift=0.1),
        Strength(shear=0.3),
        Strength(shear=0.3, scale=0.2),
    ],
)
@pytest.mark.parametrize("side", [(24, 24), (20, 36)])
def test_our_geometry_is_that_of_torchvision(strength, side):
    """One blob on black, moved by us and by torchvision's affine with the same numbers."""
    height, width = side
    y, x = np.mgrid[:height, :width]
    blob = np.exp(-(((y - height / 2) / 2) ** 2 + ((x - width / 2 - 2) / 2.5) ** 2))
    image = torch.from_numpy(blob).float()[None]
    for seed in range(5):
        draw = torch.rand(8, 1, generator=torch.Generator().manual_seed(seed)) * 2 - 1
        # We say where each pixel comes from, torchvision where it goes
        angle = float(draw[0]) * strength.rotation
        size = math.exp(float(draw[1]) * math.log1p(strength.scale))
        slant = float(draw[2]) * strength.shear
        turn = math.radians(angle)
        c, s = size * math.cos(turn), size * math.sin(turn)
        source = np.array([[c, slant * c - s], [s, slant * s + c]])
        offset = np.array([float(draw[3]) * width, float(draw[4]) * height]) * strength.shift
        moved = -np.linalg.solve(source, offset)
        theirs = tv.affine(
            image, angle=-angle, translate=moved.tolist(), scale=1 / size,
            shear=[math.degrees(math.atan(slant)), 0.0],
            interpolation=v2.InterpolationMode.BILINEAR,
        )  # fmt: skip
        ours = weak(
            image[None], Preset(strength, strength), torch.Generator().manual_seed(seed)
        )[0]  # fmt: skip
        assert (ours - image).abs().max() > 1e-3
        torch.testing.assert_close(ours, theirs, atol=2e-3, rtol=0)
