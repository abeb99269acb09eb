"""The borders between rooms: the linter refuses what crosses them, and starting stays light."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"

NEW = "not listed as layers"  # what is said of a module that has found no floor

# contract: (module, what it imports), each a crossing that the contract must refuse
CROSSINGS = {
    "The floors of annotator": [
        ("annotator.thing", NEW),
        ("annotator.store.labels", "annotator.service"),  # upwards
        ("annotator.importing.run", "annotator.export.rows"),  # sideways
    ],
    "The floors of ssl_core": [
        ("ssl_core.thing", NEW),
        ("ssl_core.types", "ssl_core.training.trainer"),
        ("ssl_core.methods.vat", "ssl_core.recipes.ensemble"),
    ],
    "ssl_core knows nothing of the app": [
        ("ssl_core.errors", "annotator.errors"),
        ("ssl_core.training.checkpoint", "sqlite3"),
    ],
    "Only the store speaks SQL": [
        ("annotator.asking.explore", "sqlite3"),
        ("annotator.thing", "sqlite_utils"),
    ],
    "Only the pages know Streamlit": [
        ("annotator.service.images", "streamlit"),
    ],
    "Only rounds know torch and ssl_core": [
        ("annotator.measuring.accuracy", "torch"),
        ("annotator.service.rounds", "ssl_core.acquire"),
        ("annotator.auditing.freezing", "torch"),
        ("annotator.auditing.freezing", "ssl_core.start"),
    ],
    "Only the driver knows Ray": [
        ("annotator.rounds.elsewhere.maker", "ray"),
        ("ssl_core.training.predict", "ray"),
    ],
    "Pages see the service, its nouns and its words": [
        ("annotator.ui.pages.data", "annotator.store"),
        ("annotator.ui.parts.map", "annotator.catalog.names"),
    ],
    "The command line goes through the service": [
        ("annotator.cli.rounds", "annotator.store"),
    ],
    "Simulations go through the service": [
        ("annotator.simulating.loop", "annotator.importing.truth"),
    ],
    "Methods and recipes never import each other": [
        ("ssl_core.methods.vat", "ssl_core.methods.uda"),
        ("ssl_core.methods.vat", "ssl_core.recipes.ensemble"),
        ("ssl_core.recipes.ensemble", "ssl_core.methods.vat"),
    ],
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Both packages and their rules, in a folder of their own."""
    copy = tmp_path_factory.mktemp("contracts") / "copy"
    copy.mkdir()
    for package in ("annotator", "ssl_core"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(tree: Path) -> tuple[int, str]:
    """Check the copy's own contracts on the copy's own files; return the exit code and the report.

    The cache is off: it would remember files that the next crossing has put back.
    """
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def broken(report: str) -> dict[str, str]:
    """What the report says of each contract that is broken."""
    _, _, told = report.partition("Broken contracts\n")
    lines = told.splitlines()
    titles = [i for i, line in enumerate(lines[1:]) if set(lines[i + 1]) == {"-"} and lines[i]]
    ends = [*titles[1:], len(lines)]
    return {
        lines[i].strip(): "\n".join(lines[i + 2 : end]) for i, end in zip(titles, ends, strict=True)
    }


def test_the_tree_as_it_is_keeps_every_contract(tree):
    """And the table above has crossings of each."""
    code, report = lint(tree)
    assert code == 0, report
    kept = {line.partition(" KEPT")[0] for line in report.splitlines() if " KEPT" in line}
    assert kept == set(CROSSINGS)


def test_whatever_crosses_a_border_is_refused_by_name(tree):
    """One crossing at a time: the contract that it breaks is named, and so are both modules."""
    for contract, crossings in CROSSINGS.items():
        for module, imported in crossings:
            line = "" if imported == NEW else f"import {imported}"
            code, report = lint_with(tree, module, line)
            told = broken(report).get(contract, "")
            words = [NEW, f"- {module}"] if imported == NEW else [f"{module} -> {imported}"]
            assert code == 1, f"{contract}: {module} may say '{line}'"
            assert [each for each in words if each not in told] == [], report
    assert lint(tree)[0] == 0


def lint_with(tree: Path, module: str, line: str) -> tuple[int, str]:
    """Check the tree with one line added to a module, which need not be there yet."""
    path = tree.joinpath(*module.split(".")).with_suffix(".py")
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        return lint(tree)
    finally:
        path.unlink() if before is None else path.write_text(before)


HEAVY = {"torch", "torchvision", "ssl_core", "sklearn", "streamlit", "pandas"}


def loaded(program: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after a program."""
    told = f"import sys\n{program}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return HEAVY & set(done.stdout.split())


def test_commands_service_and_worker_start_light():
    """Neither torch nor Streamlit nor pandas is waited for before anything happens.

    A node of a cluster, which only asks networks, does not wait for what trains and judges them.
    """
    assert loaded("import annotator.cli, annotator.service, annotator.worker") == set()
    assert loaded("import annotator.rounds.elsewhere.maker") == {"torch", "ssl_core"}


def test_no_page_loads_torch():
    """All that the app draws with; only the script that draws it cannot be imported alone."""
    files = sorted((ROOT / "annotator" / "ui").rglob("*.py"))
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    drawing = [name for name in modules if _draws(ROOT / f"{name.replace('.', '/')}.py")]
    assert drawing == ["annotator.ui.web.main"]
    others = [name.removesuffix(".__init__") for name in modules if name not in drawing]
    assert len(others) > 20
    found = loaded("\n".join(f"import {name}" for name in others))
    assert found - {"pandas"} == {"streamlit"}  # tables of pages are of pandas


def _draws(path: Path) -> bool:
    """Whether importing the file calls Streamlit by itself."""
    calls = [node.value for node in ast.parse(path.read_text()).body if isinstance(node, ast.Expr)]
    return any(isinstance(each, ast.Call) and "st." in ast.unparse(each.func) for each in calls)


def test_nobody_reaches_through_the_service():
    """What is behind it (its store, its workspace) is for its own files and those below."""
    reached = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("ui", "cli", "simulating")
        for path in (ROOT / "annotator" / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("store", "workspace", "db")
    }
    assert reached == set()
