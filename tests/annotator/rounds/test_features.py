"""Caches of pixels and embeddings: computed once, resumed where a kill cut them, the same again."""

import numpy as np
import pytest
import timm
import torch
from PIL import Image

from annotator.rounds import features as module
from annotator.rounds.features import VIEWS, Features, channels, thumbnails
from ssl_core.backbones import build
from ssl_core.backbones.efficientnet import imagenet
from tests.annotator.small import source


@pytest.fixture
def files(tmp_path):
    return sorted(source(tmp_path / "pictures", 6, side=40).iterdir())


def test_embeddings_are_what_the_network_says_of_the_decoded_pixels(tmp_path, files):
    """Row i is image i through EfficientNet-Lite0, to half precision."""
    features = Features(tmp_path / "features", files, torch.device("cpu"))
    embeddings = features.embeddings("efficientnet_lite0", 64, "photo")
    shares = list(embeddings.fill())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    pixels = torch.from_numpy(np.array(features.pixels(64).read())).float() / 255
    with torch.no_grad():
        slow = torch.cat([imagenet(0).encode(image[None]) for image in pixels])
    found = torch.from_numpy(np.array(embeddings.read("clean"))).float()
    assert torch.allclose(found, slow, atol=2e-2, rtol=2e-2)
    for view in VIEWS[1:]:
        assert not np.array_equal(embeddings.read(view), embeddings.read("clean"))


def test_a_network_is_read_once_and_computes_only_where_rows_are_missing(
    tmp_path, files, monkeypatch
):
    """A round asks twice for its embeddings; the next one finds all of them there."""
    made = []
    for name in ("build", "folded"):
        do = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, n=name, d=do: made.append(n) or d(*a))
    for wanted in (["build", "folded"], ["build"]):
        made.clear()
        features = Features(tmp_path / "features", files, torch.device("cpu"))
        for _ in range(2):
            list(features.embeddings("efficientnet_lite0", 64, "photo").fill())
        assert made == wanted


def test_views_come_out_the_same_when_they_are_computed_anew(tmp_path, files):
    """Augmentation is seeded by the place: a lost cache is rebuilt bit for bit."""
    found = []
    for name in ("first", "second"):
        features = Features(tmp_path / name, files, torch.device("cpu"))
        embeddings = features.embeddings("efficientnet_lite0", 64, "microscopy")
        list(embeddings.fill(("strong",)))
        found.append(np.array(embeddings.read("strong")))
    assert np.array_equal(found[0], found[1])


def test_another_augmentation_is_another_cache_but_the_clean_one_is_shared(tmp_path, files):
    """Changing the preset embeds the views again and nothing else."""
    features = Features(tmp_path / "features", files, torch.device("cpu"))
    photo = features.embeddings("efficientnet_lite0", 64, "photo")
    xray = features.embeddings("efficientnet_lite0", 64, "xray")
    assert photo.rows("clean").path == xray.rows("clean").path
    assert photo.rows("weak").path != xray.rows("weak").path


def test_one_color_image_makes_the_set_a_color_one(tmp_path, files):
    """Gray throughout is one channel."""
    assert channels(tmp_path / "features", files) == 1
    Image.new("RGB", (20, 20), (200, 10, 10)).save(tmp_path / "red.png")
    assert channels(tmp_path / "features", [*files, tmp_path / "red.png"]) == 3


def test_thumbnails_are_unit_vectors_near_for_like_images():
    """A picture is nearer to its noisy copy than to its negative."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (1, 28, 28)).astype(np.uint8)
    noisy = (image * 0.95).astype(np.uint8)
    vectors = thumbnails(np.stack([image, noisy, 255 - image]))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_file_of_weights_embeds_and_its_weights_name_the_cache(tmp_path, files):
    """Row i is image i through that network; other weights under the same path are another file."""
    weights = tmp_path / "my nets" / "net.pt"
    weights.parent.mkdir()
    name, places = f"timm:test_resnet@{weights}", []
    for seed in (0, 1):
        torch.manual_seed(seed)
        torch.save(timm.create_model("test_resnet").state_dict(), weights)
        features = Features(tmp_path / "features", files, torch.device("cpu"))
        embeddings = features.embeddings(name, 64, "photo")
        list(embeddings.fill(("clean",)))
        pixels = torch.from_numpy(np.array(features.pixels(64).read())).float() / 255
        with torch.no_grad():
            slow = build(name, features.channels, 2).eval().encode(pixels)
        found = torch.from_numpy(np.array(embeddings.read("clean"))).float()
        assert torch.allclose(found, slow, atol=2e-2, rtol=2e-2)
        places.append(embeddings.rows("clean").path)
    assert places[0] != places[1]
    assert all(each.parents[1] == tmp_path / "features" for each in places)
