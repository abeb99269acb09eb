"""The catalog read by `ast` is what the imported packages say of themselves."""

import inspect
import subprocess
import sys
import typing
from dataclasses import fields

import pytest

from annotator.catalog import methods as catalog
from annotator.catalog.checks import check_params
from annotator.errors import AnnotatorError
from annotator.model import MethodInfo


def tables() -> dict[str, type]:
    """Every method and recipe by name, imported."""
    from ssl_core.methods import METHODS
    from ssl_core.recipes import RECIPES

    return {**METHODS, **RECIPES}


def truth(cls: type) -> list[tuple]:
    """Name, type, default, range, unit and choices of each parameter, from the imported class."""
    from ssl_core.hyper import Between, declared

    found = []
    for name, atoms in declared(cls).items():
        choices = [c for a in atoms if typing.get_origin(a) is typing.Literal for c in a.__args__]
        scalars = [a.__name__ for a in atoms if a in (float, int, bool, str)]
        [between] = [a for a in atoms if isinstance(a, Between)] or [Between(None, None)]
        default = inspect.signature(cls).parameters[name].default
        found.append(
            (
                name,
                (scalars or ["str"])[0],
                default,
                between.low,
                between.high,
                between.unit,
                choices,
            )
        )
    return found


def told(info: MethodInfo) -> list[tuple]:
    """The same, as the catalog has it."""
    return [
        (p.name, p.type, p.default, p.low, p.high, p.unit, list(p.choices)) for p in info.parameters
    ]


def test_the_catalog_has_every_entry_in_the_order_of_its_table():
    """Names and order equal METHODS, then RECIPES."""
    assert [info.name for info in catalog.methods()] == list(tables())


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_parameters_equal_what_the_class_declares(info: MethodInfo):
    """Names, types, defaults, ranges, units and choices, and the constructor has no others."""
    cls = tables()[info.name]
    assert told(info) == truth(cls)
    assert [p.name for p in info.parameters] == [
        name
        for name, parameter in inspect.signature(cls).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_every_number_has_a_range(info: MethodInfo):
    """So that no form offers what training refuses, or would suffer from."""
    numbers = [p for p in info.parameters if p.type in ("float", "int")]
    assert [p.name for p in numbers if p.low is None or p.high is None] == []


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A package of one method that uses all that a declaration may hold; its catalog entry."""
    package = tmp_path / "declarations"
    package.mkdir()
    (package / "shared.py").write_text(
        "from typing import Annotated, TypeAlias\n"
        "from ssl_core.hyper import Between\n"
        "Share: TypeAlias = Annotated[float, Between(0, 1)]\n"
        '"""A share of the whole."""\n'
    )
    (package / "__init__.py").write_text(
        "from __future__ import annotations\n"
        "from typing import Annotated, ClassVar, Literal\n"
        "from declarations.shared import Share\n"
        "from ssl_core.hyper import Between, Declared, PerClass\n"
        "class Made(Declared):\n"
        '    """Does all."""\n'
        "    KEPT: ClassVar[int] = 3\n"
        '    kind: Literal["linear", "cosine"] = "cosine"\n'
        '    """How it rises. It is\n    a choice."""\n'
        "    share: Share = 0.25\n"
        "    half: Annotated[Share | PerClass, Between(0, 0.5)] = 0.5\n"
        '    """Another sentence, and\n    a range of its own."""\n'
        '    most: Annotated[int | None, Between(1, high=9, unit="steps")] = None\n'
        '    name: str = "x"\n'
        "    loud: bool = True\n"
        'TABLE: dict[str, type] = {"made": Made}\n'
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    [info] = catalog._infos("method", "declarations", "TABLE")
    monkeypatch.setattr(catalog, "methods", lambda: (info,))
    return info


def test_choices_units_aliases_and_none_are_read_as_they_are_declared(written):
    """Also where the annotation is an alias of another module, annotated anew."""
    assert told(written) == [
        ("kind", "str", "cosine", None, None, "", ["linear", "cosine"]),
        ("share", "float", 0.25, 0, 1, "", []),
        ("half", "float", 0.5, 0, 0.5, "", []),
        ("most", "int", None, 1, 9, "steps", []),
        ("name", "str", "x", None, None, "", []),
        ("loud", "bool", True, None, None, "", []),
    ]
    assert [p.help for p in written.parameters] == [
        "How it rises.", "A share of the whole.", "Another sentence, and a range of its own.",
        "", "", "",
    ]  # fmt: skip
    assert [p.allowed for p in written.parameters] == [
        "linear, cosine", "0 to 1", "0 to 0.5", "1 to 9 steps", "", "",
    ]  # fmt: skip


def test_what_is_no_choice_or_out_of_range_is_refused_by_the_catalog_and_by_the_class(written):
    """Both name what is allowed."""
    import declarations

    from ssl_core.errors import SSLError

    right = {"kind": "linear", "half": 0.1, "most": 9, "loud": False}
    assert check_params("made", right) == right
    assert check_params("made", {"most": "none"}) == {"most": None}
    made = declarations.Made(**right)
    assert {name: getattr(made, name) for name in right} == right
    for name, wrong, words in [
        ("kind", "sine", "linear"), ("share", 1.5, "from 0 to 1"), ("half", 0.75, "from 0 to 0.5"),
        ("most", 10, "from 1 to 9"), ("most", 2.5, "whole number"), ("loud", "perhaps", "rue"),
    ]:  # fmt: skip
        with pytest.raises(AnnotatorError, match=words):
            check_params("made", {name: wrong})
        with pytest.raises(SSLError, match=words):
            declarations.Made(**{name: wrong})


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


def test_reading_the_catalog_imports_neither_torch_nor_ssl_core():
    """A fresh interpreter that has read everything has loaded neither."""
    code = (
        "import sys; from annotator.catalog import methods, names;"
        "methods.methods(); names.policies(); names.presets(); names.backbones();"
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
