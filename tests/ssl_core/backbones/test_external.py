"""Networks of timm by name and from files of weights, with no network to fetch them from."""

import json
import sys

import pytest
import torch

from ssl_core.backbones import build
from ssl_core.backbones.external import External
from ssl_core.errors import SSLError
from ssl_core.fingerprint import state_hash

timm = pytest.importorskip("timm")
SMALL = "test_resnet.r160_in1k"  # of timm's own tests
NAME = SMALL.split(".")[0]
FIXED = "test_vit"  # takes images of 160 pixels alone


@pytest.fixture(scope="module")
def body():
    torch.manual_seed(0)
    return timm.create_model(NAME, num_classes=7).eval()


def saved(body, path, **metadata):
    """The weights in a file, with a head that nobody here needs."""
    if path.suffix == ".safetensors":
        from safetensors.torch import save_file

        save_file(body.state_dict(), path, metadata or None)
    else:
        torch.save(
            metadata | {"state_dict": body.state_dict()} if metadata else body.state_dict(), path
        )
    return path


def slow(body, images):
    """What timm itself makes of images, by its own mean and spread."""
    config = timm.data.resolve_model_data_config(body)
    mean, std = (torch.tensor(config[key]).view(1, 3, 1, 1) for key in ("mean", "std"))
    with torch.no_grad():
        return body.forward_head(body.forward_features((images - mean) / std), pre_logits=True)


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".pth"])
@pytest.mark.parametrize("form", ["named", "in the file", "beside it"])
def test_a_file_of_weights_embeds_as_timm_does(body, tmp_path, suffix, form):
    """Whichever way it says which network they are of; gray images are three equal colors."""
    said = {"architecture": NAME} if form == "in the file" else {}
    file = saved(body, tmp_path / f"net{suffix}", **said)
    if form == "beside it":
        (tmp_path / "config.json").write_text(json.dumps({"architecture": NAME}))
    model = build(f"timm:{NAME}@{file}" if form == "named" else str(file), 3, 2).eval()
    images = torch.rand(2, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.allclose(model.encode(images), slow(body, images), atol=1e-5)
        gray = build(f"timm:{NAME}@{file}", 1, 2).eval().encode(images[:, :1])
    assert torch.allclose(gray, slow(body, images[:, :1].expand(-1, 3, -1, -1)), atol=1e-5)
    assert model.num_features == gray.shape[1]


def test_a_network_that_takes_one_size_is_shown_that_size(tmp_path):
    """A transformer knows where its patches lie."""
    torch.manual_seed(0)
    body = timm.create_model(FIXED).eval()
    file = saved(body, tmp_path / "vit.safetensors")
    model = build(f"timm:{FIXED}@{file}", 3, 2).eval()
    with torch.no_grad():
        assert model.encode(torch.rand(2, 3, 64, 64)).shape == (2, model.num_features)
        large = torch.rand(1, 3, 160, 160)
        assert torch.allclose(model.encode(large), slow(body, large), atol=1e-5)


def test_the_digits_that_name_its_embeddings_are_of_its_weights_and_colors(body, tmp_path):
    """Two files of one network are two names; so is another mean."""
    first = build(f"timm:{NAME}@{saved(body, tmp_path / 'a.pt')}", 3, 2).encoder
    again = build(f"timm:{NAME}@{saved(body, tmp_path / 'b.pt')}", 3, 2).encoder
    torch.manual_seed(1)
    changed = timm.create_model(NAME, num_classes=7)
    other = build(f"timm:{NAME}@{saved(changed, tmp_path / 'c.pt')}", 3, 2).encoder
    assert isinstance(first, External)
    assert state_hash(first) == state_hash(again) != state_hash(other)
    again.mean += 0.1
    assert state_hash(first) != state_hash(again)


def test_weights_that_are_not_on_this_machine_are_not_fetched(tmp_path, monkeypatch):
    """The error says what brings them, and that a file serves as well."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it asked the network"))
    with pytest.raises(SSLError) as told:
        build(f"timm:{SMALL}", 3, 2)
    message = str(told.value)
    assert "timm/test_resnet.r160_in1k" in message
    assert "not on this machine, and nothing is fetched" in message
    assert f"timm.create_model('{SMALL}', pretrained=True)" in message
    assert f"timm:{SMALL}@FILE" in message


def test_weights_in_the_local_cache_are_found(body, tmp_path, monkeypatch):
    """Where the hub's own client lays them."""
    snapshot = tmp_path / "models--timm--test_resnet.r160_in1k" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    saved(body, snapshot / "model.safetensors")
    refs = snapshot.parents[1] / "refs"
    refs.mkdir()
    (refs / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    images = torch.rand(1, 3, 48, 48)
    with torch.no_grad():
        found = build(f"timm:{SMALL}", 3, 2).eval().encode(images)
    assert torch.allclose(found, slow(body, images), atol=1e-5)


def test_weights_of_another_network_are_refused(body, tmp_path):
    """With how many of its tensors do not fit."""
    file = saved(body, tmp_path / "net.safetensors")
    with pytest.raises(SSLError, match=f"are not of {FIXED}: .* tensors are missing"):
        build(f"timm:{FIXED}@{file}", 3, 2)


def test_a_network_that_timm_does_not_know_is_named_with_near_ones():
    """Before any weights are sought."""
    with pytest.raises(SSLError, match=r"no network called 'resnet1888'\. Did you mean.*resnet1"):
        build("timm:resnet1888", 3, 2)


def test_a_file_that_does_not_say_its_network_tells_how_to_name_it(body, tmp_path):
    """As most files of weights."""
    file = saved(body, tmp_path / "net.pt")
    with pytest.raises(SSLError, match=rf"`timm:NETWORK@{file}`.*config\.json"):
        build(str(file), 3, 2)


class Trap:
    """Something that would run code if a file were unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
@pytest.mark.parametrize("kind", ["gone", "nonsense", "code"])
def test_a_file_that_holds_no_weights_is_an_error_and_runs_nothing(tmp_path, suffix, kind):
    """Absent, garbage, and a pickle that would open a file."""
    file = tmp_path / f"net{suffix}"
    if kind == "nonsense":
        file.write_bytes(b"nonsense" * 100)
    elif kind == "code":
        torch.save({"state_dict": Trap(tmp_path / "sprung")}, file)
    with pytest.raises(SSLError, match="cannot be read"):
        build(f"timm:{NAME}@{file}", 3, 2)
    assert not (tmp_path / "sprung").exists()


def test_without_timm_the_error_names_the_extra(monkeypatch):
    """It is not in the base installation."""
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(SSLError, match=r"pip install 'certilabel\[timm\]'"):
        build(f"timm:{NAME}", 3, 2)
