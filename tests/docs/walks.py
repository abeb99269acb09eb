"""The walks of the page on architecture, and what ties two files of the tree."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.docs.pages import ROOT

# Where classes of several files are put together -> who hands the whole out: whoever imports one
# of those calls the parts
WHOLES = {
    "annotator/service/service.py": ("annotator/service/__init__.py", "annotator/ui/web/opened.py"),
    "annotator/store/store.py": (
        "annotator/store/__init__.py",
        "annotator/service/opened.py",
        "annotator/rounds/job.py",
    ),
}


@dataclass(frozen=True)
class Hop:
    """One line of a walk."""

    depth: int  # columns that it is indented
    file: str
    names: tuple[str, ...]  # of the functions, `Class.method` or `function`
    part: int  # how many bridges are above it


@dataclass
class Walk:
    """The lines of one walk."""

    hops: list[Hop] = field(default_factory=list)
    bridges: list[str] = field(default_factory=list)  # what ties a part with the one before

    def ties(self) -> Iterator[tuple[Hop, Hop]]:
        """Pairs of Python files of which one calls the other: a line and the one it stands below.

        That is the nearest above that is indented less. Only the first of a part has none.
        """
        for place, hop in enumerate(self.hops):
            above = [each for each in self.hops[:place] if each.part == hop.part]
            upper = [each for each in above if each.depth < hop.depth]
            assert upper or not above, f"{hop.file} is called by no line above it"
            if upper and hop.file.endswith(".py"):
                yield upper[-1], hop


def walks(page: str) -> dict[str, Walk]:
    """Every walk of the page by its title, in order."""
    section = page.split("\n## Four walks\n")[1]
    found = {}
    for title, text in re.findall(r"^### (.+?)\n.*?^```text\n(.*?)^```", section, re.M | re.S):
        walk = found[title] = Walk()
        for line in text.splitlines():
            if line.startswith("~ "):
                walk.bridges.append(line[2:])
                continue
            file, names = line.split(maxsplit=1)
            depth = len(line) - len(line.lstrip())
            walk.hops.append(Hop(depth, file, tuple(names.split(", ")), len(walk.bridges)))
    return found


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text())


def defined(file: str) -> set[str]:
    """What a file defines: functions, classes, tables, and methods with or without their class."""
    if not file.endswith(".py"):
        text = (ROOT / file).read_text()
        return set(re.findall(r"^\s*(?:async )?(?:function )?(\w+)\([^)]*\) {", text, re.M))
    found: set[str] = set()
    for node in _tree(file).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
            found |= {*methods, *(f"{node.name}.{each}" for each in methods)}
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return found


def says(file: str, name: str) -> bool:
    """Whether a file has the name of a function, without its class, as a word."""
    return re.search(rf"\b{name.rpartition('.')[2]}\b", (ROOT / file).read_text()) is not None


def imports(file: str, other: str) -> bool:
    """Whether a file imports another: itself, from a package that does, or as a part of a whole."""
    seen = _imported(file)
    packages = {each for each in seen if each.endswith("/__init__.py")}
    wholes = {whole for whole, givers in WHOLES.items() if seen.intersection(givers)}
    return other in seen.union(*map(_imported, packages | wholes))


@cache
def _imported(file: str) -> frozenset[str]:
    """The files that a file itself imports, at its top or within a function."""
    found = set()
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        found |= {file for name in names if (file := _file(name))}
    return frozenset(found)


def _file(module: str) -> str | None:
    """The file of a module of ours."""
    path = Path(*module.split("."))
    for each in (path.with_suffix(".py"), path / "__init__.py"):
        if (ROOT / each).is_file():
            return each.as_posix()
    return None
