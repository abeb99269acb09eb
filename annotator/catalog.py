"""What ssl_core offers, read from its source: a page or a command line never waits for torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from annotator import source
from annotator.errors import AnnotatorError, unknown
from annotator.model import MethodInfo, Parameter

TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")

WANTED = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "some text",
}


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
    return source.keys("ssl_core.acquire", "ACQUIRE")


@cache
def asks() -> dict[str, str]:
    """What each acquisition policy asks first, in words."""
    return source.texts("ssl_core.acquire", "ASKS")


@cache
def presets() -> tuple[str, ...]:
    """The named domain presets of augmentation."""
    return source.keys("ssl_core.presets", "PRESETS")


@cache
def backbones() -> tuple[str, ...]:
    """The named backbones."""
    return source.keys("ssl_core.backbones", "BACKBONES")


def method(name: str) -> MethodInfo:
    """The method or recipe of this name.

    Raises:
        AnnotatorError: there is none; the message lists the choices.
    """
    known = {info.name: info for info in methods()}
    if name not in known:
        raise AnnotatorError(unknown("method", name, known))
    return known[name]


def check(name: str, params: Mapping[str, object]) -> dict[str, Any]:
    """Turn parameters as typed (`--set threshold=0.9`) into values of the declared types.

    Raises:
        AnnotatorError: the method or a parameter is unknown, or a value is not of its type.
    """
    known = {parameter.name: parameter for parameter in method(name).parameters}
    checked = {}
    for key, value in params.items():
        if not known:
            raise AnnotatorError(f"Method '{name}' has no parameters. Leave out '{key}'.")
        if key not in known:
            raise AnnotatorError(unknown(f"parameter of {name}", key, known))
        checked[key] = _value(name, known[key], value)
    return checked


def _value(method: str, parameter: Parameter, value: object) -> float | int | bool | str | None:
    text = str(value).strip()
    if parameter.default is None and text.lower() == "none":
        return None
    try:
        return _within(parameter, _convert(parameter.type, text))
    except ValueError:
        raise AnnotatorError(
            f"{method}: {parameter.name} must be {_wanted(parameter)}, not '{text}'."
            f" Its default is {parameter.default}."
        ) from None


def _convert(type_: str, text: str) -> float | int | bool | str:
    """Read `text` as a value of the type; ValueError if it is none."""
    if not text:
        raise ValueError(text)
    if type_ == "bool":
        if text.lower() not in TRUE + FALSE:
            raise ValueError(text)
        return text.lower() in TRUE
    if type_ == "str":
        return text
    number = int(text) if type_ == "int" else float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _within(parameter: Parameter, value: float | int | bool | str) -> float | int | bool | str:
    """Return `value` if the constructor would take it; ValueError if not."""
    if parameter.low is None or parameter.high is None or isinstance(value, str):
        return value
    if not parameter.low <= value <= parameter.high:
        raise ValueError(value)
    return value


def _wanted(parameter: Parameter) -> str:
    if parameter.low is None:
        return WANTED[parameter.type]
    return f"{WANTED[parameter.type]} from {parameter.low:g} to {parameter.high:g}"


def _infos(kind: Literal["method", "recipe"], package: str, table: str) -> tuple[MethodInfo, ...]:
    return tuple(
        MethodInfo(name, kind, source.summary(node), source.parameters(node))
        for name, node in source.classes(package, table)
    )
