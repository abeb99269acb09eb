"""The runner of benchmarks: it finds them, runs them one by one, and says which failed."""

import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parents[1] / "benchmarks" / "run.py"


@pytest.fixture
def folder(tmp_path):
    """The runner beside a benchmark that works and one that fails."""
    (tmp_path / "run.py").write_text(RUN.read_text())
    (tmp_path / "good.py").write_text("print('| a table |')")
    (tmp_path / "bad.py").write_text("raise SystemExit(3)")
    return tmp_path


def run(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run the runner on the named benchmarks."""
    command = [sys.executable, folder / "run.py", *names]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_one_failure_does_not_hide_the_other_tables(folder):
    """The good table is printed, the bad name is told, the status is not 0."""
    done = run(folder)
    assert done.returncode == 1
    assert "| a table |" in done.stdout
    assert "Failed: bad" in done.stderr


def test_named_benchmarks_run_alone(folder):
    """Only what was asked for runs."""
    done = run(folder, "good")
    assert done.returncode == 0
    assert "# good" in done.stdout
    assert "# bad" not in done.stdout


def test_an_unknown_benchmark_is_named_with_the_choices(folder):
    """Nothing runs, and the likeliest meaning is offered."""
    done = run(folder, "god")
    assert done.returncode == 2
    assert "Did you mean 'good'" in done.stderr
    assert done.stdout == ""
