"""The command line, in real processes: what it prints, what it refuses, how it exits."""

import csv
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from annotator.catalog import methods as catalog
from annotator.catalog import names
from annotator.service import Service
from tests import forks
from tests.annotator.small import source, truth

TRAINING = ("round", "simulate", "work")


def run(*arguments, code=0):
    done = forks.run(forks.COMMAND, *arguments, trains=arguments[0] in TRAINING)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def truth_file(folder, n, path):
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        files = sorted(folder.iterdir())
        named = [[each.relative_to(path.parent), truth(each.name)] for each in files]
        rows.writerows([["path", "label"], *named])
    assert len(list(folder.iterdir())) == n
    return path


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A workspace made and filled by the commands, and the truth beside it."""
    folder = tmp_path_factory.mktemp("made")
    pictures = source(folder / "pictures", 60)
    root = folder / "ws"
    options = "method=fixmatch", "steps=10", "preset=handwriting", "test_share=0.3"
    run("init", root, "--classes", "dark,light", *(f"--set={each}" for each in options))
    assert "60 added, 0 duplicates, 0 refused" in run("import", root, pictures).stdout
    assert "0 added, 60 duplicates" in run("import", root, pictures).stdout
    truth_file(pictures, 60, folder / "truth.csv")
    return folder


@pytest.fixture
def made(first, tmp_path):
    """A copy of it all: a workspace is a folder."""
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    return tmp_path / "ws", tmp_path / "truth.csv"


def test_simulate_plays_the_real_loop_and_leaves_the_workspace_as_it_was(made):
    """One JSON object a round, measured on the reserved test images."""
    root, answers = made
    told = run("simulate", root, "--truth", answers, "--rounds", 3, "--batch", 6, "--json").stdout
    laps = [json.loads(line) for line in told.splitlines()]
    assert [(lap["round"], lap["labels"]) for lap in laps] == [(1, 6), (2, 12), (3, 18)]
    wanted = {
        "round", "labels", "method", "test_accuracy", "test_interval", "baseline_accuracy",
        "pseudo_labels", "pseudo_ratio", "seconds",
    }  # fmt: skip
    assert wanted <= set(laps[0])
    for lap in laps:
        low, high = lap["test_interval"]
        assert 0 <= low <= lap["test_accuracy"] <= high <= 1
        assert lap["seconds"] > 0
    status = json.loads(run("status", root, "--json").stdout)
    assert (status["labeled"], status["rounds"], status["test"]) == (0, 0, laps[0]["test_labels"])


def test_the_kept_simulation_holds_one_true_label_an_image(made, tmp_path):
    """What the simulated expert answered is in the store, on the right images."""
    root, answers = made
    kept = tmp_path / "kept"
    shown = run(
        "simulate", root, "--truth", answers, "--rounds", 1, "--batch", 6, "--keep", kept
    ).stdout  # fmt: skip
    assert "Test accuracy" in shown
    service = Service.open(kept)
    names = {each.id: each.name for each in service.classes()}
    labels = service.store.labels.current()
    assert len(labels) == 6 + service.progress().test
    for label in labels:
        assert names[label.class_id] == truth(service.image(label.image_id).name)


def test_simulate_compares_policies_and_draws_them(made, tmp_path):
    """Each policy plays on the same test set, and labels on while it knows one class only."""
    root, answers = made
    chart = tmp_path / "curves.svg"
    told = run(
        "simulate", root, "--truth", answers, "--rounds", 1, "--batch", 1, "--policy",
        "random,cold_start", "--seed", 4, "--json", "--chart", chart,
        "--certify", 0.6, "--confidence", 0.6,
    )  # fmt: skip
    found = json.loads(told.stdout)
    assert [(lap["seed"], lap["policy"]) for lap in found["laps"]] == [
        (4, "random"), (4, "cold_start"),
    ]  # fmt: skip
    assert len({lap["test_labels"] for lap in found["laps"]}) == 1
    for lap, mean in zip(found["laps"], found["means"], strict=True):
        assert (lap["policy"], lap["test_accuracy"]) == (mean["policy"], mean["accuracy"])
        assert lap["labels"] >= 2  # one label alone can teach nothing: it went on to a second class
    assert "run 2 of 2: cold_start, seed 4" in told.stderr
    assert [each["policy"] for each in found["audits"]] == ["random", "cold_start"]
    for audit, lap in zip(found["audits"], found["laps"], strict=True):
        assert audit["round"] == lap["round"] == 1
        assert audit["verified"] == bool(audit["released"])
        assert audit["released"] or audit["told"][0].startswith("Nothing is certified at 60")
    assert chart.read_text().startswith("<svg")
    assert not list(root.glob(".simulation-*"))


@pytest.fixture
def begun(made):
    """Start simulations that have a copy by now; end what still runs."""
    root, answers = made
    running = []

    def begin():
        before = set(root.glob(".simulation-*"))
        options = ["--truth", answers, "--rounds", "50", "--batch", "2"]
        with Path(os.devnull).open("w") as nowhere:
            process = forks.Process(
                forks.COMMAND, "simulate", root, *options, out=nowhere, err=nowhere, trains=True
            )
        running.append(process)
        until = time.time() + 60
        while not (new := [f for f in root.glob(".simulation-*/*/*/*.db") if _of(f) not in before]):
            assert time.time() < until
            time.sleep(0.1)
        return process, _of(new[0])

    yield begin
    for process in running:
        process.terminate()
        process.wait()


def _of(database):
    """The simulation's folder of a copy's database."""
    return database.parents[2]


def test_a_simulation_that_is_told_to_end_removes_its_copy(begun):
    """SIGTERM, as a batch system sends it, is no different from Ctrl-C."""
    process, copy = begun()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    assert not copy.exists()


def test_the_next_simulation_removes_what_a_killed_one_left_and_nothing_that_lives(begun):
    """A process that is killed cannot clean up; one that plays beside is left alone."""
    killed, left = begun()
    killed.kill()
    killed.wait()
    assert left.exists()
    lives, kept = begun()
    assert not left.exists()
    begun()
    assert lives.poll() is None
    assert kept.exists()


def test_a_truth_with_gaps_is_said_and_fills_every_batch(made, tmp_path):
    """Questions without an answer are passed over, not counted, until there are enough."""
    root, answers = made
    half = tmp_path / "half.csv"
    lines = answers.read_text().splitlines()
    half.write_text("\n".join(lines[:31]) + "\n")
    told = run("simulate", root, "--truth", half, "--rounds", 2, "--batch", 6, "--json")
    assert "knows 30 of 60 images" in told.stderr
    laps = [json.loads(line) for line in told.stdout.splitlines()]
    assert [lap["labels"] for lap in laps] == [6, 12]


def test_a_round_from_the_command_line_waits_and_reports(made):
    """`round --method … --set …` trains with what it was told."""
    root, answers = made
    run("import", root, answers)
    told = run("round", root, "--method", "pseudo_label", "--set", "threshold=0.6").stdout
    assert "test accuracy" in told
    [done] = Service.open(root).rounds()
    assert (done.method, done.params) == ("pseudo_label", {"threshold": 0.6})


def test_policies_are_listed_with_what_each_asks_first():
    """One line each, in the order of the table, even where the terminal is narrow."""
    told = run("policies").stdout.splitlines()
    assert told == [f"{name}  {text}" for name, text in names.asks().items()]


def test_work_once_does_one_job(made):
    """`work --once` ends after the job that the import left."""
    root, _ = made
    assert "One job is done" in run("work", root, "--once").stdout
    assert "Nothing to do" in run("work", root, "--once").stdout


def test_export_writes_what_status_counts(made, tmp_path):
    """Sixty labels that came with a CSV, in the exported one."""
    root, answers = made
    run("import", root, answers)
    run("export", root, tmp_path / "out", "--format", "csv")
    with (tmp_path / "out" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == json.loads(run("status", root, "--json").stdout)["labeled"] == 60
    assert all(row["label"] == truth(row["name"].split("/")[-1]) for row in rows)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A small workspace that no mistake changes, and the truth beside it."""
    folder = tmp_path_factory.mktemp("few")
    pictures = source(folder / "pictures", 6)
    Service.create(folder / "ws", ["dark", "light"]).import_source(pictures)
    return folder / "ws", truth_file(pictures, 6, folder / "truth.csv")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["status", "{tmp}/nowhere"], "certilabel init"),
        (["import", "{root}", "{tmp}/nowhere"], "nowhere"),
        (["round", "{root}"], "two classes"),
        (["round", "{root}", "--method", "fixmach"], "Did you mean 'fixmatch'"),
        (["round", "{root}", "--regime", "fast"], "auto, finetune, frozen"),
        (["round", "{root}", "--set", "treshold=0.9"], "treshold"),
        (["round", "{root}", "--set", "threshold"], "NAME=VALUE"),
        (["init", "{tmp}/new", "--classes", "a,b", "--set", "preset=xry"], "xray"),
        (["init", "{tmp}/new", "--classes", "a,b", "--set", "steps=many"], "from 1 to 10,000,000"),
        (["init", "{root}", "--classes", "a,b"], "ws"),
        (["init", "{tmp}/new", "--classes", "a,b, a"], "named twice"),
        (["init", "{tmp}/new", "--classes", "a,b", "--set", "seed=-1"], "seed is -1"),
        (["simulate", "{root}", "--truth", "{truth}", "--seed", "-1"], "seed is -1"),
        (["simulate", "{root}", "--truth", "{truth}", "--method", "fixmach"], "fixmatch"),
        (["simulate", "{root}", "--truth", "{truth}", "--set", "members=all"], "ensemble"),
        (["simulate", "{root}", "--truth", "{tmp}/none.csv"], "none.csv: No such file"),
        (["simulate", "{root}", "--truth", "{truth}", "--policy", "entrpy"], "entropy"),
        (["simulate", "{root}", "--truth", "{truth}", "--policy", "margin,foo"], "cold_start"),
        (["simulate", "{root}", "--truth", "{truth}", "--chart", "{tmp}/a.png"], ".svg or .html"),
        (["simulate", "{root}", "--truth", "{truth}", "--certify", "95"], "target is 95"),
        (["simulate", "{root}", "--truth", "{truth}", "--budget", "9"], "--certify 0.95"),
        (
            ["simulate", "{root}", "--truth", "{truth}", "--seeds", "2", "--keep", "{tmp}/k"],
            "--keep holds one",
        ),
        (["export", "{root}", "{tmp}/out", "--format", "xlsx"], "parquet"),
        (
            ["export", "{root}", "{tmp}/out", "--format", "jsonl", "--safe-cells"],
            "one of csv, folder, yolo",
        ),
        (["export", "{root}", "{tmp}/out", "--threshold", "7"], "between 0 and 1"),
        (["serve", "{tmp}/nowhere"], "certilabel init"),
        (["demo", "--data", "{tmp}", "--images", "200", "--workspace", "{tmp}/d"], "comes whole"),
        (["demo", "--data", "{tmp}/nowhere", "--workspace", "{tmp}/d"], "no folder"),
    ],
)
def test_a_mistake_is_one_clear_line_and_code_two(
    few, tmp_path, capfd, monkeypatch, arguments, words
):
    """No traceback, the thing named, the choices or the way out."""
    from annotator import cli

    root, answers = few
    filled = [each.format(tmp=tmp_path, root=root, truth=answers) for each in arguments]
    monkeypatch.setattr(sys, "argv", ["certilabel", *filled])
    with pytest.raises(SystemExit) as end:
        cli.main()
    told = capfd.readouterr().err
    assert end.value.code == 2
    assert words in told.replace("\n", " ")
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "new").exists()  # the command can be given again, without the mistake


def test_methods_says_what_each_parameter_may_be():
    """Default, range and sentence on a line; a number out of its range is refused by that range."""
    lines = run("methods").stdout.splitlines()
    for info in catalog.methods():
        for each in info.parameters:
            allowed = f"({each.low:,.12g} to {each.high:,.12g}" if each.type != "bool" else ""
            start = f"    {each.name}={each.default}  {allowed}"
            assert any(line.startswith(start) and line.endswith(each.help) for line in lines)


def test_a_parameter_out_of_its_range_is_refused_before_a_round(made):
    """By name, with the range, on one line."""
    said = run("round", made[0], "--method", "vat", "--set", "xi=0", code=2).stderr
    assert "vat: xi must be a number from 1e-06 to 1,000 units of the input, not '0'" in said
