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
    from ssl_core.methods import METHODS
    from ssl_core.methods.adamatch import AdaMatch
    from ssl_core.methods.cct import CrossConsistencyTraining
    from ssl_core.methods.consistency import ConsistencyRegularization
    from ssl_core.methods.entropy_min import EntropyMinimization
    from ssl_core.methods.fixmatch import FixMatch
    from ssl_core.methods.flexmatch import FlexMatch
    from ssl_core.methods.freematch import FreeMatch
    from ssl_core.methods.ict import ICT
    from ssl_core.methods.mean_teacher import MeanTeacher
    from ssl_core.methods.mixmatch import MixMatch
    from ssl_core.methods.pseudo_label import PseudoLabeling
    from ssl_core.methods.remixmatch import ReMixMatch
    from ssl_core.methods.softmatch import SoftMatch
    from ssl_core.methods.supervised import Supervised
    from ssl_core.methods.uda import UDA
    from ssl_core.methods.vat import VAT
    from ssl_core.recipe import Recipe
    from ssl_core.recipes import RECIPES
    from ssl_core.recipes.co_training import CoTraining
    from ssl_core.recipes.ensemble import Ensemble
    from ssl_core.recipes.label_spreading import LabelSpreading
    from ssl_core.recipes.noisy_student import NoisyStudent
    from ssl_core.recipes.self_training import SelfTraining
    from ssl_core.recipes.tri_training import TriTraining
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
    "AdaMatch": "ssl_core.methods.adamatch",
    "BACKBONES": "ssl_core.backbones",
    "Batch": "ssl_core.types",
    "Classifier": "ssl_core.types",
    "CoTraining": "ssl_core.recipes.co_training",
    "ConsistencyRegularization": "ssl_core.methods.consistency",
    "CrossConsistencyTraining": "ssl_core.methods.cct",
    "Ensemble": "ssl_core.recipes.ensemble",
    "EntropyMinimization": "ssl_core.methods.entropy_min",
    "Epoch": "ssl_core.types",
    "FeatureData": "ssl_core.data.sources",
    "FixMatch": "ssl_core.methods.fixmatch",
    "FlexMatch": "ssl_core.methods.flexmatch",
    "FreeMatch": "ssl_core.methods.freematch",
    "ICT": "ssl_core.methods.ict",
    "ImageData": "ssl_core.data.sources",
    "LabelSpreading": "ssl_core.recipes.label_spreading",
    "Losses": "ssl_core.types",
    "METHODS": "ssl_core.methods",
    "MeanTeacher": "ssl_core.methods.mean_teacher",
    "Method": "ssl_core.method",
    "MixMatch": "ssl_core.methods.mixmatch",
    "NeuralFit": "ssl_core.fits.neural",
    "NoisyStudent": "ssl_core.recipes.noisy_student",
    "PRESETS": "ssl_core.data.presets",
    "Predictor": "ssl_core.types",
    "Preset": "ssl_core.data.presets",
    "PseudoLabeling": "ssl_core.methods.pseudo_label",
    "RECIPES": "ssl_core.recipes",
    "ReMixMatch": "ssl_core.methods.remixmatch",
    "Recipe": "ssl_core.recipe",
    "Round": "ssl_core.types",
    "SSLError": "ssl_core.errors",
    "SelfTraining": "ssl_core.recipes.self_training",
    "SemiSupervisedClassifier": "ssl_core.estimator",
    "SemiSupervisedTrainer": "ssl_core.training.trainer",
    "SklearnFit": "ssl_core.fits.sklearn",
    "SoftMatch": "ssl_core.methods.softmatch",
    "Stopped": "ssl_core.types",
    "Strength": "ssl_core.data.presets",
    "Supervised": "ssl_core.methods.supervised",
    "Task": "ssl_core.types",
    "TriTraining": "ssl_core.recipes.tri_training",
    "UDA": "ssl_core.methods.uda",
    "VAT": "ssl_core.methods.vat",
    "Views": "ssl_core.data.transforms",
    "build": "ssl_core.backbones",
    "finish": "ssl_core.types",
}

__all__ = [
    "ACQUIRE",
    "BACKBONES",
    "ICT",
    "METHODS",
    "PRESETS",
    "RECIPES",
    "UDA",
    "VAT",
    "AdaMatch",
    "Batch",
    "Classifier",
    "CoTraining",
    "ConsistencyRegularization",
    "CrossConsistencyTraining",
    "Ensemble",
    "EntropyMinimization",
    "Epoch",
    "FeatureData",
    "FixMatch",
    "FlexMatch",
    "FreeMatch",
    "ImageData",
    "LabelSpreading",
    "Losses",
    "MeanTeacher",
    "Method",
    "MixMatch",
    "NeuralFit",
    "NoisyStudent",
    "Predictor",
    "Preset",
    "PseudoLabeling",
    "ReMixMatch",
    "Recipe",
    "Round",
    "SSLError",
    "SelfTraining",
    "SemiSupervisedClassifier",
    "SemiSupervisedTrainer",
    "SklearnFit",
    "SoftMatch",
    "Stopped",
    "Strength",
    "Supervised",
    "Task",
    "TriTraining",
    "Views",
    "build",
    "finish",
]

if not TYPE_CHECKING:  # or every name would seem to be there

    def __getattr__(name: str) -> object:
        """Load a name of HOMES, once."""
        if name not in HOMES:
            raise AttributeError(f"module 'ssl_core' has no attribute '{name}'")
        globals()[name] = getattr(import_module(HOMES[name]), name)
        return globals()[name]


def __dir__() -> list[str]:
    """List what is there, loaded or not."""
    return sorted({*globals(), *HOMES})
