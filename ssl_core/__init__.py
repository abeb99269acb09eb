"""Semi-supervised training, acquisition and metrics; it knows nothing of the annotation tool."""

from __future__ import annotations

from importlib import import_module

# Where each name is, so that it is loaded when it is used: torch and scikit-learn take seconds.
# What type checkers see of them stands in `__init__.pyi`.
HOMES = {
    "ACQUIRE": "ssl_core.acquire",
    "Adapted": "ssl_core.types",
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
    "Planned": "ssl_core.types",
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
    "Weighed": "ssl_core.types",
    "Withheld": "ssl_core.types",
    "build": "ssl_core.backbones",
    "finish": "ssl_core.types",
}

__all__ = [
    "ACQUIRE",
    "BACKBONES",
    "METHODS",
    "PRESETS",
    "RECIPES",
    "Adapted",
    "Batch",
    "Classifier",
    "Epoch",
    "FeatureData",
    "ImageData",
    "Losses",
    "Method",
    "NeuralFit",
    "Planned",
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
    "Weighed",
    "Withheld",
    "build",
    "finish",
]

KINDS = ("ssl_core.methods", "ssl_core.recipes")  # whose classes are here by their names too


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
