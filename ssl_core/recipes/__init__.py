"""Recipes: loops of fits. To add one: its file, a line in RECIPES, its page, its test."""

from __future__ import annotations

from typing import Any

from ssl_core.errors import options_of, unknown
from ssl_core.recipe import Recipe
from ssl_core.recipes.co_training import CoTraining as CoTraining
from ssl_core.recipes.ensemble import Ensemble as Ensemble
from ssl_core.recipes.label_spreading import LabelSpreading as LabelSpreading
from ssl_core.recipes.logistic import Logistic as Logistic
from ssl_core.recipes.noisy_student import NoisyStudent as NoisyStudent
from ssl_core.recipes.plain import Plain as Plain
from ssl_core.recipes.self_training import SelfTraining as SelfTraining
from ssl_core.recipes.tri_training import TriTraining as TriTraining

RECIPES: dict[str, type[Recipe]] = {
    "co_training": CoTraining,
    "ensemble": Ensemble,
    "label_spreading": LabelSpreading,
    "logistic": Logistic,
    "noisy_student": NoisyStudent,
    "plain": Plain,
    "self_training": SelfTraining,
    "tri_training": TriTraining,
}


def build_recipe(name: str, **options: Any) -> Recipe:
    """Make the recipe called `name`; an unknown name or option is an error that lists the choices.

    Raises:
        SSLError: no such recipe, no such parameter, or a value out of its range.
    """
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    options_of(f"recipe {name}", RECIPES[name], options)
    return RECIPES[name](**options)
