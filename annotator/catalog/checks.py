"""What is asked for, checked before anything starts: a workspace, a round and its parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.catalog.methods import method as method_named
from annotator.catalog.settings import check_settings
from annotator.errors import AnnotatorError, RoundError, unknown
from annotator.model import REGIMES, Parameter, RoundRequest, Settings
from annotator.store import Store
from annotator.store.classes import tidy
from annotator.wording import many

TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
WANTED = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "some text",
}


def check_new(classes: Sequence[str], settings: Settings) -> None:
    """Judge what a workspace is to be made of, before any of it is on disk.

    Raises:
        AnnotatorError: a class name or a setting is wrong.
    """
    check_settings(settings)
    names = [tidy(name) for name in classes]
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise AnnotatorError(f"The class '{name}' is named twice. Name each class once.")
        seen.add(name)


def check_params(name: str, params: Mapping[str, object]) -> dict[str, Any]:
    """Turn parameters as typed (`--set threshold=0.9`) into values of the declared types.

    Raises:
        AnnotatorError: the method or a parameter is unknown, or a value is not of its type, out of
            its range or no choice.
    """
    known = {parameter.name: parameter for parameter in method_named(name).parameters}
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
    """Return `value` if it is in the range, or one of the choices; ValueError if not."""
    if parameter.choices and value not in parameter.choices:
        raise ValueError(value)
    if parameter.low is None or parameter.high is None or isinstance(value, str):
        return value
    if not parameter.low <= value <= parameter.high:
        raise ValueError(value)
    return value


def _wanted(parameter: Parameter) -> str:
    if parameter.choices:
        return f"one of {parameter.allowed}"
    return WANTED[parameter.type] + (f" from {parameter.allowed}" if parameter.allowed else "")


def round_request(
    store: Store, method: str | None, regime: str | None, params: Mapping[str, Any]
) -> RoundRequest:
    """Everything a round will depend on, as it is now; settings fill what is not asked for.

    Raises:
        AnnotatorError: a name or a hyper-parameter is wrong.
        RoundError: there is too little to learn from.
    """
    settings = store.settings.get()
    method, regime = method or settings.method, regime or settings.regime
    if regime not in REGIMES:
        raise AnnotatorError(unknown("regime", regime, REGIMES))
    asked = {
        "method": method,
        "regime": regime,
        "params": check_params(method, params),
        "watermark": store.labels.watermark(),
    }
    counts = store.labels.by_class("pool")
    if len(counts) < 2:
        names = {each.id: each.name for each in store.classes.all()}
        only = f", all '{names[next(iter(counts))]}'" if counts else ""
        raise RoundError(
            f"A round needs labels of at least two classes to learn from; there are "
            f"{sum(counts.values())} so far{only}. Label some images first."
        )
    request = fixed(store, asked)
    if settings.unsettled == "leave_out":
        _check_settled(store, request)
    return request


def _check_settled(store: Store, request: RoundRequest) -> None:
    """Judge what is left to learn from without the images that people disagree about.

    Raises:
        AnnotatorError: it is less than two classes: no further label mends that.
    """
    about = (request.watermark, request.classes, request.merged)
    apart = store.search.opinions.unsettled(*about)
    left = {each.class_id for each in store.labels.fixed(*about) if each.image_id not in apart}
    if len(left) < 2:
        raise AnnotatorError(
            f"People disagree about {many(len(apart), 'labeled image')}, which rounds leave out, "
            "and the rest is of less than two classes. Settle them on Settle, or set unsettled to "
            "learn on Settings."
        )


def fixed(store: Store, asked: Mapping[str, Any]) -> RoundRequest:
    """Complete what was asked (method, regime, params, watermark) by what the workspace is now."""
    return RoundRequest(
        **asked,
        classes=tuple(each.id for each in store.classes.active()),
        labels=store.labels.count("pool", asked["watermark"]),
        newest=store.images.newest(),
        median_side=store.images.median_side(),
        settings=store.settings.get(),
        merged=store.classes.merged(),
    )
