"""What the code says: every text in it, with `{}` where something is put in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from annotator.ui.words.markup import texts
from tests.docs.pages import ROOT

UI = ROOT / "annotator" / "ui"
# Rooms whose refusals reach a page, but what only the command line asks of them
ROOMS = (
    "asking",
    "auditing",
    "catalog",
    "export",
    "importing",
    "project",
    "rounds",
    "service",
    "store",
)
UNSEEN = ("export/proof", "service/sending")
ERRORS = frozenset(
    f"{each}Error"
    for each in ("Annotator", "Workspace", "Importing", "Round", "Export", "PartlyIn")
)
ANY = "{}"
# Methods of Streamlit that show their first argument; and keywords that are shown
TEXTS = frozenset(
    ["title", "subheader", "markdown", "caption", "info", "warning", "error", "success", "write",
     "toast"]
)  # fmt: skip
FIRST = TEXTS | {
    "header", "metric", "checkbox", "button", "form_submit_button", "download_button",
    "link_button", "radio", "selectbox", "text_input", "text_area", "number_input", "slider",
    "file_uploader", "color_picker", "segmented_control", "pills", "expander", "spinner",
}  # fmt: skip
SHOWN = frozenset({"help", "placeholder", "text"})
CHART = frozenset({"X", "Y", "Color", "Tooltip"})  # parts of charts that have a title


def pages() -> list[Path]:
    """Every file of Python that draws."""
    return sorted(UI.rglob("*.py"))


def text_of(node: ast.AST) -> str:
    """The text of an expression, with `{}` for all that is not written there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{[^{}]*\}", ANY, node.value)  # `{:.2f}` of one that is filled later
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(each) for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return text_of(node.left) + text_of(node.right)
    return ANY


def called(node: ast.AST, name: str) -> bool:
    """Whether it is a call of a function of that name."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def written(path: Path) -> Iterator[str]:
    """All texts of a file of Python but its docstrings, and the nouns that it counts by."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)) and id(node) not in told:
            yield text_of(node)
        if called(node, "many"):
            one, *more = (text_of(each) for each in node.args[1:])  # type: ignore[attr-defined]
            yield from (f"{ANY} {one}", f"{ANY} {more[0] if more else f'{one}s'}")


def shown(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Each argument of a call that a person reads, with the name of what shows it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in FIRST and node.args and not isinstance(node.func.value, ast.Call):
                yield name, node.args[0]
            if name in CHART:
                yield from (("", each.value) for each in node.keywords if each.arg == "title")
            if name in FIRST or name == "progress":
                yield from (("", each.value) for each in node.keywords if each.arg in SHOWN)
        elif called(node, "link"):
            yield "link", node.args[1]  # type: ignore[attr-defined]


def bare(node: ast.AST) -> Iterator[str]:
    """The texts of an expression that are not looked up in the table."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        if re.search(r"[^\W\d_]{2}", re.sub(r":[\w/]+[:\[]", "", text_of(node).replace(ANY, ""))):
            yield text_of(node)
        parts = node.values if isinstance(node, ast.JoinedStr) else []
        for each in parts:
            if isinstance(each, ast.FormattedValue) and not isinstance(each.value, ast.Constant):
                yield from bare(each.value)
    else:
        for each in _branches(node):
            yield from bare(each)


def _branches(node: ast.AST) -> list[ast.expr]:
    """What of an expression may be shown, if it is put together here."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    return node.args[:1] if called(node, "plain") else []  # type: ignore[attr-defined]


def looked_up(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given to `_`."""
    for node in ast.walk(tree):
        if called(node, "_"):
            yield node.args[0]  # type: ignore[attr-defined]


def refusals(room: str) -> Iterator[str]:
    """What errors of a room say, for whoever can mend it."""
    for path in sorted((ROOT / "annotator" / room).rglob("*.py")):
        if path.relative_to(ROOT / "annotator").as_posix().startswith(UNSEEN):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ERRORS
                and node.args
            ):
                yield text_of(node.args[0])


def scripts() -> dict[str, str]:
    """The scripts of components by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in UI.rglob("*.js")}


def strings(script: str) -> list[str]:
    """The texts between double quotes in a script."""
    return re.findall(r'"((?:[^"\\\n]|\\.)*)"', _joined(script))


def _joined(script: str) -> str:
    """Without comments, and with each text that goes on in the next line as one."""
    return re.sub(r'" \+\n\s*"', "", re.sub(r"^\s*//.*$", "", script, flags=re.M))


def marked_up() -> list[str]:
    """What the markup of components says."""
    return [each for path in UI.rglob("*.html") for each in texts(path.read_text(encoding="utf-8"))]
