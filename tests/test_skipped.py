"""The rule that CI skips no browser test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RULE = Path(__file__).with_name("skipped.py")
TESTS = """
import pytest

@pytest.mark.browser
def test_page():
    pytest.skip("no browser here")

def test_other():
    pytest.skip("not wanted")
"""
MODULE = "import pytest\npytest.skip('no browser at all', allow_module_level=True)\n"


def outcome(folder: Path, ci: str) -> tuple[int, str]:
    """Run the tests in `folder` under our rule; return the exit code and the output."""
    (folder / "conftest.py").write_text(RULE.read_text())
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser: needs Chromium\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs"],
        cwd=folder,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


def test_a_skipped_browser_test_fails_in_ci(tmp_path):
    """Its reason stays readable, and other tests may still be skipped."""
    (tmp_path / "test_it.py").write_text(TESTS)
    code, output = outcome(tmp_path, "true")
    assert code == 1
    assert "1 failed, 1 skipped" in output
    assert "no browser here" in output


@pytest.mark.parametrize("ci", ["", "false"])
def test_a_skipped_browser_test_passes_elsewhere(tmp_path, ci):
    """A developer without Chromium sees skips."""
    (tmp_path / "test_it.py").write_text(TESTS)
    code, output = outcome(tmp_path, ci)
    assert code == 0
    assert "2 skipped" in output


def test_a_browser_module_that_skips_itself_fails_in_ci(tmp_path):
    """A skip before any test exists counts too."""
    (tmp_path / "browser").mkdir()
    (tmp_path / "browser" / "test_it.py").write_text(MODULE)
    code, output = outcome(tmp_path, "true")
    assert code != 0
    assert "no browser at all" in output
