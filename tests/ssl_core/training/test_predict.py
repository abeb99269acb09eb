"""A trained network answers for the rows of its data, by itself or from what others computed."""

import numpy as np
import torch

from ssl_core.backbones import build
from ssl_core.data.sources import ImageData
from ssl_core.training.predict import NeuralPredictor, Passed


def test_rows_that_somebody_else_sent_through_the_network_are_answered_from_there():
    """In the order that is asked for, and as the network itself answers."""
    rng = np.random.default_rng(0)
    data = ImageData(rng.integers(0, 256, (12, 3, 16, 16)).astype(np.uint8))
    model = build("small_cnn", 3, 4)
    here, there = NeuralPredictor(model, data), NeuralPredictor(model, data)
    with torch.no_grad():
        features = model.encode(data.clean(torch.arange(12)))
        there.passed = Passed(features, model.head(features))
    rows = torch.tensor([7, 0, 7, 11])
    assert torch.allclose(there.probabilities(rows), here.probabilities(rows), atol=1e-6)
    assert torch.allclose(there.embed(rows), here.embed(rows), atol=1e-6)
    there.passed = Passed(features.flip(0), model.head(features.flip(0)))
    assert torch.allclose(there.embed(11 - rows), here.embed(rows), atol=1e-6)
    assert there.fingerprint() == here.fingerprint()
