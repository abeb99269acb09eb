"""Source that is looked at and never run: modules, literal tables, and where a name is defined."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import cast

from annotator.errors import AnnotatorError


@dataclass(frozen=True, slots=True)
class Found:
    """A definition: the module it is in, the statement, and the sentence below it."""

    module: str
    node: ast.stmt
    text: str


@cache
def parse(name: str) -> ast.Module:
    """Parse a module. `find_spec` of a top-level package does not execute it."""
    package, *rest = name.split(".")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise AnnotatorError(f"The package {package} is missing. Install certilabel again.")
    path = Path(spec.submodule_search_locations[0]).joinpath(*rest)
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def described(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement with the text that stands below it, or none."""
    for node, below in pairwise([*body, ast.Pass()]):
        match below:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node, text
            case _:
                yield node, ""


def target(node: ast.stmt) -> str:
    """The name that a statement assigns, annotated or not; empty if it is no such statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def entries(module: str, table: str) -> list[tuple[str, ast.expr]]:
    """The entries of the literal dictionary that a module assigns, annotated or not."""
    for node in parse(module).body:
        value = getattr(node, "value", None)
        if isinstance(value, ast.Dict) and target(node) == table:
            return [
                (ast.literal_eval(cast("ast.expr", key)), item)
                for key, item in zip(value.keys, value.values, strict=True)
            ]
    raise LookupError(f"{table} of {module} is no literal dictionary")


def find(module: str, name: str) -> Found:
    """The class or assignment of this name, here or in the module that this one imports it from."""
    for node, text in described(parse(module).body):
        if target(node) == name or (isinstance(node, ast.ClassDef) and node.name == name):
            return Found(module, node, text)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return find(node.module, alias.name)
    raise LookupError(f"{module} neither defines nor imports {name}")
