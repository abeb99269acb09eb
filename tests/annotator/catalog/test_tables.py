"""The catalog read by `ast` is what the imported packages say of themselves."""

import inspect
import subprocess
import sys
import types
import typing
from dataclasses import fields

import pytest

from annotator.catalog import tables as catalog
from annotator.catalog.checks import check_params
from annotator.errors import AnnotatorError
from annotator.model import MethodInfo

SCALARS = (float, int, bool, str)


def tables() -> dict[str, type]:
    """Every method and recipe by name, imported."""
    from ssl_core.methods import METHODS
    from ssl_core.recipes import RECIPES

    return {**METHODS, **RECIPES}


def scalar(annotation: object) -> str:
    """The scalar that an evaluated annotation stands for."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return scalar(next(a for a in typing.get_args(annotation) if a in SCALARS))
    if typing.get_origin(annotation) is typing.Literal:
        return "str"
    assert annotation in SCALARS, f"a form cannot ask for {annotation}"
    return typing.cast("type", annotation).__name__


def test_the_catalog_has_every_entry_in_the_order_of_its_table():
    """Names and order equal METHODS, then RECIPES."""
    assert [info.name for info in catalog.methods()] == list(tables())


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_parameters_equal_the_constructors(info: MethodInfo):
    """Names, types and defaults read from source equal those that inspect sees."""
    constructor = tables()[info.name].__init__
    hints = typing.get_type_hints(constructor)
    told = [(p.name, p.type, p.default) for p in info.parameters]
    keyword_only = [
        (name, scalar(hints[name]), parameter.default)
        for name, parameter in inspect.signature(constructor).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    assert told == keyword_only


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_every_entry_explains_itself(info: MethodInfo):
    """The summary is the docstring's first line; each parameter has one sentence of help."""
    assert info.summary == inspect.getdoc(tables()[info.name]).splitlines()[0]
    for parameter in info.parameters:
        assert parameter.help.endswith("."), f"{info.name}.{parameter.name} lacks its sentence"


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_no_parameter_hides_a_fact_of_the_task(info: MethodInfo):
    """A hyper-parameter never bears the name of what the data decides."""
    from ssl_core.types import Task

    assert not {p.name for p in info.parameters} & {field.name for field in fields(Task)}


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_the_ranges_are_those_that_the_constructor_enforces(info: MethodInfo):
    """The ends are accepted and just beyond them is refused, by ssl_core as by the catalog."""
    import torch

    from ssl_core.errors import SSLError
    from ssl_core.types import Task

    task = [Task(3, 10, 4, torch.full((3,), 1 / 3))] if info.kind == "method" else []
    build = tables()[info.name]
    for parameter in (p for p in info.parameters if p.low is not None):
        for allowed in (parameter.low, parameter.high):
            build(*task, **{parameter.name: allowed})
            check_params(info.name, {parameter.name: allowed})
        for beyond in (parameter.low - 1, parameter.high + 1):
            with pytest.raises(SSLError):
                build(*task, **{parameter.name: beyond})
            with pytest.raises(AnnotatorError, match=parameter.name):
                check_params(info.name, {parameter.name: beyond})


def test_policies_presets_and_backbones_equal_their_tables():
    """The literal keys are those of the imported tables."""
    from ssl_core.acquire import ACQUIRE
    from ssl_core.backbones import BACKBONES
    from ssl_core.data.presets import PRESETS

    assert catalog.policies() == tuple(ACQUIRE)
    assert catalog.presets() == tuple(PRESETS)
    assert catalog.backbones() == tuple(BACKBONES)


def test_reading_the_catalog_imports_neither_torch_nor_ssl_core():
    """A fresh interpreter that has read everything has loaded neither."""
    code = (
        "import sys; from annotator.catalog import tables as c;"
        "c.methods(); c.policies(); c.presets(); c.backbones();"
        "sys.exit(bool({'torch', 'ssl_core'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_typed_parameters_become_values():
    """`--set threshold=0.9` arrives as text and leaves as a float; typed values pass unchanged."""
    assert check_params("fixmatch", {"threshold": "0.9", "weight": 2}) == {
        "threshold": 0.9,
        "weight": 2.0,
    }
    assert check_params("self_training", {"max_iter": "3"}) == {"max_iter": 3}


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("fixmach", {}, ["fixmach", "Did you mean 'fixmatch'", "pseudo_label"]),
        ("fixmatch", {"treshold": "0.9"}, ["treshold", "Did you mean 'threshold'", "weight"]),
        ("fixmatch", {"threshold": "high"}, ["threshold", "number from 0 to 1", "high", "0.9"]),
        ("fixmatch", {"threshold": "nan"}, ["threshold", "number from 0 to 1", "nan"]),
        ("fixmatch", {"threshold": "1.5"}, ["threshold", "from 0 to 1", "1.5"]),
        ("fixmatch", {"threshold": ""}, ["threshold", "from 0 to 1"]),
        ("self_training", {"max_iter": "2.5"}, ["max_iter", "whole number", "2.5"]),
        ("supervised", {"threshold": "0.9"}, ["supervised", "no parameters", "threshold"]),
    ],
)
def test_a_wrong_parameter_is_named_with_its_way_out(name, params, words):
    """The message holds what was given, what is allowed, and the likeliest meaning."""
    with pytest.raises(AnnotatorError) as caught:
        check_params(name, params)
    for word in words:
        assert word in str(caught.value)
