"""A warm start: half of the old weights, class by class."""

import torch

from annotator.rounds.learn import Learned, keep, start_from
from ssl_core.backbones import build
from ssl_core.training.predict import NeuralPredictor


def test_weights_move_half_way_and_a_new_class_stays_fresh(tmp_path):
    """Classes 7 and 9 were known, in the other order; class 8 is new."""
    old, fresh = build("small_cnn", 1, 2, seed=1), build("small_cnn", 1, 3, seed=2)
    before = {name: value.clone() for name, value in fresh.state_dict().items()}
    keep(Learned(NeuralPredictor(old, None), ""), tmp_path / "ssl.pt", [9, 7])
    start_from(fresh, tmp_path / "ssl.pt", [7, 8, 9])
    after, saved = fresh.state_dict(), old.state_dict()
    for name, value in after.items():
        if name.startswith("head."):
            assert torch.allclose(value[0], (before[name][0] + saved[name][1]) / 2)
            assert torch.equal(value[1], before[name][1])
            assert torch.allclose(value[2], (before[name][2] + saved[name][0]) / 2)
        elif value.is_floating_point():
            assert torch.allclose(value, (before[name] + saved[name]) / 2, atol=1e-7)


def test_without_an_earlier_file_nothing_changes(tmp_path):
    """The first round has nothing to start from."""
    model = build("small_cnn", 1, 2, seed=1)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    start_from(model, tmp_path / "none.pt", [1, 2])
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
