"""Checkpoints: whole or noticed as damaged, whatever happens to their files."""

import pytest
import torch

from ssl_core.errors import SSLError
from ssl_core.training import checkpoint


def test_a_damaged_checkpoint_says_what_to_do(tmp_path):
    """Half a file is not loaded."""
    path = tmp_path / "c.pt"
    checkpoint.save(path, {"fingerprint": "a", "weights": torch.ones(1000)})
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(SSLError, match=r"cannot be read\. Delete it to start anew"):
        checkpoint.load(path, "a")


@pytest.mark.parametrize("place", [0, 300, -1, -70, -100, -2000])
def test_one_byte_of_damage_to_a_checkpoint_is_noticed(tmp_path, place):
    """Also in the midst of the weights, which would load as other numbers."""
    path = tmp_path / "c.pt"
    checkpoint.save(path, {"fingerprint": "a", "weights": torch.ones(1000)})
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)
    with pytest.raises(SSLError, match=r"cannot be read. Delete it"):
        checkpoint.load(path, "a")
    [aside] = checkpoint.set_aside(tmp_path.iterdir())
    assert aside.read_bytes() == content
    assert checkpoint.load(path, "a") is None, "a run begins anew"


def test_whole_checkpoints_are_left_where_they_are(tmp_path):
    """Also those of a version that wrote no checksum; torch reads both as ever."""
    checkpoint.save(tmp_path / "new.pt", {"fingerprint": "a", "step": 3})
    torch.save({"fingerprint": "a", "step": 3}, tmp_path / "old.pt")
    assert checkpoint.set_aside(tmp_path.iterdir()) == []
    for name in ("new.pt", "old.pt"):
        assert checkpoint.load(tmp_path / name, "a")["step"] == 3
        assert torch.load(tmp_path / name, weights_only=True)["step"] == 3
    assert checkpoint.set_aside([tmp_path / "absent.pt"]) == []


def test_a_checkpoint_that_fails_to_be_written_leaves_the_old_one(tmp_path):
    """What cannot be saved does not replace what was."""
    path = tmp_path / "c.pt"
    checkpoint.save(path, {"fingerprint": "a", "step": 1})
    with pytest.raises((AttributeError, TypeError, RuntimeError)):
        checkpoint.save(path, {"fingerprint": "a", "step": (n for n in ())})
    assert checkpoint.load(path, "a")["step"] == 1
