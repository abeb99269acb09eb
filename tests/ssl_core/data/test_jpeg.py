"""JPEG on a batch: beside a real encoder, and on what it must leave alone."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_sample_image

from ssl_core.data.jpeg import compressed
from ssl_core.data.presets import PRESETS


def encoded(picture, quality):
    """Write and read a JPEG with Pillow."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, subsampling=0)
    return np.asarray(Image.open(file)).astype(float)


@pytest.fixture(scope="module")
def photo():
    """A photograph whose sides are no multiples of eight."""
    return load_sample_image("china.jpg")[100:201, 200:303]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_it_loses_what_a_real_encoder_loses(photo, mode):
    """Four qualities in one batch: near Pillow on average, far below the loss."""
    picture = Image.fromarray(photo).convert(mode)
    pixels = np.atleast_3d(np.asarray(picture))
    image = torch.from_numpy(pixels.transpose(2, 0, 1).copy()).float() / 255
    quality = torch.tensor([90.0, 60.0, 30.0, 10.0])
    batch = compressed(image.expand(4, -1, -1, -1), quality)
    for ours, each in zip(batch, quality, strict=True):
        found = ours.permute(1, 2, 0).numpy() * 255
        theirs = np.atleast_3d(encoded(picture, int(each)))
        difference = np.abs(found - theirs).mean()
        assert difference < 1.5
        assert difference < 0.6 * np.abs(pixels - theirs).mean()


def test_a_plain_image_and_full_quality_lose_next_to_nothing():
    """A constant survives any quality; at 100 every wave is kept to one level."""
    plain = torch.full((1, 3, 9, 17), 0.5)
    assert (compressed(plain, torch.tensor([10.0])) - plain).abs().max() < 0.02
    noise = torch.rand(1, 1, 20, 12, generator=torch.Generator().manual_seed(0))
    assert (compressed(noise, torch.tensor([100.0])) - noise).abs().max() < 3 / 255


def test_an_image_does_not_depend_on_its_neighbors_in_the_batch():
    """Each has its own quality and comes out as it would alone."""
    images = torch.rand(3, 1, 13, 10, generator=torch.Generator().manual_seed(0))
    quality = torch.tensor([20.0, 90.0, 50.0])
    together = compressed(images, quality)
    alone = torch.cat(
        [compressed(images[i : i + 1], quality[i : i + 1]) for i in range(3)]
    )  # fmt: skip
    torch.testing.assert_close(together, alone)


def test_documents_are_compressed_and_nothing_else_is():
    """Only the strong view of pages that are scanned and mailed."""
    lossy = {name for name, each in PRESETS.items() if each.strong.jpeg or each.weak.jpeg}
    assert lossy == {"document"}
    assert PRESETS["document"].weak.jpeg == 0
