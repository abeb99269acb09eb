"""What cannot be trained on is refused with the name of the thing and the way out."""

import math
import re

import numpy as np
import pytest
import torch

from ssl_core.data.sources import FeatureData, ImageData
from ssl_core.errors import SSLError
from ssl_core.methods import METHODS, build_method
from ssl_core.methods.supervised import Supervised
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Stopped, Task
from tests.ssl_core.contract import keywords
from tests.ssl_core.networks import plane_network
from tests.ssl_core.runs import listen

TASK = Task(num_classes=3, num_unlabeled=8, num_features=3, class_prior=torch.ones(3) / 3)
X = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
Y = torch.where(torch.arange(20) < 6, torch.arange(20) % 2, -1)


def data():
    """Twenty points of the plane; every view is the point itself."""
    return FeatureData(X, X[None], X[None])


def spoilt(row, value, which):
    """The same points with one value of one of the arrays replaced."""
    arrays = {"clean": X.copy(), "weak": X[None].copy(), "strong": np.stack([X, X])}
    arrays[which].reshape(-1, 20, 2)[-1, row, 1] = value
    return FeatureData(**arrays)


def train(classes=2, y=Y, source=data, **settings):
    """Two steps of a trainer with these settings."""
    settings = {"steps": 2, "batch_size": 4, "device": "cpu"} | settings
    trainer = SemiSupervisedTrainer(plane_network(classes), **settings)
    return listen(trainer.run(source(), y))


def fit(rows, labels, **settings):
    """Two steps on given rows and labels."""
    trainer = SemiSupervisedTrainer(plane_network(), steps=2, device="cpu", **settings)
    return listen(trainer.fit(data(), rows, labels, torch.arange(10, 20)))


BAD = {
    "lr 0": (lambda: train(lr=0), "lr must be a number above 0, or None for the usual one, not 0."),
    "lr nan": (lambda: train(lr=math.nan), "lr must be a number above 0"),
    "lr text": (lambda: train(lr="fast"), "lr must be a number above 0"),
    "ema 1": (lambda: train(ema_decay=1), "ema_decay must be a number from 0 to below 1, not 1"),
    "ema -1": (lambda: train(ema_decay=-0.1), "ema_decay must be a number from 0 to below 1"),
    "warmup": (lambda: train(warmup=-1), "warmup must be 0 or more, a whole number, not -1."),
    "clip": (lambda: train(clip=-1), "clip must be a number, 0 or more, not -1."),
    "decay": (lambda: train(weight_decay=-1e-4), "weight_decay must be a number, 0 or more"),
    "steps": (lambda: train(steps=0), "steps must be 1 or more, a whole number, not 0."),
    "steps 1.5": (lambda: train(steps=1.5), "steps must be 1 or more, a whole number, not 1.5."),
    "batch": (lambda: train(batch_size=0), "batch_size must be 1 or more"),
    "mu": (lambda: train(mu=0), "mu must be 1 or more"),
    "reports": (lambda: train(epoch_steps=0), "epoch_steps must be 1 or more"),
    "patience": (lambda: train(patience=-1), "patience must be 0 or more"),
    "precision": (
        lambda: train(precision="ful"),
        "Did you mean 'full'? Choose one of",
    ),
    "sampling": (lambda: train(sampling="even"), "Choose one of: balanced, uniform."),
    "device": (lambda: train(device="gpu"), "No device named 'gpu'."),
    "method": (lambda: train(method="fixmach"), "Did you mean 'fixmatch'?"),
    "option": (lambda: train(options={"treshold": 1}), "Did you mean 'threshold'?"),
    "options": (
        lambda: train(method=Supervised(TASK), options={"weight": 1}),
        "Options are for a method given by name",
    ),
    "one class": (lambda: train(classes=1, y=Y.clamp_max(0)), "1 class leaves nothing to tell"),
    "no label": (lambda: train(y=torch.full((20,), -1)), "no row that may be trained on"),
    "short": (lambda: train(y=Y[:19]), "There are 20 rows but 19 labels; give -1 for unknown."),
    "label 2": (lambda: train(y=torch.arange(20) % 3), "classes 0 to 1, but they run from 0 to 2"),
    "lost rows": (lambda: fit(torch.arange(4), torch.zeros(3).long()), "4 rows but 3 labels"),
    "row 20": (lambda: fit(torch.tensor([20]), torch.tensor([1])), "Rows must be 0 to 19"),
    "soft shape": (lambda: fit(torch.arange(2), torch.ones(2, 3) / 3), "shape (n, 2), not (2, 3)"),
    "soft nan": (
        lambda: fit(torch.arange(3), torch.tensor([[1, 0], [math.nan, 1], [0, -1.0]])),
        "Probabilities must be numbers from 0; look at labels 1, 2.",
    ),
    "soft balanced": (
        lambda: fit(torch.arange(2), torch.ones(2, 2) / 2, sampling="balanced"),
        "Balanced sampling needs classes",
    ),
    "nan": (lambda: spoilt(7, math.nan, "clean"), "The clean features of row 7 hold NaN or inf"),
    "inf": (lambda: spoilt(19, math.inf, "strong"), "The strong features of row 19 hold NaN or"),
    "no view": (lambda: FeatureData(X, X[:0][None][:0], X[None]), "at least one view, not (0, "),
    "no pixels": (lambda: ImageData(np.zeros((2, 8, 8), np.uint8)), "must be uint8 of shape"),
    "thresholds": (
        lambda: train(options={"threshold": [0.9, 0.8, 0.7]}),
        "threshold has 3 values, but there are 2 classes.",
    ),
    "a threshold": (
        lambda: train(options={"threshold": [0.9, 95]}),
        "threshold[1] must be a number from 0 to 1, not 95.",
    ),
    "a word": (lambda: train(options={"threshold": "high"}), "threshold must be a number from 0"),
}


@pytest.mark.parametrize(("attempt", "words"), BAD.values(), ids=BAD)
def test_bad_input_is_named(attempt, words):
    """An SSLError with these words, before anything is trained."""
    with pytest.raises(SSLError, match=re.escape(words)):
        attempt()


def numbers(name):
    """The hyper-parameters of a method that are numbers."""
    kept = keywords(METHODS[name]).items()
    return [key for key, value in kept if type(value) in (int, float)]


@pytest.mark.parametrize(("name", "key"), [(n, key) for n in METHODS for key in numbers(n)])
@pytest.mark.parametrize("value", [-1, 1e9, math.nan, None, "much"])
def test_a_hyper_parameter_out_of_range_is_named(name, key, value):
    """Whichever method and whichever number it is."""
    with pytest.raises(SSLError, match=rf"{key} must be a (whole )?number from"):
        build_method(name, TASK, **{key: value})


@pytest.mark.parametrize(
    "settings",
    [
        {"y": torch.where(torch.arange(20) < 6, 1, -1)},
        {"y": torch.where(torch.arange(20) < 1, 0, -1)},
        {"y": torch.arange(20) % 2},
        {"batch_size": 64},
        {"classes": 4},
        {"classes": 4, "sampling": "balanced"},
    ],
    ids=["one class has labels", "one label", "all labeled", "large batch", "classes without",
         "balanced without"],
)  # fmt: skip
@pytest.mark.parametrize("method", METHODS)
def test_scarce_input_still_trains(method, settings):
    """A batch larger than the pool runs on into the next shuffle; missing classes do no harm."""
    events, model = train(method=method, **settings)
    assert events[-1] == Stopped("all 2 steps are done")
    assert model.probabilities(torch.arange(20)).isfinite().all()


def test_a_value_in_a_later_chunk_is_found_as_well(monkeypatch):
    """Rows are looked at piece by piece."""
    monkeypatch.setattr("ssl_core.data.sources.CHUNK", 3)
    with pytest.raises(SSLError, match="weak features of row 10 hold"):
        spoilt(10, -math.inf, "weak")
