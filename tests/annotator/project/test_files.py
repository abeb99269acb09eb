"""Whole files: whoever reads finds the old content or the new one."""

import os
import subprocess
import sys
import threading

import pytest

from annotator.project.files import keep_files, laying, replacing, write_once


def test_a_body_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "kept"
    path.write_text("old")

    def half():
        with replacing(path) as file:
            file.write(b"new")
            raise RuntimeError("half")

    with pytest.raises(RuntimeError, match="half"):
        half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_that_is_killed_leaves_the_old_file(tmp_path):
    """Killed for real, between the last byte and the rename."""
    path = tmp_path / "kept"
    path.write_text("old")
    code = (
        "import os, sys; from pathlib import Path; from annotator.project.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as file:\n"
        "    file.write(b'new'); file.flush(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)]).returncode == -9
    assert path.read_text() == "old"


def test_readers_never_see_a_part(tmp_path):
    """A writer replaces a large file over and over while readers look."""
    path = tmp_path / "kept"
    letters = [bytes([65 + number]) * 300_000 for number in range(12)]
    seen, done = set(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(path.read_bytes())

    path.write_bytes(letters[0])
    reader = threading.Thread(target=read)
    reader.start()
    for content in letters:
        with replacing(path) as file:
            for start in range(0, len(content), 50_000):
                file.write(content[start : start + 50_000])
    done.set()
    reader.join()
    assert seen <= set(letters)


def test_of_many_that_write_once_the_first_stands(tmp_path):
    """Every other one is told, and leaves nothing behind."""
    path, told = tmp_path / "once", []

    def write(number):
        try:
            write_once(path, b"%d" % number)
        except FileExistsError:
            told.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted([*told, int(path.read_bytes())]) == list(range(8))
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_laid_is_whole_and_flushed_when_all_are(tmp_path, monkeypatch):
    """Nothing is flushed file by file; the old content stands until the new one does."""
    flushed, fsync = set(), os.fsync

    def note(handle):
        fsync(handle)
        flushed.add(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    paths = [tmp_path / str(number) for number in range(20)]
    for path in paths:
        with laying(path) as file:
            file.write(path.name.encode())
    assert flushed == set()
    keep_files(paths)
    assert flushed == {path.stat().st_ino for path in paths}
    with pytest.raises(TypeError), laying(paths[0]) as file:
        file.write("no bytes")
    assert [path.read_text() for path in paths] == [path.name for path in paths]
    assert len(list(tmp_path.iterdir())) == 20
    with pytest.raises(OSError, match="absent"):
        keep_files([tmp_path / "absent"])
