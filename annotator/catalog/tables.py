"""What ssl_core offers, read from its source: a page or a command line never waits for torch.

The tables and hyper-parameters of ssl_core are literal on purpose: reading them with `ast` takes
milliseconds where importing torch takes seconds. Nothing is executed, and a test holds this
reading against the imported truth.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import Literal, cast

from annotator.catalog.fields import parameters
from annotator.catalog.source import entries, find
from annotator.errors import AnnotatorError, unknown
from annotator.model import MethodInfo


@cache
def methods() -> tuple[MethodInfo, ...]:
    """Every method, then every recipe, each group in the order of its table."""
    return (
        *_infos("method", "ssl_core.methods", "METHODS"),
        *_infos("recipe", "ssl_core.recipes", "RECIPES"),
    )


@cache
def policies() -> tuple[str, ...]:
    """The acquisition policies: what decides which image is asked next."""
    return _keys("ssl_core.acquire", "ACQUIRE")


@cache
def asks() -> dict[str, str]:
    """What each acquisition policy asks first, in words."""
    return _texts("ssl_core.acquire", "ASKS")


@cache
def presets() -> tuple[str, ...]:
    """The named domain presets of augmentation."""
    return _keys("ssl_core.data.presets", "PRESETS")


@cache
def backbones() -> tuple[str, ...]:
    """The named backbones."""
    return _keys("ssl_core.backbones", "BACKBONES")


def method(name: str) -> MethodInfo:
    """The method or recipe of this name.

    Raises:
        AnnotatorError: there is none; the message lists the choices.
    """
    known = {info.name: info for info in methods()}
    if name not in known:
        raise AnnotatorError(unknown("method", name, known))
    return known[name]


def _infos(kind: Literal["method", "recipe"], package: str, table: str) -> tuple[MethodInfo, ...]:
    """The entries of a literal dictionary from names to classes, in its order."""
    found = {
        name: find(package, cast("ast.Name", value).id) for name, value in entries(package, table)
    }
    return tuple(
        MethodInfo(name, kind, _summary(cast("ast.ClassDef", each.node)), parameters(each))
        for name, each in found.items()
    )


def _keys(module: str, table: str) -> tuple[str, ...]:
    """The keys of a literal dictionary, in its order."""
    return tuple(name for name, _ in entries(module, table))


def _texts(module: str, table: str) -> dict[str, str]:
    """A literal dictionary from names to sentences, in its order."""
    return {name: str(ast.literal_eval(value)) for name, value in entries(module, table)}


def _summary(node: ast.ClassDef) -> str:
    """The first line of a class's docstring."""
    return (ast.get_docstring(node) or "").partition("\n")[0]
