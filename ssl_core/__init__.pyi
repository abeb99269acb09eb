"""The types of what the package offers at its top; `__init__.py` loads each when it is used."""

from ssl_core.acquire import ACQUIRE as ACQUIRE
from ssl_core.backbones import BACKBONES as BACKBONES
from ssl_core.backbones import build as build
from ssl_core.data.presets import PRESETS as PRESETS
from ssl_core.data.presets import Preset as Preset
from ssl_core.data.presets import Strength as Strength
from ssl_core.data.sources import FeatureData as FeatureData
from ssl_core.data.sources import ImageData as ImageData
from ssl_core.data.transforms import Views as Views
from ssl_core.errors import SSLError as SSLError
from ssl_core.estimator import SemiSupervisedClassifier as SemiSupervisedClassifier
from ssl_core.fits.neural import NeuralFit as NeuralFit
from ssl_core.fits.sklearn import SklearnFit as SklearnFit
from ssl_core.method import Method as Method
from ssl_core.methods import *  # noqa: F403 - the class of every method
from ssl_core.methods import METHODS as METHODS
from ssl_core.recipe import Recipe as Recipe
from ssl_core.recipes import *  # noqa: F403 - likewise of every recipe
from ssl_core.recipes import RECIPES as RECIPES
from ssl_core.training.trainer import SemiSupervisedTrainer as SemiSupervisedTrainer
from ssl_core.types import Adapted as Adapted
from ssl_core.types import Batch as Batch
from ssl_core.types import Classifier as Classifier
from ssl_core.types import Epoch as Epoch
from ssl_core.types import Losses as Losses
from ssl_core.types import Planned as Planned
from ssl_core.types import Predictor as Predictor
from ssl_core.types import Round as Round
from ssl_core.types import Stopped as Stopped
from ssl_core.types import Task as Task
from ssl_core.types import Weighed as Weighed
from ssl_core.types import Withheld as Withheld
from ssl_core.types import finish as finish

__all__: list[str]
HOMES: dict[str, str]
KINDS: tuple[str, ...]

def __dir__() -> list[str]: ...
