"""Hyper-parameters: what is given is checked, whether a class is built directly or by name."""

import inspect
import math
from typing import Annotated, ClassVar, Literal

import numpy as np
import pytest
import torch

from ssl_core.errors import SSLError
from ssl_core.hyper import Between, Declared, PerClass, declared
from ssl_core.methods import METHODS, build_method
from ssl_core.methods.mixmatch import MixMatch
from ssl_core.recipes import RECIPES, build_recipe
from ssl_core.types import Task

TASK = Task(3, 10, 4, torch.full((3,), 1 / 3))
ALL = [(name, each) for name, cls in (METHODS | RECIPES).items() for each in declared(cls)]


class Made(Declared):
    """A class of its own, with one of each kind."""

    NOTE: ClassVar[str] = "no parameter"
    shown = ("neither",)

    share: Annotated[float, Between(0, 1)] = 0.5
    each: Annotated[float | PerClass, Between(0, 1)] = 0.9
    count: Annotated[int, Between(1, 8)] = 2
    most: Annotated[int | None, Between(1, 8)] = None
    kind: Literal["linear", "cosine"] = "linear"
    name: str = "x"
    loud: bool = False

    def prepare(self):
        self.twice = 2 * self.share


def directly(name, **options):
    return METHODS[name](TASK, **options) if name in METHODS else RECIPES[name](**options)


def by_name(name, **options):
    if name in METHODS:
        return build_method(name, TASK, **options)
    return build_recipe(name, **options)


@pytest.mark.parametrize("build", [directly, by_name])
@pytest.mark.parametrize(("name", "parameter"), ALL)
def test_a_wrong_value_is_refused_by_every_method_and_recipe(name, parameter, build):
    """Beyond either end, NaN, text, and True where a number is meant; a number for a bool."""
    atoms = declared((METHODS | RECIPES)[name])[parameter]
    if bool in atoms:
        wrong = [1, 0.0, "yes", None]
    else:
        [between] = [each for each in atoms if isinstance(each, Between)]
        wrong = [between.low - 0.1, between.high + 1, math.nan, math.inf, True, "0.5", None]
    for value in wrong:
        with pytest.raises(SSLError, match=f"{parameter} must be "):
            build(name, **{parameter: value})


def test_the_fields_are_the_keyword_only_parameters():
    """In their order, with their defaults; what is not annotated or a ClassVar is none."""
    parameters = inspect.signature(Made).parameters.values()
    assert {p.kind for p in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert {p.name: p.default for p in parameters} == {
        "share": 0.5, "each": 0.9, "count": 2, "most": None, "kind": "linear", "name": "x",
        "loud": False,
    }  # fmt: skip
    assert list(declared(Made)) == [p.name for p in parameters]
    assert next(iter(inspect.signature(MixMatch).parameters)) == "task"


def test_what_is_given_lies_in_the_attributes_before_the_class_prepares():
    """A number stays what it is, and a whole one becomes an int where an int is declared."""
    made = Made(share=1, count=3.0, most=4, kind="cosine", loud=True)
    assert (made.share, made.count, made.most, made.kind, made.loud) == (1, 3, 4, "cosine", True)
    assert isinstance(made.count, int)
    assert made.twice == 2
    assert Made(share=np.float64(0.25)).share == 0.25
    assert Made().most is None


def test_a_number_for_each_class_is_taken_where_it_is_declared():
    """Any sequence of them, each within the range; elsewhere one number is meant."""
    assert Made(each=(0.1, 1)).each == [0.1, 1]
    assert Made(each=np.array([0.25, 0.5])).each == [0.25, 0.5]
    with pytest.raises(SSLError, match=r"each\[1\] must be a number from 0 to 1, not 1.5"):
        Made(each=[0.1, 1.5])
    with pytest.raises(SSLError, match="share must be a number from 0 to 1, not"):
        Made(share=[0.1, 0.2])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"share": 95}, "share must be a number from 0 to 1, not 95."),
        ({"share": "half"}, "share must be a number from 0 to 1, not 'half'."),
        ({"count": 2.5}, "count must be a whole number from 1 to 8, not 2.5."),
        ({"count": False}, "count must be a whole number from 1 to 8, not False."),
        ({"count": None}, "count must be a whole number from 1 to 8, not None."),
        ({"loud": 1}, "loud must be True or False, not 1."),
        ({"name": 7}, "name must be text, not 7."),
        ({"kind": "cosin"}, "Did you mean 'cosine'? Choose one of: cosine, linear."),
    ],
)
def test_a_refusal_says_what_is_allowed(given, words):
    """The range or the choices, and what was given instead."""
    with pytest.raises(SSLError) as caught:
        Made(**given)
    assert words in str(caught.value)


def test_a_class_can_be_derived_from_another():
    """It has the parameters of both; the outermost range holds."""

    class Strict(Made):
        share: Annotated[Annotated[float, Between(0, 1)], Between(0, 0.5)] = 0.25
        more: bool = True

    made = Strict(count=5, more=False)
    assert (made.share, made.count, made.more, made.twice) == (0.25, 5, False, 0.5)
    with pytest.raises(SSLError, match=r"share must be a number from 0 to 0\.5, not 0\.75"):
        Strict(share=0.75)
