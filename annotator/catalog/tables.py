"""What ssl_core offers, read from its source: a page or a command line never waits for torch.

The tables and constructors of ssl_core are literal on purpose: reading them with `ast` takes
milliseconds where importing torch takes seconds. Nothing is executed, and a test holds this
reading against the imported truth.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from annotator.errors import AnnotatorError, unknown
from annotator.model import MethodInfo, Parameter

Scalar = Literal["float", "int", "bool", "str"]

SCALARS = ("float", "int", "bool", "str")


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
    return tuple(
        MethodInfo(name, kind, _summary(node), _parameters(node))
        for name, node in _classes(package, table)
    )


def _keys(module: str, table: str) -> tuple[str, ...]:
    """The keys of a literal dictionary, in its order."""
    return tuple(name for name, _ in _entries(module, table))


def _texts(module: str, table: str) -> dict[str, str]:
    """A literal dictionary from names to sentences, in its order."""
    return {name: str(ast.literal_eval(value)) for name, value in _entries(module, table)}


def _classes(module: str, table: str) -> list[tuple[str, ast.ClassDef]]:
    """The entries of a literal dictionary from names to classes, in its order."""
    return [
        (name, _class(module, cast("ast.Name", value).id))
        for name, value in _entries(module, table)
    ]


def _summary(node: ast.ClassDef) -> str:
    """The first line of a class's docstring."""
    return (ast.get_docstring(node) or "").partition("\n")[0]


def _parameters(node: ast.ClassDef) -> tuple[Parameter, ...]:
    """The keyword-only parameters of a class's own constructor, with the docstring's help."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            helps = _args(ast.get_docstring(node)) | _args(ast.get_docstring(item))
            ranges = _ranges(item)
            return tuple(
                Parameter(
                    arg.arg,
                    _scalar(arg),
                    _default(default),
                    helps.get(arg.arg, ""),
                    *ranges.get(arg.arg, (None, None)),
                )
                for arg, default in zip(item.args.kwonlyargs, item.args.kw_defaults, strict=True)
            )
    return ()


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


def _entries(module: str, table: str) -> list[tuple[str, ast.expr]]:
    """The entries of the literal dictionary that a module assigns, annotated or not."""
    for node in _parse(module).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if isinstance(value, ast.Dict) and table in [getattr(name, "id", "") for name in targets]:
            return [
                (ast.literal_eval(cast("ast.expr", key)), item)
                for key, item in zip(value.keys, value.values, strict=True)
            ]
    raise LookupError(f"{table} of {module} is no literal dictionary")


def _class(module: str, name: str) -> ast.ClassDef:
    """The class of this name, here or in the module that this one imports it from."""
    for node in _parse(module).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return _class(node.module, alias.name)
    raise LookupError(f"{module} neither defines nor imports the class {name}")


def _scalar(arg: ast.arg) -> Scalar:
    """The scalar type that an annotation names: `int | None` is an int, a Literal is a str."""
    words = re.findall(r"\w+", ast.unparse(arg.annotation)) if arg.annotation else []
    return cast("Scalar", next((word for word in words if word in SCALARS), "str"))


def _default(node: ast.expr | None) -> Any:
    return None if node is None else ast.literal_eval(node)


def _ranges(constructor: ast.FunctionDef) -> dict[str, tuple[float, float]]:
    """The ranges that a constructor checks: `within("threshold", threshold, 0, 1)`."""
    ranges = {}
    for node in ast.walk(constructor):
        match node:
            case ast.Call(
                func=ast.Name(id="within" | "each_within"),
                args=[ast.Constant(value=str(name)), _, low, high],
            ):
                ranges[name] = (ast.literal_eval(low), ast.literal_eval(high))
    return ranges


def _args(docstring: str | None) -> dict[str, str]:
    """The first sentence about each parameter in a Google docstring's `Args:` section."""
    _, _, section = (docstring or "").partition("Args:\n")
    helps: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        if not line.startswith(" "):
            break
        if found := re.match(r"    (\w+)(?: \([^)]*\))?: (.*)", line):
            name, helps[found[1]] = found[1], found[2]
        elif name:
            helps[name] += " " + line.strip()
    return {name: re.split(r"(?<=\.) (?=[A-Z])", text)[0] for name, text in helps.items()}
