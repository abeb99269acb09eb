"""LAMDA-SSL's FixMatch on our images and network: it asks for shims on today's scikit-learn.

Not a dependency: `pip install --no-deps lamda-ssl==1.0.2`. Its threshold and its augmentation
without the flip (RandAugment and cutout, image by image); batch sizes, steps, decay of the moving
average and network are ours, for with its own decay of .999 the average is still cold after 600.
"""

from __future__ import annotations

import importlib.util

import numpy as np
import sklearn.utils
import torch
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.extmath import _approximate_mode
from torch import nn

THERE = importlib.util.find_spec("LAMDA_SSL") is not None


def fixmatch(
    network: nn.Module,
    images: NDArray[np.uint8],
    y: NDArray[np.int64],
    unlabeled: NDArray[np.uint8],
    test: NDArray[np.uint8],
    steps: int,
) -> NDArray[np.int64]:
    """Train on images (n, H, W, 3) and unlabeled ones; return the classes of the test images."""
    sklearn.utils._approximate_mode = _approximate_mode
    ClassifierMixin._estimator_type = "classifier"
    from LAMDA_SSL.Algorithm.Classification.FixMatch import FixMatch
    from LAMDA_SSL.Augmentation.Vision.Cutout import Cutout
    from LAMDA_SSL.Augmentation.Vision.RandAugment import RandAugment
    from LAMDA_SSL.Augmentation.Vision.RandomCrop import RandomCrop
    from LAMDA_SSL.Dataloader.LabeledDataloader import LabeledDataLoader
    from LAMDA_SSL.Dataloader.UnlabeledDataloader import UnlabeledDataLoader
    from LAMDA_SSL.Opitimizer.SGD import SGD
    from LAMDA_SSL.Sampler.RandomSampler import RandomSampler
    from LAMDA_SSL.Scheduler.CosineAnnealingLR import CosineAnnealingLR
    from sklearn.pipeline import Pipeline

    class Cosine(CosineAnnealingLR):
        def init_scheduler(self, optimizer):  # torch no longer takes `verbose`
            return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, self.T_max)

    crop = ("crop", RandomCrop(padding=0.125, padding_mode="reflect"))
    model = FixMatch(
        network=network, epoch=1, num_it_epoch=steps, num_it_total=steps, mu=3, device="cpu",
        optimizer=SGD(lr=0.1, momentum=0.9, nesterov=True),
        scheduler=Cosine(eta_min=0, T_max=steps), ema_decay=0.99,
        labeled_sampler=RandomSampler(replacement=True, num_samples=32 * (steps + 1)),
        labeled_dataloader=LabeledDataLoader(
            batch_size=32, num_workers=0, drop_last=True, prefetch_factor=None
        ),
        unlabeled_dataloader=UnlabeledDataLoader(
            num_workers=0, drop_last=True, prefetch_factor=None
        ),
        test_dataloader=UnlabeledDataLoader(batch_size=64, num_workers=0, prefetch_factor=None),
        augmentation={
            "weak_augmentation": Pipeline([crop]),
            "strong_augmentation": Pipeline(
                [crop, ("rand", RandAugment(n=2, m=10, num_bins=10)),
                 ("cut", Cutout(v=0.5, fill=(127, 127, 127)))]
            ),
        },
    )  # fmt: skip
    model.fit(X=images, y=y, unlabeled_X=unlabeled)
    return np.asarray(model.predict(X=test))
