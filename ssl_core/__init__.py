"""Semi-supervised training, acquisition and metrics; it knows nothing of the annotation tool."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssl_core.acquire import ACQUIRE
    from ssl_core.backbones import BACKBONES, build
    from ssl_core.data.presets import PRESETS, Preset, Strength
    from ssl_core.data.sources import FeatureData, ImageData
    from ssl_core.data.transforms import Views
    from ssl_core.errors import SSLError
    from ssl_core.estimator import SemiSupervisedClassifier
    from ssl_core.fits.neural import NeuralFit
    from ssl_core.fits.sklearn import SklearnFit
    from ssl_core.method import Method
    from ssl_core.methods import *  # noqa: F403 - the class of every method
    from ssl_core.methods import METHODS
    from ssl_core.recipe import Recipe
    from ssl_core.recipes import *  # noqa: F403 - likewise of every recipe
    from ssl_core.recipes import RECIPES
    from ssl_core.training.trainer import SemiSupervisedTrainer
    from ssl_core.types import (
        Batch,
        Classifier,
        Epoch,
        Losses,
        Predictor,
        Round,
        Stopped,
        Task,
        finish,
    )

# Where each name is, so that it is loaded when it is used: torch and scikit-learn take seconds
HOMES = {
    "ACQUIRE": "ssl_core.acquire",
    "BACKBONES": "ssl_core.backbones",
    "Batch": "ssl_core.types",
    "Classifier": "ssl_core.types",
    "Epoch": "ssl_core.types",
    "FeatureData": "ssl_core.data.sources",
    "ImageData": "ssl_core.data.sources",
    "Losses": "ssl_core.types",
    "METHODS": "ssl_core.methods",
    "Method": "ssl_core.method",
    "NeuralFit": "ssl_core.fits.neural",
    "PRESETS": "ssl_core.data.presets",
    "Predictor": "ssl_core.types",
    "Preset": "ssl_core.data.presets",
    "RECIPES": "ssl_core.recipes",
    "Recipe": "ssl_core.recipe",
    "Round": "ssl_core.types",
    "SSLError": "ssl_core.errors",
    "SemiSupervisedClassifier": "ssl_core.estimator",
    "SemiSupervisedTrainer": "ssl_core.training.trainer",
    "SklearnFit": "ssl_core.fits.sklearn",
    "Stopped": "ssl_core.types",
    "Strength": "ssl_core.data.presets",
    "Task": "ssl_core.types",
    "Views": "ssl_core.data.transforms",
    "build": "ssl_core.backbones",
    "finish": "ssl_core.types",
}

__all__ = [
    "ACQUIRE",
    "BACKBONES",
    "METHODS",
    "PRESETS",
    "RECIPES",
    "Batch",
    "Classifier",
    "Epoch",
    "FeatureData",
    "ImageData",
    "Losses",
    "Method",
    "NeuralFit",
    "Predictor",
    "Preset",
    "Recipe",
    "Round",
    "SSLError",
    "SemiSupervisedClassifier",
    "SemiSupervisedTrainer",
    "SklearnFit",
    "Stopped",
    "Strength",
    "Task",
    "Views",
    "build",
    "finish",
]

KINDS = ("ssl_core.methods", "ssl_core.recipes")  # whose classes are here by their names too

if not TYPE_CHECKING:  # or every name would seem to be there

    def __getattr__(name: str) -> object:
        """Load a name of HOMES, or the class of a method or recipe, once."""
        for home in [HOMES[name]] if name in HOMES else KINDS if name[0] != "_" else []:
            if hasattr(import_module(home), name):
                globals()[name] = getattr(import_module(home), name)
                return globals()[name]
        raise AttributeError(f"module 'ssl_core' has no attribute '{name}'")


def __dir__() -> list[str]:
    """List what is there, loaded or not."""
    return sorted({*globals(), *HOMES})
