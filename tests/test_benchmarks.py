"""The runner of benchmarks: it finds them, runs them one by one, and says which failed."""

import json
import os
import platform
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

RUN = Path(__file__).parents[1] / "benchmarks" / "run.py"


@pytest.fixture
def folder(tmp_path):
    """The runner beside a benchmark that works and one that fails."""
    (tmp_path / "run.py").write_text(RUN.read_text())
    shutil.copytree(RUN.with_name("recording"), tmp_path / "recording")
    (tmp_path / "good.py").write_text(
        "print('| a | table |\\n|---|---|\\n| b | 1.5 |\\nand words')"
    )
    (tmp_path / "bad.py").write_text("raise SystemExit(3)")
    return tmp_path


def run(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run the runner on the named benchmarks."""
    command = [sys.executable, folder / "run.py", *names]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_one_failure_does_not_hide_the_other_tables(folder):
    """The good table is printed, the bad name is told, the status is not 0."""
    done = run(folder, "--full")
    assert done.returncode == 1
    assert "| a | table |" in done.stdout
    assert "Failed: bad" in done.stderr


def test_what_cannot_run_on_a_machine_is_named_and_is_no_failure(folder):
    """Such as the benchmark of a card where there is none."""
    (folder / "bad.py").write_text("raise SystemExit(77)")
    done = run(folder, "--full")
    assert done.returncode == 0
    assert "Not run, for want of what it needs: bad" in done.stderr
    assert "Failed" not in done.stderr


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_without_a_card_the_benchmark_of_cards_says_so_and_how_to_try_its_path(monkeypatch, capsys):
    """No number is made up, and its status says that nothing was measured."""
    monkeypatch.syspath_prepend(RUN.parent)
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    assert runpy.run_path(str(RUN.with_name("gpu.py")))["main"]() == 77
    said = capsys.readouterr()
    assert said.out == ""
    assert "There is no card here" in said.err
    assert "--device cpu --small" in said.err


def test_a_run_of_all_is_kept_with_its_machine_and_its_tables(folder):
    """One that fails is there too, and says so; what is not a table is left out."""
    done = run(folder, "--full")
    [file] = (folder / "history").glob("*-full.json")
    assert f"Kept: {file}" in done.stderr
    kept = json.loads(file.read_text())
    assert kept["machine"]["python"] == platform.python_version()
    assert {name: each["status"] for name, each in kept["benchmarks"].items()} == {
        "good": 0,
        "bad": 3,
    }
    good = kept["benchmarks"]["good"]
    assert good["tables"] == [{"head": ["a", "table"], "rows": [["b", "1.5"]]}]
    assert good["cpu"] > 0


READS = """
import argparse, json, runpy, sys
parse = argparse.ArgumentParser.parse_args
def read(self, args=None, namespace=None):
    parse(self, args, namespace)
    raise SystemExit(0)
argparse.ArgumentParser.parse_args = read
run = runpy.run_path(sys.argv[1])
ended = {}
for name, options in run["SMALL"].items():
    sys.argv = [name, *options]
    try:
        runpy.run_path(str(run["benchmarks"]()[name]), run_name="__main__")
    except SystemExit as end:
        ended[name] = end.code
print(json.dumps([list(run["SMALL"]), ended]))
"""


def test_at_small_scale_each_that_is_named_accepts_its_options():
    """All of these are there, and none would end in a line on how to use it."""
    command = [sys.executable, "-c", READS, str(RUN)]
    path = {"PYTHONPATH": os.pathsep.join([str(RUN.parent), str(RUN.parents[1])])}
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | path)
    names, ended = json.loads(done.stdout)
    assert ended == dict.fromkeys(names, 0), done.stderr


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


def test_slopes_and_limits_of_growth_are_read_off_what_was_measured(capsys, monkeypatch):
    """Ten times the images at ten times the cost is a slope of 1; of next to nothing none."""
    monkeypatch.syspath_prepend(RUN.parent)
    import growth

    assert growth.slope(2.0, 20.0, 10) == pytest.approx(1)
    assert growth.slope(2.0, 200.0, 10) == pytest.approx(2)
    assert growth.slope(0.001, 0.1, 10) is None
    cost = {"cpu": 4.0, "wall": 5.0, "memory": 100.0}
    few, many = (
        {"round": cost, "page Start": cost},
        {"round": cost | {"cpu": 400.0}, "page Start": cost | {"cpu": 0.2}},
    )
    missed = growth.table([100_000, growth.MILLION], {100_000: few, growth.MILLION: many})
    assert missed == ["round grows with a slope of 2.00", "round takes 400.00 s, at most 300.0"]
    assert "| round | 4 | 100 | 400 | 100 | 2.00 | 300.0 |" in capsys.readouterr().out
