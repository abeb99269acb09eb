"""Hyper-parameters: declared once, as annotated fields with a range, a default and a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from inspect import get_annotations
from numbers import Real
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from typing_extensions import dataclass_transform

from ssl_core.errors import SSLError, unknown

PerClass: TypeAlias = Sequence[float]  # a value for each class


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the greatest value of a number, both allowed, and what it is counted in."""

    low: float
    high: float
    unit: str = ""


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field,))
class Declared:
    """A class whose annotated fields are the keyword-only parameters of its constructor.

        threshold: Annotated[float | PerClass, Between(0, 1)] = 0.95
        \"\"\"Confidence from which a prediction counts as a label.\"\"\"

    A field is a float, an int, a bool, a str or a Literal of some; `| None` and, for a number of
    each class, `| PerClass` may be added. Its default is literal and the sentence below it is its
    help: the forms and the command line read both from the source. What is given is checked, and
    lies in the attribute of the same name when `prepare` is called.

    Raises:
        SSLError: a value is out of its range, no choice, or of another type.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(kw_only=True, eq=False, repr=False, match_args=False)(cls)

    def __post_init__(self) -> None:
        cls: Any = type(self)
        for name, atoms in declared(cls).items():
            setattr(self, name, _checked(name, getattr(self, name), atoms))
        self.prepare()

    def prepare(self) -> None:
        """Make what depends on the hyper-parameters, such as buffers and heads."""


@cache
def declared(cls: Any) -> dict[str, tuple[Any, ...]]:
    """Return the hyper-parameters of a class: the types, choices and range that each may have."""
    hints: dict[str, Any] = {}
    for each in reversed(cls.__mro__):
        if issubclass(each, Declared):
            hints |= get_annotations(each, eval_str=True)
    return {each.name: tuple(_atoms(hints[each.name])) for each in fields(cls) if each.kw_only}


def _atoms(hint: Any) -> Iterator[Any]:
    """Take an annotation apart: `Annotated[float | None, Between(0, 1)]` has three atoms."""
    if get_origin(hint) is Annotated:
        yield from _atoms(hint.__origin__)
        yield from hint.__metadata__
    elif get_origin(hint) in (Union, UnionType):
        for each in get_args(hint):
            yield from _atoms(each)
    else:
        yield hint


def _checked(name: str, value: Any, atoms: tuple[Any, ...]) -> Any:
    """Return `value`, None or one for each class where that is allowed, or say what it must be."""
    if value is None and NoneType in atoms:
        return None
    if PerClass in atoms and isinstance(value, Iterable) and not isinstance(value, str):
        return [_single(f"{name}[{c}]", each, atoms) for c, each in enumerate(value)]
    return _single(name, value, atoms)


def _single(name: str, value: Any, atoms: tuple[Any, ...]) -> Any:
    choices = [each for atom in atoms if get_origin(atom) is Literal for each in get_args(atom)]
    if choices:
        if value not in choices:
            raise unknown(name, str(value), choices)
        return value
    for kind, wanted in ((bool, "True or False"), (str, "text")):
        if kind in atoms:
            if not isinstance(value, kind):
                raise SSLError(f"{name} must be {wanted}, not {value!r}.")
            return value
    return _number(name, value, atoms)


def _number(name: str, value: Any, atoms: tuple[Any, ...]) -> Any:
    """Return a number within its range; a whole one as an int where an int is declared."""
    everything = Between(-math.inf, math.inf)
    # The outermost, where an alias with a range of its own is annotated anew
    between = [everything, *(each for each in atoms if isinstance(each, Between))][-1]
    whole = int in atoms
    # Python counts True as 1; a NaN is in no range
    number = isinstance(value, Real) and not isinstance(value, bool)
    if number and between.low <= value <= between.high:
        if not whole:
            return value if isinstance(value, int | float) else float(value)
        if value == value // 1:
            return int(value)
    wanted = "a whole number" if whole else "a number"
    raise SSLError(
        f"{name} must be {wanted} from {between.low:,.12g} to {between.high:,.12g}, not {value!r}."
    )
