"""Scripts are checked where Node is; elsewhere one line says that they are not, and CI fails."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def check_scripts_without_node(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    """Run the target with nothing on the path but what it takes to say something."""
    for name in ("make", "echo"):
        found = shutil.which(name)
        if not found:
            pytest.skip(f"no {name} here")
        (folder / name).symlink_to(found)
    # Beneath another make, as in `make test`, it would also say where it is
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "scripts"],
        cwd=ROOT,
        env={**own, "PATH": str(folder), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("ci", ["", "0", "false"])
def test_without_node_one_line_says_that_scripts_are_not_checked(tmp_path, ci):
    """A developer of Python files needs no Node."""
    run = check_scripts_without_node(tmp_path, ci)
    assert run.returncode == 0
    assert run.stdout.count("\n") == 1
    assert "not checked" in run.stdout


def test_without_node_ci_fails(tmp_path):
    """There it would hide that nothing was checked."""
    run = check_scripts_without_node(tmp_path, "true")
    assert run.returncode != 0
    assert "install Node" in run.stderr
