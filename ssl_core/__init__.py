"""Semi-supervised training, acquisition and metrics; it knows nothing of the annotation tool."""

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
from ssl_core.recipe import Recipe
from ssl_core.recipes import RECIPES
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Batch, Classifier, Epoch, Losses, Round, Stopped, Task, finish

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


def __getattr__(name: str) -> type[Method] | type[Recipe]:
    """Find the class of a method or recipe in its table: `from ssl_core import FixMatch`."""
    kinds: tuple[type[Method] | type[Recipe], ...] = (*METHODS.values(), *RECIPES.values())
    for kind in kinds:
        if kind.__name__ == name:
            return kind
    raise AttributeError(f"module 'ssl_core' has no attribute '{name}'")
