"""Hyper-parameters of a class as its fields declare them: type, default, range, choices, help."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Literal, cast

from annotator.catalog.source import Found, described, find, target
from annotator.model import Parameter

Scalar = Literal["float", "int", "bool", "str"]

SCALARS = ("float", "int", "bool", "str")


def parameters(found: Found) -> tuple[Parameter, ...]:
    """The fields with a default, in their order; those of a base class are declared anew."""
    return tuple(
        _parameter(found.module, node, text)
        for node, text in described(cast("ast.ClassDef", found.node).body)
        if isinstance(node, ast.AnnAssign)
        and node.value is not None
        and not ast.unparse(node.annotation).startswith("ClassVar")
    )


def _parameter(module: str, node: ast.AnnAssign, text: str) -> Parameter:
    """Put together what the annotation says; a sentence below the field goes before an alias's."""
    said: dict[str, Any] = dict(_said(module, node.annotation))
    return Parameter(
        name=target(node),
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
            yield from _alias(find(module, name))
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


def _alias(found: Found) -> Iterator[tuple[str, Any]]:
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
