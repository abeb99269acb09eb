"""Methods and their hyper-parameters, read from the source of ssl_core: nobody waits for torch.

The tables and hyper-parameters of ssl_core are literal on purpose: reading them with `ast` takes
milliseconds where importing torch takes seconds. Nothing is executed, and a test holds this
reading against the imported truth.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast

from annotator.errors import AnnotatorError, unknown
from annotator.model import MethodInfo, Parameter

Scalar = Literal["float", "int", "bool", "str"]

SCALARS = ("float", "int", "bool", "str")


@dataclass(frozen=True, slots=True)
class _Found:
    """A definition: the module it is in, the statement, and the sentence below it."""

    module: str
    node: ast.stmt
    text: str


@cache
def methods() -> tuple[MethodInfo, ...]:
    """Every method, then every recipe, each group in the order of its table."""
    return (
        *_infos("method", "ssl_core.methods", "METHODS"),
        *_infos("recipe", "ssl_core.recipes", "RECIPES"),
    )


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
        name: _find(package, cast("ast.Name", value).id) for name, value in entries(package, table)
    }
    return tuple(
        MethodInfo(name, kind, _summary(cast("ast.ClassDef", each.node)), _parameters(each))
        for name, each in found.items()
    )


def _summary(node: ast.ClassDef) -> str:
    """The first line of a class's docstring."""
    return (ast.get_docstring(node) or "").partition("\n")[0]


def _parameters(found: _Found) -> tuple[Parameter, ...]:
    """The fields with a default, in their order; those of a base class are declared anew."""
    return tuple(
        _parameter(found.module, node, text)
        for node, text in _described(cast("ast.ClassDef", found.node).body)
        if isinstance(node, ast.AnnAssign)
        and node.value is not None
        and not ast.unparse(node.annotation).startswith("ClassVar")
    )


def _parameter(module: str, node: ast.AnnAssign, text: str) -> Parameter:
    """Put together what the annotation says; a sentence below the field goes before an alias's."""
    said: dict[str, Any] = dict(_said(module, node.annotation))
    return Parameter(
        name=_target(node),
        type=cast("Scalar", said.get("type", "str")),
        default=ast.literal_eval(cast("ast.expr", node.value)),
        help=_first_sentence(text or said.get("help", "")),
        low=said.get("low"),
        high=said.get("high"),
        choices=said.get("choices", ()),
        unit=said.get("unit", ""),
    )


def _said(module: str, node: ast.expr) -> Iterator[tuple[str, Any]]:
    """What an annotation says, piece by piece: `Annotated[int | None, Between(1, 8)]`."""
    match node:
        case ast.Name(id=name) if name in SCALARS:
            yield "type", name
        case ast.Name(id=name):
            yield from _alias(_find(module, name))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=chosen):
            listed = chosen.elts if isinstance(chosen, ast.Tuple) else [chosen]
            yield "choices", tuple(map(ast.literal_eval, listed))
        case ast.Call(func=ast.Name(id="Between")):
            yield from _range(node)
        case ast.Subscript(slice=inner):
            yield from _said(module, inner)
        case ast.Tuple() | ast.BinOp():
            for part in ast.iter_child_nodes(node):
                yield from _said(module, cast("ast.expr", part))


def _alias(found: _Found) -> Iterator[tuple[str, Any]]:
    """What an alias stands for, and the sentence below it if it has one."""
    yield from _said(found.module, cast("ast.Assign", found.node).value)
    if found.text:
        yield "help", found.text


def _range(node: ast.Call) -> Iterator[tuple[str, Any]]:
    """Low, high and unit as `Between` was given them, by place or by name."""
    yield from zip(("low", "high", "unit"), map(ast.literal_eval, node.args), strict=False)
    for each in node.keywords:
        yield str(each.arg), ast.literal_eval(each.value)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.) (?=[A-Z])", " ".join(text.split()))[0]


def entries(module: str, table: str) -> list[tuple[str, ast.expr]]:
    """The entries of the literal dictionary that a module assigns, annotated or not."""
    for node in _parse(module).body:
        value = getattr(node, "value", None)
        if isinstance(value, ast.Dict) and _target(node) == table:
            return [
                (ast.literal_eval(cast("ast.expr", key)), item)
                for key, item in zip(value.keys, value.values, strict=True)
            ]
    raise LookupError(f"{table} of {module} is no literal dictionary")


def _find(module: str, name: str) -> _Found:
    """The class or assignment of this name, here or in the module that this one imports it from."""
    for node, text in _described(_parse(module).body):
        if _target(node) == name or (isinstance(node, ast.ClassDef) and node.name == name):
            return _Found(module, node, text)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return _find(node.module, alias.name)
    raise LookupError(f"{module} neither defines nor imports {name}")


def _described(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement with the text that stands below it, or none."""
    for node, below in pairwise([*body, ast.Pass()]):
        match below:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node, text
            case _:
                yield node, ""


def _target(node: ast.stmt) -> str:
    """The name that a statement assigns, annotated or not; empty if it is no such statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


@cache
def _parse(name: str) -> ast.Module:
    """Parse a module. `find_spec` of a top-level package does not execute it."""
    package, *rest = name.split(".")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise AnnotatorError(f"The package {package} is missing. Install certilabel again.")
    path = Path(spec.submodule_search_locations[0]).joinpath(*rest)
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))
