"""The log: one object a line from many processes, bounded, and never a reason to stop."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from annotator.project import log as logs
from annotator.project.log import KEPT, Log, request_id, requested, rotated, working_on


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "certilabel.log")


def lines(log):
    return [json.loads(line) for line in log.path.read_text().splitlines()]


def test_a_line_says_what_when_where_and_for_whom(log):
    """One JSON object, times in UTC, whatever is in the text."""
    with requested("r1"), working_on(7, "r0"):
        log.write("step", message='a "quoted"\nline of süß', share=0.5)
    [line] = lines(log)
    assert {key: line[key] for key in ("event", "level", "request", "job", "process")} == {
        "event": "step", "level": "info", "request": "r0", "job": 7, "process": os.getpid(),
    }  # fmt: skip
    assert line["message"] == 'a "quoted"\nline of süß'
    assert line["at"].endswith("Z")
    assert len(line["at"]) == len("2026-01-02T03:04:05.678Z")


def test_a_request_keeps_its_id_all_the_way_down(log):
    """What is called inside has the same one; what comes after has another."""
    with requested() as outer:
        with requested() as inner:
            assert inner == outer == request_id()
        log.write("a")
    assert request_id() == ""
    with requested() as other:
        assert other != outer
    assert [line["request"] for line in lines(log)] == [outer]


def test_an_exception_is_written_with_where_it_came_from(log):
    """Also what it came of."""
    try:
        try:
            raise KeyError("deep")
        except KeyError as cause:
            raise RuntimeError("wide") from cause
    except RuntimeError as problem:
        log.failure("job failed", problem)
    [line] = lines(log)
    assert line["error"] == "RuntimeError: wide"
    assert "KeyError: 'deep'" in line["trace"]
    assert "test_log.py" in line["trace"]


def test_several_processes_write_whole_lines_and_lose_none_while_files_change(log):
    """Four at once, files of 20 kB: every line is there once and can be read."""
    code = (
        "import sys; from pathlib import Path; from annotator.project import log\n"
        "log.MOST_BYTES = 20_000\n"
        "for n in range(80): log.Log(Path(sys.argv[1])).write('x', n=n, who=sys.argv[2], p='y'*50)"
    )
    with ThreadPoolExecutor(4) as pool:
        commands = [[sys.executable, "-c", code, str(log.path), str(who)] for who in range(4)]
        list(pool.map(lambda command: subprocess.run(command, check=True), commands))
    files = [log.path, *log.path.parent.glob("certilabel.log.*")]
    found = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    kept = {(line["who"], line["n"]) for line in found}
    assert len(kept) == len(found), "a line is there twice"
    assert kept == {(str(who), n) for who in range(4) for n in range(80)}
    assert len(files) <= KEPT + 1


def test_the_lines_of_a_job_are_found_in_all_files(log, monkeypatch):
    """In order, not those of job 12 for job 1, and no more than asked for."""
    monkeypatch.setattr(logs, "MOST_BYTES", 2000)
    for number in range(40):
        with working_on(1 if number % 2 else 12, "r"):
            log.write("step", n=number)
    files = [log.path, *log.path.parent.glob("certilabel.log.*")]
    assert max(file.stat().st_size for file in files) <= 2000
    found = [line["n"] for line in log.of_job(1)]
    assert found == sorted(found)
    assert found[-1] == 39
    assert len(found) > 10, "it looks into the files before this one"
    assert all(n % 2 for n in found)
    assert [line["n"] for line in log.of_job(1, most=2)] == [37, 39]
    log.write("asked for", job=1)
    assert log.of_job(1)[-1]["event"] == "asked for"


def test_a_line_that_was_cut_is_passed_over(log):
    """A full disk, or a kill, leaves half of one."""
    with working_on(3, ""):
        log.write("whole")
    with log.path.open("a") as file:
        file.write('{"at": "x", "job": 3, "ev')
    assert [line["event"] for line in log.of_job(3)] == ["whole"]


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path):
    """Its folder is gone, or it is one itself."""
    Log(tmp_path / "absent" / "certilabel.log").write("x")
    (tmp_path / "certilabel.log").mkdir()
    Log(tmp_path / "certilabel.log").write("x")
    assert Log(tmp_path / "certilabel.log").of_job(1) == []


def test_only_its_owner_reads_it(log):
    """It names images."""
    log.write("x")
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_a_text_that_has_grown_too_long_gets_a_number(tmp_path, monkeypatch):
    """The one beside it is what the worker prints."""
    monkeypatch.setattr(logs, "MOST_BYTES", 10)
    path = tmp_path / "worker.log"
    rotated(path)
    path.write_text("short")
    rotated(path)
    assert path.read_text() == "short"
    path.write_text("longer than that")
    rotated(path)
    assert not path.exists()
    assert (tmp_path / "worker.log.1").read_text() == "longer than that"
