"""A default that is not the paper's has its reason on the page of its method."""

import re
from inspect import signature

import pytest

from ssl_core import SemiSupervisedTrainer
from ssl_core.hyper import declared
from ssl_core.methods import METHODS
from ssl_core.recipes import RECIPES
from tests.docs.pages import DOCS

# What the papers say, or for label spreading scikit-learn; of recipes of our own there is nothing
PAPERS = {
    "adamatch": {"threshold": 0.9, "weight": 1, "ramp": 0.5},
    "cct": {"weight": 30, "ramp": 0.1},
    "co_training": {"pool": 75, "max_iter": 30},
    "consistency": {},
    "ensemble": {},
    "entropy_min": {"weight": 0.06},
    "fixmatch": {"threshold": 0.95, "weight": 1, "mu": 7},
    "flexmatch": {"threshold": 0.95},
    "freematch": {"ema_decay": 0.999, "fairness": 0.001},
    "ict": {"alpha": 1, "weight": 100},
    "label_spreading": {"k": 8, "alpha": 0.2},
    "logistic": {},
    "mean_teacher": {"ema_decay": 0.999, "weight": 100},
    "mixmatch": {"num_guesses": 2, "temperature": 0.5, "alpha": 0.75, "weight": 75},
    "noisy_student": {"threshold": 0.3, "max_iter": 3},
    "plain": {},
    "pseudo_label": {"threshold": 0.9},
    "remixmatch": {"num_guesses": 8, "temperature": 0.5, "alpha": 0.75, "weight": 1.5},
    "self_training": {"threshold": 0.75, "max_iter": 10},
    "softmatch": {"ema_decay": 0.999},
    "supervised": {},
    "tri_training": {},
    "uda": {"threshold": 0.8, "temperature": 0.4},
    "vat": {"xi": 10, "epsilon": 1, "n_power": 1},
}


def default(name, parameter):
    """What ours is: the method's own, or else the trainer's."""
    cls = (METHODS | RECIPES)[name]
    if parameter in declared(cls):
        return getattr(cls, parameter)
    return signature(SemiSupervisedTrainer).parameters[parameter].default


def test_every_method_and_recipe_is_compared():
    """A new one needs its line, be it empty."""
    assert sorted(PAPERS) == sorted(METHODS | RECIPES)


@pytest.mark.parametrize("name", PAPERS)
def test_the_page_says_which_defaults_differ_and_no_others(name):
    """Its paragraph has the name of each and both numbers, and starts with **Differs.**"""
    text = (DOCS / "methods" / f"{name}.md").read_text()
    said = "".join(re.findall(r"^\*\*Differs\.\*\*.*?\n\n", text, re.MULTILINE | re.DOTALL))
    differ = {
        parameter: f"{default(name, parameter):g} {paper:g}".split()
        for parameter, paper in PAPERS[name].items()
        if default(name, parameter) != paper
    }
    assert {each for each in PAPERS[name] if f"`{each}`" in said} == set(differ)
    numbers = re.findall(r"\d+(?:\.\d+)?", said)
    assert [each for both in differ.values() for each in both if each not in numbers] == []
