"""A network small enough to follow by hand."""

import torch

from ssl_core.types import Classifier


def plane_network(num_classes: int = 2, seed: int = 0) -> Classifier:
    """A small network on points of the plane, without norm or dropout."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        encoder = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.ReLU())
        head = torch.nn.Linear(32, num_classes)
    return Classifier(encoder, head, num_features=32, num_classes=num_classes)
