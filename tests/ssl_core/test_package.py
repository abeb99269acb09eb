"""What the package offers at its top, and that it waits for nothing until it is used."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from mypy import api

import ssl_core
from ssl_core import METHODS, RECIPES

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "torchvision", "sklearn", "scipy"}


def loaded(code):
    """Which of the heavy packages a fresh interpreter has loaded after this code."""
    asked = f"import sys; {code}; print(*{HEAVY} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_waits_for_nothing():
    """A script that may not need torch does not pay for it; it is loaded with the first name."""
    assert loaded("import ssl_core; dir(ssl_core)") == set()
    assert loaded("import ssl_core; ssl_core.SSLError") == set()
    assert "torch" in loaded("from ssl_core import FixMatch")


def test_policies_stand_alone():
    """They take arrays: whoever asks by them in code of his own needs no torch."""
    assert "torch" not in loaded("import ssl_core.acquire")


@pytest.mark.parametrize("name", ssl_core.__all__)
def test_every_name_is_where_the_table_says(name):
    """And it is that very thing, also when it is asked for again."""
    there = getattr(import_module(ssl_core.HOMES[name]), name)
    assert getattr(ssl_core, name) is there
    assert getattr(ssl_core, name) is there


def test_the_table_the_exports_and_the_static_imports_are_the_same():
    """A name that is missing in one of them would load, but have no type, or the other way."""
    stub = ast.parse(Path(ssl_core.__file__).with_suffix(".pyi").read_text())
    static = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    typed = {each.names[0].name: each.module for each in static}
    stars = [each.module for each in static if each.names[0].name == "*"]
    assert stars == list(ssl_core.KINDS)
    assert {name: home for name, home in typed.items() if name != "*"} == ssl_core.HOMES
    assert sorted(ssl_core.__all__) == sorted(ssl_core.HOMES)
    assert set(ssl_core.__all__) <= set(dir(ssl_core))


@pytest.mark.parametrize("kind", [*METHODS.values(), *RECIPES.values()], ids=lambda k: k.__name__)
def test_every_method_and_recipe_is_there_by_the_name_of_its_class(kind):
    """`from ssl_core import MeanTeacher`: as the table of its package has it."""
    assert getattr(ssl_core, kind.__name__) is kind


def test_the_type_checker_knows_the_class_of_every_method_and_recipe(tmp_path):
    """Its own constructor's types, and no name that is not there."""
    kinds = [kind.__name__ for kind in (*METHODS.values(), *RECIPES.values())]
    script = tmp_path / "typed.py"
    lines = [f"reveal_type(ssl_core.{name})" for name in [*kinds, "NoSuchMethod"]]
    script.write_text("\n".join(["import ssl_core", *lines]))
    told, _, _ = api.run(["--config-file", str(ROOT / "pyproject.toml"), str(script)])
    *known, unknown, _, _ = told.splitlines()
    for name, line in zip(kinds, known, strict=True):
        assert line.endswith(f'{name}"'), line
    assert 'no attribute "NoSuchMethod"' in unknown


def test_a_name_that_is_not_there_is_an_import_error():
    """As in any package."""
    with pytest.raises(ImportError):
        from ssl_core import NoSuchMethod  # noqa: F401
